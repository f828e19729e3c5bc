import pytest
from pydantic import ValidationError

from data.config import DataConfig


@pytest.mark.parametrize("setting", [{"limit": 0}, {"validation_fraction": 1}, {"geometry": "squeeze"}])
def test_data_settings_out_of_range_are_refused(setting):
    with pytest.raises(ValidationError, match=next(iter(setting))):
        DataConfig(**setting)
