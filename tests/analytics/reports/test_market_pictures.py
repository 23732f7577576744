"""Figures and pictures of a market: small tapes worked by hand, and drawings that hold what they must."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sottovoce.analytics.reports.depth_picture import BAR_MAX, BAR_MIN, depth_picture
from sottovoce.analytics.reports.picture_file import check_form, picture
from sottovoce.analytics.reports.session_figures import session_figures
from sottovoce.analytics.reports.session_picture import minutes_of, session_picture
from sottovoce.core.errors import ConfigError, ModelError
from sottovoce.core.ports import Session, Tape

MINUTE = 60_000_000_000
OPEN = 1_000 * MINUTE
SCALE = 100
SESSION = Session(date="2018-02-08", open_ns=OPEN, close_ns=OPEN + 3 * MINUTE)

Quote = tuple[float, int, int]
Trade = tuple[float, int, int, int]


def tape(quotes: list[Quote], trades: list[Trade]) -> Tape:
    """Quotes as (minutes after the open, bid, ask), trades as (minutes, px, qty, kind), prices in cents."""

    def at(minutes: float) -> int:
        return OPEN + round(minutes * MINUTE)

    def column(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, dtype=np.int64)

    return Tape(
        instrument_id="X",
        quote_ns=column([at(row[0]) for row in quotes]),
        bid=column([row[1] for row in quotes]),
        ask=column([row[2] for row in quotes]),
        trade_ns=column([at(row[0]) for row in trades]),
        trade_px=column([row[1] for row in trades]),
        trade_qty=column([row[2] for row in trades]),
        trade_own=column([0 for _ in trades]),
        trade_kind=column([row[3] for row in trades]),
    )


QUOTES: list[Quote] = [(-1, 900, 990), (0, 1000, 1002), (1, 1010, 1014), (1.5, 0, 1014), (2, 1020, 1022)]
TRADES: list[Trade] = [(0, 1001, 500, 2), (0.5, 1002, 100, 0), (1.2, 1012, 200, 1), (2.9, 1022, 200, 0)]


def test_figures_of_three_minutes() -> None:
    seen = session_figures(tape(QUOTES, TRADES), [SESSION], SCALE)
    assert (seen.trades, seen.volume, seen.quotes) == (4, 1_000, 5)
    assert (seen.first_px, seen.last_px, seen.low, seen.high) == (10.01, 10.22, 10.01, 10.22)
    assert seen.vwap == pytest.approx((10.01 * 500 + 10.02 * 100 + 10.12 * 200 + 10.22 * 200) / 1_000)
    assert (seen.dark_share, seen.auction_share) == (0.2, 0.5)
    assert seen.spread == pytest.approx((0.02 * 1 + 0.04 * 0.5 + 0.02 * 1) / 2.5)
    moves = np.diff(np.log([10.01, 10.12, 10.21, 10.21]))
    assert seen.volatility == pytest.approx(float(np.sqrt((moves**2).sum())))


def test_nothing_printed_and_nothing_quoted_are_refused() -> None:
    for nothing, code in ((tape(QUOTES, []), "tape_no_volume"), (tape([], TRADES), "tape_no_quotes")):
        with pytest.raises(ModelError) as caught:
            session_figures(nothing, [SESSION], SCALE)
        assert caught.value.code == code
    with pytest.raises(ModelError) as caught:
        session_figures(tape([(-1, 10, 12), (0, 0, 12)], TRADES), [SESSION], SCALE)
    assert caught.value.code == "tape_no_quotes"


def test_minutes_carry_quotes_forward_and_leave_auctions_out() -> None:
    found = minutes_of(tape(QUOTES, TRADES), [SESSION], SCALE)
    assert [each.at for each in found] == [0, 1, 2]
    assert [each.volume for each in found] == [100, 200, 200]
    assert [each.mid for each in found] == pytest.approx([10.12, 10.21, 10.21])
    empty = minutes_of(tape([], []), [SESSION], SCALE)
    assert [(each.mid, each.spread, each.volume) for each in empty] == [(None, None, 0)] * 3


def test_sums_of_depth_grow_outward() -> None:
    spec: Any = depth_picture("X", "now", [(10.0, 5.0), (9.5, 7.0)], [(10.5, 1.0)], "shares")
    rows = spec["data"]["values"]
    assert [(row["side"], row["px"], row["sum"]) for row in rows] == [
        ("bids", 10.0, 5.0),
        ("bids", 9.5, 12.0),
        ("asks", 10.5, 1.0),
    ]


@pytest.mark.parametrize(
    ("asks", "width"), [([10.5, 10.75, 11.0], BAR_MAX), ([10.5, 10.501], BAR_MIN), ([], BAR_MAX), ([10.1], BAR_MAX)]
)
def test_bars_of_depth_do_not_hide_each_other(asks: list[float], width: float) -> None:
    spec: Any = depth_picture("X", "now", [(10.0, 5.0)], [(px, 1.0) for px in asks], "shares")
    assert spec["vconcat"][1]["mark"]["strokeWidth"] == width


def test_each_day_is_named_where_it_begins_after_a_short_one_too() -> None:
    short = Session(date="2018-02-07", open_ns=OPEN - 90 * MINUTE, close_ns=OPEN - 88 * MINUTE)
    spec: Any = session_picture("X", [], [short, SESSION, SESSION], 570)
    assert spec["vconcat"][0]["encoding"]["x"]["axis"]["values"] == [0, 2, 5]


@pytest.mark.parametrize("days", [1, 3])
@pytest.mark.parametrize(("suffix", "begins"), [(".svg", b"<svg"), (".PNG", b"\x89PNG"), (".html", b"<!doctype html>")])
def test_session_is_drawn_in_every_form(days: int, suffix: str, begins: bytes) -> None:
    pytest.importorskip("vl_convert")
    sessions = [SESSION] * days
    minutes = minutes_of(tape(QUOTES, TRADES), sessions, SCALE)
    says = 'X <&> "drawn"'
    drawn = picture(session_picture("X", minutes, sessions, 570), suffix, says)
    assert drawn.startswith(begins)
    if suffix != ".PNG":
        assert b"X &lt;&amp;&gt; &quot;drawn&quot;" in drawn
        assert b"mid price" in drawn
        assert (b"day 3" in drawn) == (days == 3)


@pytest.mark.parametrize("suffix", ["", ".pdf", ".svg.gz"])
def test_form_nobody_can_draw_is_refused(suffix: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_form(suffix)
    assert caught.value.code == "plot_form"
