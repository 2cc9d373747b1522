"""Several tests decide together: Holm's step-down keeps the chance of any false one at the stated level.

Source: S. Holm, A simple sequentially rejective multiple test procedure (Scand. J. Statist. 6, 1979).
"""

from __future__ import annotations

from collections.abc import Sequence


def holm_adjusted(p_values: Sequence[float]) -> list[float]:
    """Each p-value adjusted for the others, in the order given; never below itself, never above 1."""
    ascending = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, index in enumerate(ascending):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted
