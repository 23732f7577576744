"""Running totals of exposure against adding everything up again, over any life of several parents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.stages.risk.exposure import Exposure, Holder, Totals
from sottovoce.stages.risk.lines import Line, line_scopes
from sottovoce.stages.risk.worst_case import growth, reduces, sides, sides_after

HOLDERS = tuple(
    Holder("", f"trader-{number % 3}", f"FUND-{number % 2}", "", name, sector, "US")
    for number, (name, sector) in enumerate([("ACME", "Tech"), ("BETA", ""), ("ACME", "Tech"), ("GAMA", "Oil")])
)
MOVES = st.lists(
    st.tuples(
        st.sampled_from("reserve draw give trade bust return reprice raise close mark record".split()),
        st.integers(0, 7),
        st.integers(1, 900),
    ),
    max_size=60,
)


class Plain:
    """The obviously right referee: every position and promise in a list, added up when asked."""

    def __init__(self) -> None:
        self.trades: list[tuple[Holder, int, int]] = []

    def totals(self, exposure: Exposure, scope: str) -> Totals:
        """What one scope should hold."""
        whole = Totals()
        for key, line in exposure.lines.items():
            if scope not in line.scopes:
                continue
            ours = [held for held in exposure.reservations.values() if key in held.lines]
            buy = sum(held.open_qty * held.worst_px for held in ours if held.sign > 0)
            sell = sum(held.open_qty * held.worst_px for held in ours if held.sign < 0)
            mine = [(qty, value) for holder, qty, value in self.trades if key in dict(line_scopes(holder))]
            held_value = sum(qty for qty, _ in mine) * line.mark_px
            whole.long += max(max(held_value, 0) + buy - max(-held_value, 0), 0)
            whole.short += max(max(-held_value, 0) + sell - max(held_value, 0), 0)
            whole.position += held_value
            whole.open_buy += buy
            whole.open_sell += sell
            whole.traded += sum(value for _, value in mine)
        return whole


@given(MOVES)
def test_totals_are_the_sum_of_their_parts(moves: list[tuple[str, int, int]]) -> None:
    exposure, plain = Exposure(), Plain()
    for move, which, qty in moves:
        parent, holder = f"P{which}", HOLDERS[which % len(HOLDERS)]
        if parent not in exposure.reservations:
            exposure.reserve(parent, holder, 1 if which % 3 else -1, 1_000, 50 + which)
        _move(exposure, plain, parent, holder, move, qty)
    for scope, totals in exposure.totals.items():
        assert totals == plain.totals(exposure, scope), scope
    for held in exposure.reservations.values():
        assert 0 <= held.drawn_qty <= held.open_qty


def _move(exposure: Exposure, plain: Plain, parent: str, holder: Holder, move: str, qty: int) -> None:
    """One move of a parent, cut to what could happen to it."""
    held = exposure.reservations[parent]
    if move in ("trade", "bust"):
        part = min(qty, held.drawn_qty) if move == "trade" else -qty
        exposure.draw(parent, -max(part, 0))
        signed = held.sign * part
        exposure.trade(parent, max(part, 0), signed, signed * 49)
        plain.trades.append((holder, signed, signed * 49))
    elif move == "draw":
        exposure.draw(parent, min(qty, held.open_qty - held.drawn_qty))
    elif move == "raise":
        exposure.draw(parent, qty)
    elif move == "give":
        exposure.draw(parent, -min(qty, held.drawn_qty))
    elif move == "return":
        exposure.change(parent, -min(qty, held.open_qty - held.drawn_qty))
    elif move == "reprice":
        exposure.reprice(parent, max(qty, held.drawn_qty), 40 + qty % 20)
    elif move == "close" and held.drawn_qty == 0:
        exposure.close(parent)
    elif move == "mark":
        exposure.mark(holder.instrument_id, qty, qty % 7)


LINES = st.builds(
    Line,
    instrument_id=st.just("ACME"), scopes=st.just(()), qty=st.integers(-900, 900), mark_px=st.integers(1, 99),
    buy_qty=st.integers(0, 900), buy_value=st.integers(0, 90_000), sell_qty=st.integers(0, 900),
    sell_value=st.integers(0, 90_000),
)  # fmt: skip


@given(LINES, st.sampled_from((1, -1)), st.integers(0, 90_000))
def test_what_an_order_would_add_is_what_it_adds(line: Line, sign: int, value: int) -> None:
    before, added, grown = sides(line), sides_after(line, sign, value), growth(line, sign, value)
    if sign > 0:
        line.buy_value += value
    else:
        line.sell_value += value
    assert added == tuple(now - then for now, then in zip(sides(line), before, strict=True))
    assert grown == sum(added)


@given(LINES, st.sampled_from((1, -1)), st.integers(1, 900))
def test_an_order_that_reduces_never_makes_a_larger_position(line: Line, sign: int, qty: int) -> None:
    if reduces(line, sign, qty):
        same_side = line.buy_qty if sign > 0 else line.sell_qty
        worst = line.qty + sign * (same_side + qty)
        assert abs(worst) < abs(line.qty)
        assert worst * line.qty >= 0, "it went through zero"


def test_gross_and_net_worst_case() -> None:
    """Holds 100, 300 more to buy, 500 to sell: net is the worse of 100 + 300 and 100 - 500."""
    totals = Totals(long=400, short=400, position=100, open_buy=300, open_sell=500)
    exposure = Exposure(totals={"": totals})
    assert (totals.gross, totals.net) == (800, 400)
    assert exposure.after("", 1, 0) == (800, 400)
    assert exposure.after("", 1, 50) == (850, 450)
    assert exposure.after("", -1, 50) == (850, 450)
    assert exposure.after("nobody", -1, 7) == (7, 7)


def test_positions_of_two_accounts_are_not_netted() -> None:
    exposure = Exposure()
    exposure.mark("ACME", 10, 1)
    for account, qty in (("A", 100), ("B", -100)):
        exposure.record(Holder("", "", account, "", "ACME", "Tech", "US"), qty, 10)
    for scope in ("", "sector:Tech", "country:US", "instrument:ACME"):
        assert (exposure.totals[scope].gross, exposure.totals[scope].position) == (2_000, 0)


def test_profit_follows_the_mark() -> None:
    """Bought 100 at 49, marked at 50, then 47: one dollar a share up, then two down."""
    exposure, holder = Exposure(), HOLDERS[0]
    exposure.reserve("P", holder, 1, 100, 55)
    exposure.mark("ACME", 50, 1)
    exposure.trade("P", 100, 100, 4_900)
    account = exposure.totals["account:FUND-0"]
    assert account.profit == 100
    exposure.mark("ACME", 47, 2)
    exposure.mark("ACME", 99, 1)
    assert account.profit == -200, "older news moved the mark"
    assert exposure.totals[""].profit == -200


def test_a_recorded_position_has_earned_nothing_yet() -> None:
    exposure, holder = Exposure(), HOLDERS[0]
    exposure.mark("ACME", 40, 1)
    exposure.record(holder, 500, 40)
    assert exposure.totals["account:FUND-0"].profit == 0
    exposure.record(holder, 300, 40)
    assert exposure.totals["account:FUND-0"].position == 12_000


def test_news_of_an_unknown_parent_changes_nothing() -> None:
    exposure = Exposure()
    exposure.change("P", 5)
    exposure.draw("P", 5)
    exposure.trade("P", 5, 5, 5)
    exposure.close("P")
    assert exposure == Exposure()
