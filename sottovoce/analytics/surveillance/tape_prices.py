"""Prices for the patterns, from recorded tapes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sottovoce.analytics.tca.market_tape import MarketTape


class TapePrices:
    """Mids, their usual moves and volumes of every name with a tape."""

    def __init__(self, tapes: Mapping[str, MarketTape]) -> None:
        self._tapes = tapes

    def mid(self, instrument_id: str, at_ns: int) -> int | None:
        """The last mid at or before a time, price units."""
        tape = self._tapes.get(instrument_id)
        place = -1 if tape is None else int(np.searchsorted(tape.quote_ns, at_ns, side="right")) - 1
        return None if tape is None or place < 0 else int(tape.mid[place])

    def sigma(self, instrument_id: str, span_ns: int) -> float | None:
        """Standard deviation of the mid's moves over adjoining spans within sessions, price units."""
        tape = self._tapes.get(instrument_id)
        if tape is None:
            return None
        moves = [np.diff(tape.mid[self._grid(tape, begin, end, span_ns)]) for begin, end in tape.sessions]
        whole = np.concatenate(moves) if moves else np.zeros(0)
        return float(whole.std()) if len(whole) > 1 else None

    def volume(self, instrument_id: str, begin_ns: int, end_ns: int) -> int:
        """Shares printed after begin_ns and up to end_ns, ours included."""
        tape = self._tapes.get(instrument_id)
        if tape is None:
            return 0
        first, last = np.searchsorted(tape.trade_ns, (begin_ns, end_ns), side="right")
        return int(tape.trade_qty[first:last].sum())

    def _grid(self, tape: MarketTape, begin_ns: int, end_ns: int, span_ns: int) -> np.ndarray:
        """Places of the last quotes at begin, begin + span, ... within one session."""
        times = np.arange(begin_ns, end_ns + 1, span_ns)
        places = np.searchsorted(tape.quote_ns, times, side="right") - 1
        return places[places >= 0]
