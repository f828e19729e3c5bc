"""Names become objects on demand."""

import pytest

from car_classifier.base.errors import UnknownNameError
from car_classifier.base.registry import check_name, resolve


def test_name_resolves_to_what_the_table_says():
    assert resolve("tool", "joined", {"joined": "os.path:join"}).__name__ == "join"


def test_unknown_name_is_refused():
    with pytest.raises(UnknownNameError, match="Unknown tool 'a'"):
        check_name("tool", "a", ["b"])
