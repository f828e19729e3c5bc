"""Imports run one way, every folder has its place, and no file has a name that says nothing."""

import ast
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
FOLDERS = ("layers", "models", "data", "search", "results", "car_classifier")
MAY_IMPORT = {
    "layers": set(), "models": {"layers"}, "data": set(), "search": set(), "results": set(),
    "car_classifier": {"layers", "models", "data", "search", "results", "car_classifier"},
}
BACKENDS = {"tensorflow", "jax", "torch"}
DOORS = {  # heavy library: where it may be imported
    "matplotlib": "results/plots/", "optuna": "search/", "skopt": "search/", "ray": "search/",
    "keras_tuner": ("search/", "car_classifier/benchmarks/keras_tuner_search.py"),  # the latter measures it
    "albumentations": "data/", "grain": "data/", "simplejpeg": "data/", "sklearn": "results/", "typer": "car_classifier/",
    "rich": "car_classifier/",
}
FILES = sorted(path for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*.py"))


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _place(path):
    return path.relative_to(CHECKOUT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=_place)
def test_imports_run_one_way(path):
    folder, place = _place(path).split("/")[0], _place(path)
    for module in _imports(path):
        first = module.partition(".")[0]
        if place.startswith("car_classifier/base/"):
            assert first not in FOLDERS or module.startswith("car_classifier.base."), f"{place} imports {module}"
        elif first in FOLDERS and first != folder and not module.startswith("car_classifier.base."):
            assert first in MAY_IMPORT[folder], f"{place} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=_place)
def test_heavy_libraries_come_in_by_their_doors(path):
    place = _place(path)
    for module in _imports(path):
        first = module.partition(".")[0]
        assert first not in BACKENDS or place.startswith("car_classifier/backends/"), f"{place} imports {module}"
        assert place.startswith(DOORS.get(first, "")), f"{place} imports {module}"


def test_no_import_cycle():
    graph = {}
    modules = {_place(path)[:-3].replace("/", ".").removesuffix(".__init__"): path for path in FILES}
    for name, path in modules.items():
        graph[name] = {known for module in _imports(path) for known in (module, module.rpartition(".")[0]) if known in modules}
        graph[name].discard(name)
    done: set[str] = set()

    def visit(name, above):
        assert name not in above, f"cycle: {' → '.join([*above, name])}"
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, [*above, name])
            done.add(name)

    for name in graph:
        visit(name, [])


def test_names_say_something():
    empty = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [path for path in FILES if path.stem in empty]


def test_flat_names_of_settings_are_unique():
    from car_classifier.config import Config

    names = [name.rpartition(".")[2] for name, _ in Config().flat()]
    assert len(names) == len(set(names))
