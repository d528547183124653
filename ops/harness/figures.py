"""Figures of measurements."""

import os
from collections.abc import Sequence


def percentile(values: Sequence[float], part: float) -> float:
    """@param part: 0 to 1; not a number when there are no values"""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def load() -> str:
    """The machine's load average over a minute."""
    return f"{os.getloadavg()[0]:.1f}"
