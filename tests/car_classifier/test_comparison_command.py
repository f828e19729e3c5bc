"""Comparisons from plan to verdict, with folders that look like trainings in the place of trainings."""

import subprocess
import sys
from dataclasses import replace

import pytest

from car_classifier import comparison_command
from car_classifier.base.errors import CarClassifierError, DataError, InterruptedRun, UserError
from car_classifier.base.files import read_json, write_json
from car_classifier.comparison_command import run_comparison
from car_classifier.comparison_of_runs import compare_runs
from car_classifier.comparison_options import CompareOptions, request_from_options
from car_classifier.comparison_plan import ComparisonRequest, VariantPlan, plan_members
from car_classifier.defaults import LATER_SETTINGS, jsonable
from models.registry import model_entry
from results.evaluated import Evaluated
from results.published import Published
from tests.car_classifier.picture_folder import draw_picture_folder
from tests.results.fake_training import FINGERPRINT, answers, make_training

FOUND = Published({"cars": 90.0})


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return draw_picture_folder(tmp_path_factory.mktemp("pictures") / "cars", train=5, test=1)


@pytest.fixture
def request_of(pictures, tmp_path):
    """Makes a request for variants, each a name and a dropout."""

    def make(seeds=(0, 1), **dropouts):
        variants = tuple(VariantPlan(name, {"model.dropout": dropout}) for name, dropout in dropouts.items())
        return ComparisonRequest(
            command="compare", title="Dropout", question="How much?", variants=variants, seeds=seeds,
            shared={"data.source": str(pictures), "model.name": "model1", "data.image_size": 16}, data_dir=tmp_path / "home",
            run=None, runs_dir=tmp_path / "runs",
        )

    return make


@pytest.fixture
def trained(monkeypatch):
    """Names of the trainings that were asked for; `fails` and `stops` name variants that do."""

    class FakeTraining:
        names, fails, stops, peak_memory = [], set(), set(), 5

        def __init__(self, log, stop, waiting):
            pass

        def train(self, member):
            if member.variant in self.stops:
                raise InterruptedRun("Stopped.", 2)
            if member.variant in self.fails:
                return 4, "out of memory"
            FakeTraining.names.append(member.folder.name)
            settings = jsonable(member.config)
            right = answers(0.5 + settings["model.dropout"], seed=settings["seed"])
            make_training(member.folder, right, settings=settings)
            return None

    monkeypatch.setattr(comparison_command, "MemberTraining", FakeTraining)
    return FakeTraining


def test_every_variant_is_trained_with_every_seed_and_compared(request_of, trained, tmp_path):
    summary = run_comparison(request_of(less=0.0, more=0.3))
    assert len(set(trained.names)) == 4 and summary["seeds"] == [0, 1] and summary["baseline"] == "less"
    content = read_json(tmp_path / "runs" / summary["run"].rpartition("/")[2] / "comparison.json")
    assert content["differences"][0]["distinguishable"] and content["question"] == "How much?"
    assert {member["reused"] for variant in content["variants"] for member in variant["members"]} == {False}
    assert content["variants"][0]["peak_memory"] == 5


def test_the_process_that_compares_loads_no_backend():
    code = ("import sys, car_classifier.comparison_command\n"
            "print([name for name in ('keras', 'tensorflow', 'jax', 'torch') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_same_command_again_shows_the_result_and_trains_nothing(request_of, trained):
    first = run_comparison(request_of(less=0.0, more=0.3))
    trained.names.clear()
    assert run_comparison(request_of(less=0.0, more=0.3)) == first and trained.names == []


@pytest.mark.parametrize("change", [
    {"title": "New"}, {"question": "New?"}, {"notes": ("A new note.",)},
    {"variants": (VariantPlan("more", {"model.dropout": 0.3}), VariantPlan("less", {"model.dropout": 0.0}, published=FOUND))},
])
def test_a_finished_comparison_that_is_asked_for_in_other_words_is_written_anew(request_of, trained, change):
    request = replace(request_of(less=0.0, more=0.3), run="named")
    run_comparison(request)
    trained.names.clear()
    asked = replace(request, **change)
    summary = run_comparison(asked)
    content = read_json(f"{summary['run']}/comparison.json")
    assert (content["title"], content["question"], content["notes"]) == (asked.title, asked.question, list(asked.notes))
    assert [one["name"] for one in content["variants"]] == [variant.name for variant in asked.variants]
    assert content["variants"][1]["published"] == (90.0 if asked.variants[1].published else None)
    assert summary["baseline"] == asked.variants[0].name and trained.names == []


def test_trainings_of_other_comparisons_are_reused(request_of, trained, tmp_path):
    run_comparison(request_of(less=0.0, more=0.3))
    trained.names.clear()
    summary = run_comparison(request_of(less=0.0, most=0.4))
    content = read_json(f"{summary['run']}/comparison.json")
    assert len(trained.names) == 2
    assert [one["members"][0]["reused"] for one in content["variants"]] == [True, False]


def test_runs_of_any_name_are_reused_and_the_comparison_keeps_its_own(request_of, trained, tmp_path):
    request, runs = request_of(less=0.0, more=0.3), tmp_path / "runs"
    run_comparison(request)
    planned = plan_members(request)
    planned[0].folder.rename(runs / "my-own")
    planned[2].folder.rename(runs / "damaged")
    (runs / "damaged" / "run.json").write_text("no record")
    assert [member.name for member in plan_members(request)] == [member.name for member in planned]
    trained.names.clear()
    summary = run_comparison(request_of(less=0.0, most=0.4))
    less = read_json(f"{summary['run']}/comparison.json")["variants"][0]["members"]
    assert [member["run"] for member in less] == [str(runs / "my-own"), str(planned[2].folder)]
    assert [member["reused"] for member in less] == [True, False]
    assert len(trained.names) == 3


def test_a_run_that_was_extended_is_not_taken_for_one_in_one_go(request_of, tmp_path):
    member = plan_members(request_of(less=0.0, more=0.3))[0]
    make_training(tmp_path / "runs" / "longer", answers(0.5, seed=0), settings=jsonable(member.config))
    record = read_json(tmp_path / "runs" / "longer" / "run.json")
    assert plan_members(request_of(less=0.0, more=0.3))[0].folder.name == "longer"
    write_json(tmp_path / "runs" / "longer" / "run.json", record | {"extensions": [{"from": 1, "to": 2}]})
    assert plan_members(request_of(less=0.0, more=0.3))[0].folder == member.folder


def test_variants_of_one_effect_are_refused_though_one_leaves_it_to_the_model(request_of):
    request = request_of(own=0.5, other=0.1)
    own = model_entry("model1").head.dropout
    variants = (VariantPlan("open", {}), VariantPlan("said", {"model.dropout": own}))
    with pytest.raises(UserError, match="'open' and 'said' have the same settings"):
        plan_members(replace(request, variants=variants))


def test_an_interrupted_comparison_goes_on_where_it_stopped(request_of, trained):
    trained.stops.add("more")
    with pytest.raises(InterruptedRun):
        run_comparison(request_of(less=0.0, more=0.3))
    before = list(trained.names)
    trained.stops.clear()
    summary = run_comparison(request_of(less=0.0, more=0.3))
    assert summary["status"] == "done" and len(trained.names) == 4 and trained.names[: len(before)] == before


def test_a_training_that_fails_costs_only_itself_and_is_tried_again(request_of, trained):
    trained.fails.add("most")
    with pytest.raises(CarClassifierError, match="2 of 6 trainings failed") as caught:
        run_comparison(request_of(less=0.0, more=0.3, most=0.4))
    assert caught.value.exit_status == 4
    trained.fails.clear()
    summary = run_comparison(request_of(less=0.0, more=0.3, most=0.4))
    assert len(summary["differences"]) == 2 and len(trained.names) == 6


def test_what_is_there_is_compared_though_a_variant_is_missing(request_of, trained, tmp_path):
    trained.fails.add("most")
    with pytest.raises(CarClassifierError):
        run_comparison(request_of(less=0.0, more=0.3, most=0.4))
    content = read_json(next((tmp_path / "runs").glob("compare-*")) / "comparison.json")
    assert [one["variant"] for one in content["differences"]] == ["more"]
    assert {one["variant"]: one["reason"] for one in content["failed"]} == {"most": "out of memory"}


def test_a_training_that_nobody_tested_is_evaluated_and_not_trained_again(request_of):
    member = plan_members(request_of(less=0.0, more=0.3))[0]
    make_training(member.folder, answers(0.5, seed=0), settings=jsonable(member.config), tested=False)
    assert not member.is_finished and member.argv[:4] == ("evaluate", member.folder.name, "--split", "test")


def test_a_training_of_an_earlier_version_with_fewer_settings_is_not_trained_again(request_of):
    member = plan_members(request_of(less=0.0, more=0.3))[0]
    settings = {name: value for name, value in jsonable(member.config).items() if name not in LATER_SETTINGS}
    make_training(member.folder, answers(0.5, seed=0), settings=settings, tested=False)
    assert member.argv[0] == "evaluate"


def test_a_training_that_was_tested_later_is_finished(request_of):
    member = plan_members(request_of(less=0.0, more=0.3))[0]
    make_training(member.folder, answers(0.5, seed=0), settings=jsonable(member.config), tested=False)
    later = Evaluated("cars", "test", FINGERPRINT, None).describe()
    write_json(member.folder / "evaluation.json", later | {"accuracy": 0.5})
    assert member.is_finished


def test_a_member_is_the_run_that_train_makes_of_its_command(request_of, tmp_path):
    member = plan_members(request_of(less=0.0, more=0.3))[0]
    assert member.folder.name.startswith("train-model1-cars-") and member.argv[-6:] == (
        "--run", member.folder.name, "--runs-dir", str(member.folder.parent), "--data-dir", str(tmp_path / "home")
    )
    assert ("--seed", "0") == member.argv[3:5] and "model.dropout=0.0" in member.argv


def test_different_budgets_are_said(request_of, trained):
    request = request_of(less=0.0, more=0.3)
    assert run_comparison(request)["notes"] == []
    longer = VariantPlan("longer", {"training.epochs": 50, "model.dropout": 0.1})
    summary = run_comparison(ComparisonRequest(**{**vars(request), "variants": (*request.variants, longer)}))
    assert summary["notes"][0].startswith("The budgets differ, in epochs at most: less: 30; more: 30; longer: 50. Pass")


def test_data_without_a_test_split_are_refused(request_of, pictures):
    request = request_of(a=0.1, b=0.2)
    shared = {**request.shared, "data.source": str(pictures / "train")}
    with pytest.raises(DataError, match=r"(?s)has no test split.*--set data\.test_fraction=0\.2"):
        plan_members(ComparisonRequest(**{**vars(request), "shared": shared}))


def test_a_share_set_apart_is_a_test_split(request_of, pictures):
    request = request_of(a=0.1, b=0.2)
    shared = {**request.shared, "data.source": str(pictures / "train"), "data.test_fraction": 0.2}
    members = plan_members(ComparisonRequest(**{**vars(request), "shared": shared}))
    assert len(members) == 4 and all("data.test_fraction=0.2" in member.argv for member in members)


@pytest.mark.parametrize(("folder", "name", "values"), [
    ("train", "data.test_fraction", (0.2, 0.4)), (".", "data.classes", (None, ("blue car", "red car"))),
])
def test_variants_that_would_be_tested_on_other_pictures_are_refused_before_any_training(
    request_of, pictures, folder, name, values
):
    request = request_of()
    variants = tuple(VariantPlan(letter, {name: value}) for letter, value in zip("ab", values, strict=True))
    shared = {**request.shared, "data.source": str(pictures / folder)}
    with pytest.raises(UserError, match=rf"'a' and 'b' would be tested on different pictures or classes.*: {name}="):
        plan_members(replace(request, variants=variants, shared=shared))


def test_a_limit_that_spares_the_test_pictures_can_be_compared(request_of):
    variants = tuple(VariantPlan(f"{limit}", {"data.limit": limit}) for limit in (2, 3))
    assert len(plan_members(replace(request_of(), variants=variants))) == 4


def test_runs_in_another_order_have_another_baseline_under_the_same_name(tmp_path):
    for name, dropout in (("less", 0.0), ("more", 0.3)):
        make_training(tmp_path / name, answers(0.5 + dropout, seed=0), settings={"model.dropout": dropout})
    assert compare_runs(["less", "more"], run="named", runs_dir=tmp_path)["baseline"] == "less"
    assert compare_runs(["more", "less"], run="named", runs_dir=tmp_path)["baseline"] == "more"


def test_runs_on_other_pictures_leave_no_comparison_behind(tmp_path):
    for name, pictures in (("less", 40), ("more", 50)):
        make_training(tmp_path / name, answers(0.5, seed=0, pictures=pictures), settings={"model.name": name})
    with pytest.raises(UserError, match="different pictures"):
        compare_runs(["less", "more"], run=None, runs_dir=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["less", "more"]


def options(runs_dir, **changes):
    return CompareOptions(**{
        "models": [], "hyperparameters": ["default"], "vary": [], "shared": {"data.source": "demo"}, "seeds": 3,
        "data_dir": None, "run": None, "runs_dir": runs_dir, **changes,
    })


def test_options_stand_for_every_combination(tmp_path):
    request = request_from_options(options(tmp_path, models=["vgg16", "model1"], vary=["model.dropout=0.1|0.2"]))
    assert [variant.name for variant in request.variants] == [
        "vgg16, dropout=0.1", "vgg16, dropout=0.2", "model1, dropout=0.1", "model1, dropout=0.2"
    ]
    assert request.variants[3].settings == {"model.name": "model1", "model.dropout": 0.2} and request.seeds == (0, 1, 2)


def test_default_is_trained_with_what_the_trials_of_the_search_shared(tmp_path):
    best = {"format": 1, "monitor": "val_loss", "value": 1.0, "values": {"model.dropout": 0.4},
            "settings": {"training.epochs": 7, "training.batch_size": 4}}
    write_json(tmp_path / "search-1" / "best.json", best)
    write_json(tmp_path / "search-1" / "run.json", {"format": 1, "kind": "search", "summary": {"default_value": 2.0}})
    request = request_from_options(options(tmp_path, hyperparameters=["default", "search-1"]))
    assert [variant.name for variant in request.variants] == ["default", "tuned"]
    assert request.shared == {"training.epochs": 7, "data.source": "demo"} and "training.epochs=7" in request.notes[0]


@pytest.mark.parametrize(
    ("changes", "message"), [({}, "nothing to compare"), ({"vary": ["model.dropout=1"]}, "--vary takes name=a|b")]
)
def test_options_that_leave_nothing_to_compare_are_refused(tmp_path, changes, message):
    with pytest.raises(UserError, match=message.replace("|", r"\|")):
        request_from_options(options(tmp_path, **changes))
