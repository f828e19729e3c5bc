"""The frame around the work on a run, whatever the work is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from car_classifier.base.errors import InterruptedRun
from car_classifier.screen import LOG, log_to
from results.run_store import Run


@contextmanager
def working_on(run: Run) -> Iterator[None]:
    """Keep the run's log.txt while the block runs, note in the run how it ended, and let others work on it.

    Raises:
        InterruptedRun: somebody asked for the end; the same command goes on.
    """
    with log_to(run.folder / "log.txt"):
        LOG.info("%s: %s", "begins" if run.is_new else "goes on", " ".join(sys.argv[1:]))
        try:
            yield
            LOG.info("done")
        except (InterruptedRun, KeyboardInterrupt) as error:
            LOG.info("interrupted")
            run.stop("interrupted")
            number = getattr(error, "exit_status", 130) - 128
            raise InterruptedRun("Stopped; nothing is lost. The same command goes on from here.", number) from error
        except BaseException as error:
            LOG.info("failed: %s", error)
            run.stop("failed")
            raise
        finally:
            run.release()
