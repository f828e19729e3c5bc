"""The process of one training of a comparison: the ordinary command, which ends when the comparison does.

Usage: python -m car_classifier.comparison_member train --data demo …
"""

import os
import signal
import sys
import threading


def main() -> None:
    """Run the command line; stop as by Ctrl-C when stdin ends, that is when the comparison's process closes it or dies."""
    threading.Thread(target=_stop_with_the_comparison, daemon=True).start()
    from car_classifier.cli import main as run_command_line

    run_command_line()


def _stop_with_the_comparison() -> None:
    # Read without Python's buffer: a thread that waits inside it would block the end of the process.
    while os.read(sys.stdin.fileno(), 1):
        continue
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # before the command line answers it
        sys.exit(130)
