"""Runs the kernel on one session's board, plain or compiled, and gives its records room when they fill up."""

from __future__ import annotations

from typing import Any

import numpy as np

from sottovoce.adapters.queues import kernel, places
from sottovoce.adapters.queues.board import Board, Draws
from sottovoce.core.units import NEVER_NS
from sottovoce.models.compiling import Family, Kernel

FAMILY = Family(*kernel.KERNELS, allocates=False)


def compiled_kernels() -> dict[str, Kernel] | None:
    """The compiled kernels by name; None where numba is not installed."""
    return FAMILY.compiled()


class Player:
    """One session in play. `board` is replaced when a record grows, so nobody else keeps it."""

    def __init__(self, board: Board, draws: Draws, kernels: dict[str, Kernel] | None) -> None:
        self.board = board
        self._draws = draws
        self._play = kernel.play if kernels is None else kernels["play"]
        self._enter = kernel.enter_ours if kernels is None else kernels["enter_ours"]

    @property
    def events(self) -> int:
        """Background events played so far."""
        return int(self.board.ints[places.I_BOOK] + self.board.ints[places.I_FLOW])

    def next_ns(self) -> int:
        """When the next background event happens, NEVER_NS after the last."""
        ints = self.board.ints
        return int(min(self._draws.book_ns[ints[places.I_BOOK]], self._draws.flow_ns[ints[places.I_FLOW]]))

    def run(self, until_ns: int) -> bool:
        """Play events up to a time or our first fill; whether there is one."""
        if self.next_ns() > until_ns:
            return False
        while (why := self._play(self.board, self._draws, until_ns)) == places.FULL:
            self._grow()
        return bool(why == places.NEWS)

    def enter(self, at_ns: int, slot: int, venue: int, side: int, qty: int, limit: int, *, rest: bool) -> None:
        """Enter an order of ours at a lit venue; see kernel.enter_ours."""
        self._make_room()
        self._enter(self.board, at_ns, slot, venue, side, qty, limit, rest)

    def note_touch(self, at_ns: int) -> None:
        """Record the touch after a cancel of ours."""
        self._make_room()
        kernel.note_touch(self.board, at_ns)

    def release(self) -> None:
        """The session is over: let go of what was drawn and recorded. The book stays to be looked at."""
        nothing: Any = self.board.trades[:0]
        self.board = self.board._replace(trades=nothing, quotes=nothing, fills=nothing)
        none: Any = [NEVER_NS]
        self._draws = Draws(none, none, none, none, none, none, none)
        self.board.ints[places.I_BOOK] = self.board.ints[places.I_FLOW] = 0

    def _make_room(self) -> None:
        """Room for one more order, and for what it may do."""
        ints, counts = self.board.ints, self.board.counts
        if (ints[places.I_OURS] + 1) * places.OWN > len(self.board.own):
            self.board = self.board._replace(own=_doubled(self.board.own), fills=_doubled(self.board.fills))
        spare = places.SPARE_ROWS + 8 * ints[places.I_OURS]
        full = ints[places.I_TRADES] + spare > counts[places.C_TRADE_ROOM]
        if full or ints[places.I_QUOTES] + 2 > counts[places.C_QUOTE_ROOM]:
            self._grow()

    def _grow(self) -> None:
        """Twice the room for quotes and trades."""
        board = self.board
        self.board = board._replace(trades=_doubled(board.trades), quotes=_doubled(board.quotes))
        for room in (places.C_TRADE_ROOM, places.C_QUOTE_ROOM):
            self.board.counts[room] *= 2


def _doubled(values: Any) -> Any:
    """The values followed by as many zeros."""
    return values + [0] * len(values) if isinstance(values, list) else np.concatenate([values, np.zeros_like(values)])
