"""Settling on the spot: whether enough procedures of a level are settled where they are received."""

from __future__ import annotations

from fractions import Fraction


def reaches_share(*, on_the_spot: int, procedures: int, least_percent: int) -> bool | None:
    """Tell whether the share is reached; None where there is nothing to judge.

    Counted in whole numbers: 20% of 5 procedures is one procedure, not a rounded figure.
    """
    if not procedures:
        return None
    return Fraction(on_the_spot * 100, procedures) >= least_percent
