import pytest

from results.plots.share_formatter import ShareFormatter


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ([0.0, 0.2, 1.0], ["0 %", "20 %", "100 %"]),
        ([0.225, 0.25, 0.275], ["22.5 %", "25.0 %", "27.5 %"]),
        ([-1e-17, 0.0005, 0.1 + 0.2], ["0.00 %", "0.05 %", "30.00 %"]),
    ],
)
def test_ticks_say_per_cent_with_the_decimals_that_they_need(ticks, expected):
    assert ShareFormatter().format_ticks(ticks) == expected


def test_a_share_without_other_ticks_has_its_own_decimals():
    assert ShareFormatter()(0.125) == "12.5 %"
