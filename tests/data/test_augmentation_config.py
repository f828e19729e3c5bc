import pytest
from pydantic import ValidationError

from data.augmentation_config import DEFAULT_ORDER, AugmentationConfig


def test_defaults_are_those_of_the_source():
    config = AugmentationConfig()
    assert config.transform_order == DEFAULT_ORDER
    assert (config.horizontal_flip_probability, config.rotate_limit, config.gaussian_blur_probability) == (0.5, 12, 0.6)
    assert not config.mixes


def test_unknown_transform_lists_the_known_ones():
    with pytest.raises(ValidationError, match="'flip'.\nKnown: horizontal_flip, brightness_contrast"):
        AugmentationConfig(transform_order=("flip",))


def test_transform_listed_twice_is_refused():
    with pytest.raises(ValidationError, match="'rotate' is listed 2 times"):
        AugmentationConfig(transform_order=("rotate", "rotate"))


@pytest.mark.parametrize("kernels", [(4, 5), (5, 3), (3, 6)])
def test_even_or_falling_blur_kernels_are_refused(kernels):
    with pytest.raises(ValidationError, match="odd and in rising order"):
        AugmentationConfig(blur_kernel_min=kernels[0], blur_kernel_max=kernels[1])


@pytest.mark.parametrize("setting", [{"rotate_probability": 1.5}, {"cutmix_alpha": -1}, {"no_such_setting": 1}])
def test_values_out_of_range_and_unknown_names_are_refused(setting):
    with pytest.raises(ValidationError, match=next(iter(setting))):
        AugmentationConfig(**setting)


def test_mixing_is_on_when_a_method_and_a_probability_are():
    assert AugmentationConfig(mixup_alpha=0.2).mixes
    assert not AugmentationConfig(mixup_alpha=0.2, mixing_probability=0).mixes


def test_unknown_preset_lists_the_known_ones():
    with pytest.raises(ValidationError, match="Unknown preset 'car'. Did you mean 'cars'[?]\nKnown: cars, scra, cifar"):
        AugmentationConfig(preset="car")
