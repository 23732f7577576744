"""The study of a market through its port: pairing, probes, digests, and a short session of each generator."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.enums import Side, TimeInForce
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Session, Tape
from tools import market_gates, market_report
from tools.market_study import parents, probes
from tools.market_study.generators import GENERATORS
from tools.market_study.judging import measured, spread_bucket
from tools.market_study.parents import SIZES, parent_of, run_parent
from tools.market_study.playing import SECOND_NS, limit_order, play, round_share, tape_digest, tape_mids
from tools.market_study.study import Plan, fresh, run_seed

DATE = "2026-11-30"
OPEN_NS = load_calendar("XNYS").sessions(DATE, 1)[0].open_ns
SHORT = Session(date=DATE, open_ns=OPEN_NS, close_ns=OPEN_NS + 1800 * SECOND_NS)
DAYS = tuple(load_calendar("XNYS").sessions(DATE, 2))


def instrument(symbol: str = "A") -> Instrument:
    found = load_shipped().resolve(symbol)
    assert found is not None
    return found


def thin() -> Instrument:
    """A name of which few shares trade: generators put a day's trades into a session however short it is."""
    busy = instrument()
    assert busy.adv is not None
    return msgspec.structs.replace(busy, adv=msgspec.structs.replace(busy.adv, value=100_000.0))


def short_plan(generator: str) -> Plan:
    """Half an hour of a thin name in a generator, with two small parents."""
    return Plan(generator=generator, instrument=thin(), sessions=(SHORT,), seeds=1, sizes=(0.002, 0.005))


def tape(bid: list[int], ask: list[int], step_s: int = 1) -> Tape:
    """A tape of quotes a second apart from the open on."""
    none = np.zeros(0, np.int64)
    return Tape(
        instrument_id="X",
        quote_ns=OPEN_NS + step_s * SECOND_NS * np.arange(len(bid)),
        bid=np.array(bid),
        ask=np.array(ask),
        trade_ns=none,
        trade_px=none,
        trade_qty=none,
        trade_own=none,
        trade_kind=none,
    )


@pytest.mark.parametrize("generator", sorted(GENERATORS))
def test_short_session_of_a_generator_is_studied_whole(generator: str) -> None:
    """Nothing sent and nothing traded is bit-equal; what was sent filled, and the same seed says the same again."""
    plan = short_plan(generator)
    first = run_seed(plan, 1)
    assert first.differs is False
    assert first.facts.trades > 50
    assert len(first.probes) > 20
    assert first.orders
    assert all(order.filled > 0.9 * order.asked for order in first.orders)
    again = run_seed(plan, 1)
    assert (first.orders, first.probes) == (again.orders, again.probes)


@pytest.mark.parametrize("generator", sorted(GENERATORS))
def test_tape_with_an_order_of_ours_is_another_tape(generator: str) -> None:
    """The digest behind the reactivity gate can fail: one real order changes it."""
    plan = short_plan(generator)
    name, digests = plan.instrument.instrument_id, []
    for qty in (0, 500):
        market = fresh(plan, 1)
        play(market, OPEN_NS + 60 * SECOND_NS)
        far = market.states()[name].ask + 200_000
        order = limit_order(name, "x", "SIMA", Side.BUY, qty, far, TimeInForce.IMMEDIATE_OR_CANCEL, OPEN_NS)
        market.send(order, OPEN_NS + 60 * SECOND_NS)
        play(market, OPEN_NS + 90 * SECOND_NS)
        digests.append(tape_digest(market.tape(name)))
    assert digests[0] != digests[1]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("place", range(len(SIZES)))
def test_parents_keep_to_their_terms(seed: int, place: int) -> None:
    """Participation of 5 to 15 %, slices in order and inside sessions, room for decay when short."""
    parent = parent_of(instrument(), DAYS, seed, place, SIZES[place])
    assert parent is not None
    assert 0.05 <= parent.participation <= 0.15
    assert (np.diff(parent.times_ns) > 0).all()
    inside = [any(day.open_ns < at < day.close_ns for day in DAYS) for at in parent.times_ns.tolist()]
    assert all(inside)
    volume = instrument().adv
    assert volume is not None
    assert volume.value is not None
    assert parent.qty == pytest.approx(SIZES[place] * volume.value, rel=1e-3)
    length = (parent.times_ns.size * parents.STEP_S) / 23_400
    assert length == pytest.approx(SIZES[place] / parent.participation, rel=0.05)


def test_order_too_large_for_the_session_is_left_out() -> None:
    assert parent_of(instrument(), DAYS[:1], 1, 6, 0.2) is None


def test_impact_and_cost_are_signed_against_the_order() -> None:
    """A paired tape at 100, ours at 101: a buyer moved it up by 1 %, and a seller would have gained."""
    alone, moved = tape([99_000_000], [101_000_000]), tape([100_000_000], [102_000_000])
    times = np.array([OPEN_NS + SECOND_NS])
    for side, sign in ((Side.BUY, 1), (Side.SELL, -1)):
        parent = parents.Parent(side, 10, 0.1, times)
        raw = parents._compared(moved, alone, parent, 10, 10 * 101_000_000, None, seed=1)
        assert raw.impact == pytest.approx(sign * 0.01)
        assert raw.cost == pytest.approx(sign * 0.01)


def test_probe_is_left_behind_when_the_touch_stands_beyond_it() -> None:
    quotes = tape([100, 100, 99, 101, 100], [102, 102, 102, 103, 102])
    order = limit_order("X", "p", "SIMA", Side.BUY, 100, 100, TimeInForce.DAY, OPEN_NS)
    assert probes._left_behind(quotes, probes.Sent(order, Side.BUY, 5)) == OPEN_NS + 3 * SECOND_NS
    sell = limit_order("X", "p", "SIMA", Side.SELL, 100, 102, TimeInForce.DAY, OPEN_NS)
    assert probes._left_behind(quotes, probes.Sent(sell, Side.SELL, 5)) == OPEN_NS + probes.LIFE_S * SECOND_NS


def test_digest_sees_every_column() -> None:
    quotes = tape([100, 100], [102, 102])
    other = msgspec.structs.replace(quotes, ask=np.array([102, 103]))
    sized = msgspec.structs.replace(quotes, bid_size=np.array([1, 1]))
    assert len({tape_digest(each) for each in (quotes, other, sized)}) == 3
    assert tape_digest(quotes) == tape_digest(tape([100, 100], [102, 102]))


def test_mid_is_the_last_one_known() -> None:
    assert tape_mids(tape([100, 102], [102, 104]), np.array([OPEN_NS - 1, OPEN_NS + SECOND_NS])).tolist() == [101, 103]


@pytest.mark.parametrize("qty", [0, 1, 2, 7, 100])
def test_shares_over_venues_add_up(qty: int) -> None:
    parts = round_share(qty, ["A", "B", "C"])
    assert sum(got for _, got in parts) == qty
    assert all(got > 0 for _, got in parts)


def test_spread_bucket_is_around_the_known_spread_or_a_trade_s_volatility() -> None:
    low, high = spread_bucket(instrument("IBM"), DATE)
    assert (low, high) == pytest.approx((2.5274 / 2, 2.5274 * 2))
    low, high = spread_bucket(instrument("A"), DATE)
    assert 1.0 < low < high < 4.0


def test_parent_that_found_nobody_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = short_plan("queues")
    market = fresh(plan, 1)
    play(market, OPEN_NS + 60 * SECOND_NS)
    alone = market.tape(plan.instrument.instrument_id)
    monkeypatch.setattr(parents, "THROUGH_TICKS", -50)
    parent = parents.Parent(Side.BUY, 100, 0.1, np.array([OPEN_NS + 30 * SECOND_NS]))
    raw = run_parent(fresh(plan, 1), plan.instrument, (SHORT,), parent, alone, 1)
    assert (raw.filled, raw.cost, raw.impact) == (0, 0.0, 0.0)


def test_results_are_judged_by_every_gate() -> None:
    plan = short_plan("queues")
    found = measured("queues", plan.instrument, DATE, [run_seed(plan, 1)])
    assert len(found.judged) == 24
    assert not all(each.passed for each in found.judged), "a few minutes cannot show everything"


def test_unknown_symbol_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert market_gates.main(["--symbol", "NOSUCHNAME"]) == 2
    assert market_report.main(["--symbol", "NOSUCHNAME", "--out", str(tmp_path)]) == 2
    assert "NOSUCHNAME" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_report_writes_a_page_its_figures_and_its_drawings(tmp_path: Path) -> None:
    plan = short_plan("queues")
    found = measured("queues", plan.instrument, DATE, [run_seed(plan, 1)])
    paths = market_report.write([found], "A", tmp_path)
    assert {path.name for path in paths} >= {"market.html", "market.json", "impact.png", "signature.png"}
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in paths if path.suffix == ".png")
    assert "queues" in market_gates.printed(found)
