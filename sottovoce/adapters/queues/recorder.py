"""What a name's market printed, over sessions: quotes and lit trades from the board, dark and auction trades beside."""

from __future__ import annotations

import hashlib

import numpy as np

from sottovoce.adapters.queues import places
from sottovoce.adapters.queues.board import Board
from sottovoce.adapters.queues.playing import Player
from sottovoce.core.ports import Tape
from sottovoce.models.arrays import IntArray

LIT, DARK, AUCTION = 0, 1, 2

QUOTE_COLUMNS = 5
TRADE_COLUMNS = 6
"""Time, price, shares, own, kind, side."""


class Recorder:
    """Appends while the market runs; the tape is put together when somebody asks. Prices in units.

    px is the price before the first trade; sessions_kept bounds how many finished sessions the tape goes back.
    """

    def __init__(self, instrument_id: str, px: int, sessions_kept: int | None = None) -> None:
        self.instrument_id = instrument_id
        self._last_px = px
        self._kept = sessions_kept
        self._quotes: list[IntArray] = []
        self._trades: list[IntArray] = []
        self._beside: list[tuple[int, int, int, int, int, int]] = []
        self._volume = 0
        self._player: Player | None = None
        self._tick = 1

    def follow(self, player: Player, tick: int) -> None:
        """A session begins; prices on its board are in ticks of so many units."""
        self._player, self._tick = player, tick

    def finish(self) -> None:
        """The session is over: keep what its board recorded."""
        board = self._board
        if board is not None:
            self._last_px = self.last_px
            self._quotes.append(self._session_quotes(board))
            self._trades.append(self._session_trades(board))
            self._volume += int(board.ints[places.I_VOLUME])
            self._beside.clear()
            self._player = None
        if self._kept is not None:
            done = max(0, len(self._quotes) - self._kept)
            del self._quotes[:done], self._trades[:done]

    def print_beside(self, at_ns: int, px: int, qty: int, own: int, kind: int) -> None:
        """Record a trade off the lit books, px in units: dark or in an auction."""
        if qty:
            self._beside.append((at_ns, px, qty, own, kind, 0))
            self._volume += qty

    def mid_at(self, at_ns: int) -> int:
        """The consolidated mid in units, rounded down, after the last lit event up to a time of this session."""
        board = self._board
        assert board is not None, "no session is being recorded"
        low, high = 0, board.ints[places.I_QUOTES] - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if board.quotes[middle * places.QUOTE] <= at_ns else (low, middle - 1)
        row = low * places.QUOTE
        return int((board.quotes[row + 1] + board.quotes[row + 2]) * self._tick // 2)

    @property
    def volume(self) -> int:
        """Shares printed so far."""
        return self._volume + (0 if self._board is None else int(self._board.ints[places.I_VOLUME]))

    @property
    def last_px(self) -> int:
        """Price of the last trade, in units; the starting price before the first."""
        at_ns, px = 0, self._last_px
        board = self._board
        if board is not None and board.ints[places.I_TRADES]:
            row = (board.ints[places.I_TRADES] - 1) * places.TRADE
            at_ns, px = board.trades[row], board.trades[row + 1] * self._tick
        if self._beside and self._beside[-1][0] >= at_ns:
            px = self._beside[-1][1]
        return int(px)

    def snapshot(self) -> Tape:
        """Everything so far, as int64 arrays in order of time."""
        quotes, trades = self._quote_rows(), self._trade_rows()
        return Tape(
            instrument_id=self.instrument_id,
            quote_ns=quotes[:, 0],
            bid=quotes[:, 1],
            ask=quotes[:, 2],
            bid_size=quotes[:, 3],
            ask_size=quotes[:, 4],
            trade_ns=trades[:, 0],
            trade_px=trades[:, 1],
            trade_qty=trades[:, 2],
            trade_own=trades[:, 3],
            trade_kind=trades[:, 4],
            trade_side=trades[:, 5],
        )

    def digest(self) -> str:
        """SHA-256 of the tape, little-endian int64, quotes before trades, row after row."""
        seal = hashlib.sha256(self.instrument_id.encode())
        for rows in (self._quote_rows(), self._trade_rows()):
            seal.update(len(rows).to_bytes(8, "little"))
            seal.update(np.ascontiguousarray(rows, dtype="<i8").tobytes())
        return seal.hexdigest()

    @property
    def _board(self) -> Board | None:
        return None if self._player is None else self._player.board

    def _quote_rows(self) -> IntArray:
        parts = [*self._quotes, *([] if self._board is None else [self._session_quotes(self._board)])]
        return np.concatenate(parts) if parts else np.zeros((0, QUOTE_COLUMNS), dtype=np.int64)

    def _trade_rows(self) -> IntArray:
        parts = [*self._trades, *([] if self._board is None else [self._session_trades(self._board)])]
        return np.concatenate(parts) if parts else np.zeros((0, TRADE_COLUMNS), dtype=np.int64)

    def _session_quotes(self, board: Board) -> IntArray:
        rows = _rows(board.quotes, board.ints[places.I_QUOTES], places.QUOTE)
        rows[:, 1:3] *= self._tick
        return rows

    def _session_trades(self, board: Board) -> IntArray:
        """Lit trades with their kind in the place after `own` (the tape does not tell venues apart), and the others."""
        rows = _rows(board.trades, board.ints[places.I_TRADES], places.TRADE)
        rows[:, 1] *= self._tick
        rows[:, 5] = rows[:, 4]
        rows[:, 4] = LIT
        rows = np.concatenate([rows, np.array(self._beside, dtype=np.int64).reshape(-1, TRADE_COLUMNS)])
        return rows[np.argsort(rows[:, 0], kind="stable")]


def _rows(flat: object, count: int, width: int) -> IntArray:
    """The written rows of a flat record as a copy, shape (count, width)."""
    rows: IntArray = np.array(flat[: count * width], dtype=np.int64).reshape(count, width)  # type: ignore[index]
    return rows
