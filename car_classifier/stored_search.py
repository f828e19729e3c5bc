"""The page of a search, made anew from what its folder holds."""

import shlex
from pathlib import Path
from typing import Any

from car_classifier.base.files import read_json
from car_classifier.run_pictures import stored_config
from car_classifier.search_result import SearchResult
from results.run_store import Run
from results.search_report import write_search_report
from search.config import SearchConfig
from search.search_file import read_search
from search.store import SearchStore


def rewrite_search_report(folder: Path) -> None:
    """Write plots and report.html of a search, finished or not.

    Raises:
        RunInUseError: the search is going on.
        DataError: a record is missing or damaged.
    """
    content, config = read_search(folder), stored_config(folder)
    run = Run(folder, kind="search", config=read_json(folder / "config.json"))
    try:
        settings = SearchConfig(**{name: value for name, value in content.items() if name in SearchConfig.model_fields})
        result = SearchResult(run, settings, content["space"], config, frozenset(content["job"]["given"]),
                              _data_options(run.record, config.data.source), SearchStore(folder).trials())
        num_validation = read_json(folder / "data.json")["counts"]["validation"]
        write_search_report(result.record(num_validation=num_validation), folder)
    finally:
        run.release()


def _data_options(record: dict[str, Any], source: str) -> tuple[str, ...]:
    """Return the options that lead `train` to the same pictures: those of the command that the search ended with."""
    words = shlex.split(record.get("next") or "")
    if "--hyperparameters" not in words:
        return "--data", source
    return tuple(words[words.index("train") + 1 : words.index("--hyperparameters")])
