"""Shares on an axis, in per cent."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import Formatter

from results.run_words import share_text

_MOST_DECIMALS = 6


class ShareFormatter(Formatter):
    """Writes shares as "20 %", all along an axis with the decimals that its ticks need.

    Matplotlib's own formatter takes a fixed number of decimals, so that ticks 2.5 points apart read 23, 25 and 28.
    """

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the text of a tick that stands alone, at the share `x`."""
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the texts of all ticks of an axis."""
        shares = np.round(np.asarray(values, dtype=np.float64), _MOST_DECIMALS + 2) + 0.0  # no minus before a zero
        fits = (digits for digits in range(_MOST_DECIMALS) if np.allclose(shares, shares.round(digits + 2), rtol=0, atol=1e-8))
        digits = next(fits, _MOST_DECIMALS)
        return [share_text(share, digits) for share in shares]
