"""A small websocket capture by hand: lines as Binance's streams say them, one millisecond apart."""

from __future__ import annotations

import json
from collections.abc import Sequence

START_NS = 1_723_161_254_000_000_000
AHEAD_MS = 1_270
"""How far the exchange's clock is ahead of ours."""

Levels = Sequence[tuple[str, str]]


class Capture:
    """Lines of one instrument's capture; each method adds one and returns the capture."""

    def __init__(self, symbol: str = "BTCUSDT", *, futures: bool = False) -> None:
        self.lines: list[bytes] = []
        self._symbol = symbol
        self._futures = futures

    @property
    def source(self) -> bytes:
        """The capture as a file's bytes."""
        return b"\n".join(self.lines) + b"\n"

    def diff(self, first: int, last: int, bids: Levels = (), asks: Levels = (), previous: int | None = None) -> Capture:
        """Levels that changed in updates first to last."""
        event = {
            "e": "depthUpdate",
            "E": self._event_ms,
            "s": self._symbol,
            "U": first,
            "u": last,
            "b": bids,
            "a": asks,
        }
        if self._futures:
            event["pu"] = first - 1 if previous is None else previous
        return self._stream("depth@100ms", event)

    def snapshot(self, last: int, bids: Levels, asks: Levels) -> Capture:
        """The REST answer as of update last."""
        return self.raw(json.dumps({"lastUpdateId": last, "bids": bids, "asks": asks}))

    def quote(self, update: int, bid: tuple[str, str], ask: tuple[str, str]) -> Capture:
        """The best bid and ask after one update."""
        event = {"u": update, "s": self._symbol, "b": bid[0], "B": bid[1], "a": ask[0], "A": ask[1]}
        return self._stream("bookTicker", event)

    def trade(self, px: str, qty: str, *, buyer_made: bool = False) -> Capture:
        """One trade."""
        event = {"e": "trade", "E": self._event_ms, "s": self._symbol, "t": 1, "p": px, "q": qty, "m": buyer_made}
        return self._stream("trade", event)

    def raw(self, payload: str) -> Capture:
        """A line with a receive time and any text."""
        self.lines.append(f"{self._receive_ns} {payload}".encode())
        return self

    def _stream(self, name: str, event: dict[str, object]) -> Capture:
        return self.raw(json.dumps({"stream": f"{self._symbol.lower()}@{name}", "data": event}))

    @property
    def _receive_ns(self) -> int:
        return START_NS + len(self.lines) * 1_000_000

    @property
    def _event_ms(self) -> int:
        return self._receive_ns // 1_000_000 + AHEAD_MS


def small() -> Capture:
    """Six good lines: a difference to start from, a snapshot, two differences, a quote, a trade."""
    return (
        Capture()
        .diff(1, 5, [("100.00", "1")], [("100.02", "2")])
        .snapshot(7, [("100.00", "1.5"), ("99.99", "3")], [("100.02", "2")])
        .diff(6, 9, [("100.01", "0.25")], [])
        .diff(10, 12, [("100.01", "0.00")], [("100.02", "2.5")])
        .quote(12, ("100.00", "1.50"), ("100.02", "2.50"))
        .trade("100.02", "0.5")
    )
