"""The tape answers by time: the quote a trade met, the mids that came after, and silence where there is none."""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.analytics.tca.market_tape import UNKNOWN, before, mid_at, mids_after, read_tape
from sottovoce.core.ports import Tape
from sottovoce.core.units import NS_PER_HOUR, NS_PER_SECOND

S = NS_PER_SECOND


def tape(quotes: list[tuple[int, int, int]]) -> Tape:
    """Quotes as (seconds, bid, ask); no prints."""
    ns, bid, ask = (np.array(column, dtype=np.int64) for column in zip(*quotes, strict=True))
    none = np.zeros(0, dtype=np.int64)
    return Tape(
        instrument_id="I1", quote_ns=ns * S, bid=bid, ask=ask, trade_ns=none, trade_px=none, trade_qty=none,
        trade_own=none, trade_kind=none,
    )  # fmt: skip


def at(*seconds: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(seconds, dtype=np.int64) * S


def test_a_trade_meets_the_quote_before_it_not_the_one_of_its_own_time() -> None:
    market = read_tape(tape([(1, 100, 102), (5, 110, 114), (9, 120, 122)]))
    mid, half = before(market, at(1, 5, 6))
    assert mid.tolist() == [UNKNOWN, 101, 112]
    assert half.tolist() == [UNKNOWN, 1, 2]


def test_mids_after_a_fill() -> None:
    market = read_tape(tape([(1, 100, 102), (5, 110, 114), (9, 120, 122)]))
    assert mids_after(market, at(1, 4), 4 * S).tolist() == [112, 112]


def test_no_markout_past_the_end_of_the_tape() -> None:
    market = read_tape(tape([(1, 100, 102), (5, 110, 114)]))
    assert mids_after(market, at(4), 2 * S).tolist() == [UNKNOWN]


def test_no_price_is_carried_over_a_night() -> None:
    night = 18 * NS_PER_HOUR // S
    market = read_tape(tape([(1, 100, 102), (5, 110, 112), (night, 200, 202), (night + 60, 210, 212)]))
    assert mids_after(market, at(3), 10 * S).tolist() == [UNKNOWN]
    assert before(market, at(night))[0].tolist() == [UNKNOWN]
    assert list(market.sessions) == [(1 * S, 5 * S), (night * S, (night + 60) * S)]
    assert mid_at(market, 3_600 * S) == 111


def test_crossed_and_one_sided_quotes_are_no_price() -> None:
    market = read_tape(tape([(1, 100, 102), (2, 105, 103), (3, 0, 103), (4, 103, 103)]))
    assert market.mid.tolist() == [101, 103]
    assert mid_at(market, 3 * S) == 101


def test_nothing_is_known_before_the_first_quote_or_on_an_empty_tape() -> None:
    assert mid_at(read_tape(tape([(5, 100, 102)])), 4 * S) is None
    empty = read_tape(tape([(5, 0, 0)]))
    assert before(empty, at(6))[0].tolist() == [UNKNOWN]
    assert empty.sessions == ()


def test_extended_hours_are_left_out_where_sessions_are_known() -> None:
    quotes = [(1, 90, 92), (10, 100, 102), (20, 110, 112), (21, 120, 122)]
    market = read_tape(tape(quotes), [(5 * S, 20 * S)])
    assert market.mid.tolist() == [101, 111]
    assert market.sessions == ((5 * S, 20 * S),)
    assert mid_at(market, 30 * S) == 111
    assert mids_after(market, at(15), 6 * S).tolist() == [UNKNOWN]


def test_of_prints_outside_sessions_only_auctions_are_kept() -> None:
    def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, dtype=np.int64)

    printed = msgspec.structs.replace(
        tape([(10, 100, 102)]), trade_ns=at(4, 10, 21, 22), trade_px=column(1, 2, 3, 4),
        trade_qty=column(1, 1, 1, 1), trade_own=column(0, 0, 0, 0), trade_kind=column(0, 0, 2, 0),
    )  # fmt: skip
    assert read_tape(printed, [(5 * S, 20 * S)]).trade_px.tolist() == [2, 3]
    assert read_tape(printed).trade_px.tolist() == [1, 2, 3, 4]
