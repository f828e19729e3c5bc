"""A search of the cheap objective as a process of its own, which tests may kill: `python -m tests.search.coordinator JSON`.

The JSON holds `folder`, and may hold `job` and settings of the search. It prints the number of every trial that it records as
finished, and the process id of every worker that is ready.
"""

import json
import sys
from pathlib import Path
from typing import Any

from car_classifier.base.locks import lock_folder
from tests.search.searching import work


def _tell(kind: str, what: Any) -> None:
    if kind == "trial_finished":
        print("finished", what.number, flush=True)
    elif kind == "prepared":
        print("worker", what["process"], flush=True)


def main() -> None:
    """Search until the trials are done."""
    request = json.loads(sys.argv[1])
    folder = Path(request.pop("folder"))
    lock = lock_folder(folder)
    work(folder, request.pop("job", {}), listener=_tell, **request)
    lock.release()


if __name__ == "__main__":
    main()
