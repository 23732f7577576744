"""Our own prints, kept beside the real tape and merged into it only for those who ask for both."""

from __future__ import annotations

import numpy as np

from sottovoce.adapters.tape.day import Trades
from sottovoce.models.arrays import IntArray


class OwnPrints:
    """What we traded, in order of time. count is prints, qty shares."""

    __slots__ = ("_rows", "qty")

    def __init__(self) -> None:
        self._rows: list[tuple[int, int, int, int]] = []
        self.qty = 0

    @property
    def count(self) -> int:
        return len(self._rows)

    def add(self, ns: int, px: int, qty: int, kind: int) -> None:
        """Remember one print of ours."""
        self._rows.append((ns, px, qty, kind))
        self.qty += qty

    def merged(
        self, real: Trades, kind: IntArray, rows: slice
    ) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
        """The real rows with ours among them, ours after the real ones of the same time.

        Returns: ns, px, qty, own (1 for ours), kind; shape (n,) each.
        """
        ours = np.array(self._rows, dtype=np.int64).reshape(-1, 4).T
        ns = np.concatenate([real.ns[rows], ours[0]])
        order = np.argsort(ns, kind="stable")
        own = np.repeat(np.array([0, 1], dtype=np.int64), (ns.size - self.count, self.count))
        return (
            ns[order],
            np.concatenate([real.px[rows], ours[1]])[order],
            np.concatenate([real.qty[rows], ours[2]])[order],
            own[order],
            np.concatenate([kind[rows], ours[3]])[order],
        )
