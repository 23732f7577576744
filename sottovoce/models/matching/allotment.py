"""Who gets how much when there is not enough for all: by time, or in proportion to size.

Used where many meet at one price at once: at the margin of an auction, and in a scheduled cross.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from sottovoce.core.errors import ModelError


class Allotment(Enum):
    """How a short quantity is shared out."""

    TIME = "time"
    PRO_RATA = "pro_rata"


def allot(sizes: Sequence[int], total: int, rule: Allotment) -> list[int]:
    """Share `total` out over wishes.

    Args:
        sizes: shares wished, each > 0, the first in turn first.
        total: shares to give, 0 <= total; what exceeds all wishes is not given.
    Returns: shares for each, none above its wish, together min(total, sum of sizes).
    Raises: ModelError `bad_allotment`.
    """
    if total < 0 or any(size <= 0 for size in sizes):
        raise ModelError(f"Cannot share {total} over {list(sizes)}: sizes must be above zero.", code="bad_allotment")
    return _RULES[rule](sizes, min(total, sum(sizes)))


def _by_time(sizes: Sequence[int], total: int) -> list[int]:
    given: list[int] = []
    for size in sizes:
        given.append(min(size, total))
        total -= given[-1]
    return given


def _pro_rata(sizes: Sequence[int], total: int) -> list[int]:
    """Whole shares of the exact part; the shares that rounding leaves go to the largest remainders, then by turn."""
    wished = sum(sizes)
    if wished == 0:
        return []
    given = [size * total // wished for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda turn: (-(sizes[turn] * total % wished), turn))
    for turn in by_remainder[: total - sum(given)]:
        given[turn] += 1
    return given


_RULES: dict[Allotment, Callable[[Sequence[int], int], list[int]]] = {
    Allotment.TIME: _by_time,
    Allotment.PRO_RATA: _pro_rata,
}
