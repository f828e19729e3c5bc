import pytest

from car_classifier.base.errors import UnknownNameError, UserError
from car_classifier.config import Config
from car_classifier.defaults import resolve_config
from car_classifier.search_space import FIXED, build_space, default_space, default_values, keeps_frozen, trains_small_heads
from models.registry import MODELS
from search.ranges import parse_range

FROZEN = {"data.source": "photos", "model.name": "squeezenet", "model.x_trainable": "none"}


def resolved(**values):
    given = {name.replace("__", "."): value for name, value in values.items()}
    return resolve_config(Config().override(given), set(given))


def frozen():
    return resolve_config(Config().override(FROZEN), set(FROZEN))


def ranges(*texts):
    return dict(parse_range(text) for text in texts)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("gpu", [False, True])
def test_every_model_has_a_space_whose_names_are_settings_and_that_knows_its_default(name, gpu):
    config = resolve_config(Config().override({"data.source": "photos", "model.name": name}), {"model.name"})
    space = build_space(default_space(config, gpu=gpu), {}, config, set())
    values = default_values(space, config)
    assert set(space.dimensions) <= {known for known, _ in config.flat()} - set(FIXED)
    assert set(values) == {dimension for dimension in space.dimensions if space.is_active(dimension, values)}
    assert values["model.fc_layers"] == list(MODELS[name].head.fc_layers)


def test_what_belongs_to_one_optimizer_is_varied_with_it_alone():
    space = build_space(default_space(frozen(), gpu=False), {}, frozen(), set())
    of_sgd = {"training.optimizer_type": "SGD"}
    assert space.is_active("training.momentum", of_sgd) and not space.is_active("training.beta_1", of_sgd)
    assert space.is_active("training.rho", {"training.optimizer_type": "RMSprop"})


def test_a_set_value_leaves_the_space_and_decides_the_conditions_on_it():
    config = frozen().override({"training.optimizer_type": "SGD"})
    space = build_space(default_space(config, gpu=False), {}, config, {"training.optimizer_type"})
    assert "training.optimizer_type" not in space.dimensions and "training.beta_1" not in space.dimensions
    assert space.dimensions["training.momentum"].when == {}


def test_conditions_follow_what_can_still_be():
    changes = ranges("model.fc_layers=[]|[128]", "training.optimizer_type=Adam|SGD")
    base = default_space(frozen(), gpu=False, fc_layers=changes["model.fc_layers"])
    space = build_space(base, changes, frozen(), set())
    assert space.dimensions["model.dropout"].when == {"model.fc_layers": ([128],)}
    assert space.dimensions["training.beta_1"].when == {"training.optimizer_type": ("Adam",)}
    assert "training.rho" not in space.dimensions


def test_dropout_is_varied_beside_layers_that_are_set():
    config = frozen().override({"model.fc_layers": [128]})
    space = build_space(default_space(config, gpu=False), {}, config, {"model.fc_layers"})
    assert space.dimensions["model.dropout"].when == {} and "model.fc_layers" not in space.dimensions


def test_a_range_replaces_or_adds_a_dimension():
    changes = ranges("training.learning_rate=1e-4:1e-3:log", "data.geometry=stretch|pad")
    space = build_space(default_space(frozen(), gpu=False), changes, frozen(), set())
    assert space.dimensions["training.learning_rate"].high == 1e-3
    assert space.dimensions["data.geometry"].choices == ("stretch", "pad")


@pytest.mark.parametrize("name", ["augmentation.strength", "training.clip_norm", "model.dropout", "augmentation.rotate_limit"])
def test_whole_ends_of_a_real_setting_make_a_real_range(name):
    space = build_space({}, ranges(f"{name}=0:0" if name == "model.dropout" else f"{name}=1:2"), frozen(), set())
    assert space.dimensions[name].kind == "float"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("training.lerning_rate=1e-4:1e-3", "Did you mean 'training.learning_rate'"),
        ("training.epochs=5:30", "cannot be searched"),
        ("seed=0:5", "cannot be searched"),
        ("model.dropout=0.1:1.5", "less than 1"),
        ("training.schedule=cosine|linear", "schedule"),
        ("data.image_size=8|224", "at least 31"),
    ],
)
def test_nonsense_is_refused_before_anything_runs(text, message):
    with pytest.raises((UserError, UnknownNameError), match=message):
        build_space({}, ranges(text), frozen(), set())


def test_a_range_that_can_change_nothing_is_refused():
    config = frozen().override({"training.optimizer_type": "Adam"})
    with pytest.raises(UserError, match="training.momentum changes nothing"):
        base = default_space(config, gpu=False)
        build_space(base, ranges("training.momentum=0.1:0.9"), config, {"training.optimizer_type"})


RANGES_OF_BACKBONE = ["training.l2_sp=1e-4:1e-1:log", "training.layer_rate_decay=0.5:0.9"]


@pytest.mark.parametrize("text", RANGES_OF_BACKBONE)
def test_a_range_for_the_backbone_is_refused_where_that_does_not_train(text):
    with pytest.raises(UserError, match="none trains"):
        build_space(default_space(frozen(), gpu=False), ranges(text), frozen(), {"model.x_trainable"})


@pytest.mark.parametrize("text", RANGES_OF_BACKBONE)
def test_a_range_for_the_backbone_is_varied_in_trials_that_train_it(text):
    config = resolved(data__source="photos", model__name="squeezenet")
    space = build_space(default_space(config, gpu=True), ranges(text), config, set())
    name = text.partition("=")[0]
    assert space.is_active(name, {"model.x_trainable": "all"}) and not space.is_active(name, {"model.x_trainable": "none"})


def test_a_search_with_a_pull_leaves_no_backbone_frozen():
    config = resolved(data__source="photos", model__name="squeezenet", training__l2_sp=0.01)
    assert "none" not in default_space(config, gpu=True)["model.x_trainable"].choices


def test_a_range_and_a_value_for_the_same_setting_are_refused():
    with pytest.raises(UserError, match="Keep one"):
        build_space({}, ranges("model.dropout=0.1:0.5"), frozen(), {"model.dropout"})


def test_a_space_that_is_all_set_is_refused():
    with pytest.raises(UserError, match="nothing to search"):
        build_space({}, {}, frozen(), set())


def test_a_pretrained_backbone_stays_frozen_without_a_gpu_and_is_searched_with_one():
    assert keeps_frozen(frozen(), gpu=False) and not keeps_frozen(frozen(), gpu=True)
    assert not keeps_frozen(resolved(data__source="demo", model__name="model1"), gpu=False)
    assert "model.x_trainable" in default_space(frozen(), gpu=True)
    assert "model.x_trainable" not in default_space(frozen(), gpu=False)


def test_augmentation_is_varied_only_where_pictures_are_augmented():
    assert "augmentation.strength" not in default_space(frozen(), gpu=False)
    assert "augmentation.strength" in default_space(resolved(data__source="photos", model__name="model1"), gpu=False)


@pytest.mark.parametrize(
    ("settings", "small"),
    [
        ({}, True),
        ({"model.pooling": "flatten"}, False),
        ({"model.x_trainable": "all"}, False),
        ({"augmentation.augment": True}, False),
        ({"augmentation.augment": True, "training.cached_views": 2}, True),
        ({"model.se_after_stages": (3,)}, True),
        ({"model.scra_after_stages": (3,)}, False),
        ({"model.se_after_stages": (1,)}, False),
    ],
)
def test_only_heads_on_pooled_features_are_small(settings, small):
    given = {**FROZEN, **settings}
    config = resolve_config(Config().override(given), set(given))
    space = build_space(default_space(config, gpu=False), {}, config, set(given))
    assert trains_small_heads(config, space, gpu=False) is small
    assert not trains_small_heads(config, space, gpu=True)
