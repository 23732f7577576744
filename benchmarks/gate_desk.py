"""A desk at full size for measuring the pre-trade gate: every check on, room in every limit, orders open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.clearance_events import ChildApproved, OrderCleared
from sottovoce.core.enums import DarkUse, Side, Tactic, TimeInForce, VenueKind
from sottovoce.core.events import StageEvent
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.limits import EVERY, KEPT, LIMITS, Level, LimitRow, LimitRows, ListName, ListRow, rows_of
from sottovoce.core.market import MarketState, MarketView, VenueQuote
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import Child, ParentOrder
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ChildCreated
from sottovoce.stages.risk.book_routes import count
from sottovoce.stages.risk.policy import Guideline, GuidelineKind, RiskPolicy
from sottovoce.stages.risk.risk import Risk
from sottovoce.stages.risk.state import RiskState

SYMBOLS, TRADERS, ACCOUNTS, DESKS = 2_000, 100, 200, 20
ROWS = 4_000
NOW_NS = 1_518_447_000 * NS_PER_SECOND
MID, TICK = 50_000_000, 10_000
ROOM = 10**12
PER_LEVEL = ("gross", "net", "sector_gross", "country_gross", "concentration_ppm", "loss")
SECTORS = ("Energy", "Tech", "Health", "Banks", "Retail")


class Shelf:
    """Two thousand made-up names with every figure known."""

    version, digest = 1, "made up"

    def __init__(self) -> None:
        self.names = {f"S{number:04d}": _instrument(number) for number in range(SYMBOLS)}

    def resolve(self, text: str) -> Instrument | None:
        """The name by its symbol."""
        return self.names.get(text)

    def get(self, instrument_id: str) -> Instrument | None:
        """The name by its id."""
        return self.names.get(instrument_id)


def _instrument(number: int) -> Instrument:
    def fact(value: float) -> Fact:
        return Fact(value=value, as_of="2018-02-07", source="made up for a benchmark")

    return Instrument(
        instrument_id=f"S{number:04d}", symbol=f"S{number:04d}", name="", mic="XNAS", currency="USD", country="US",
        price_scale=1_000_000, asset_class="equity", calendar="XNYS", sector=SECTORS[number % len(SECTORS)],
        ticks=(TickRule(effective_from="2000-01-01", tick=TICK),),
        lots=(LotRule(effective_from="2000-01-01", lot=100),),
        adv=fact(1e7), close=fact(50.0), shares_outstanding=fact(1e10),
    )  # fmt: skip


def limit_rows() -> LimitRows:
    """ROWS limits: the house's, every level's own, and the rest on single names; and the lists that are kept."""
    rows = [_row(Level.ORDER, "", name, _wide(name)) for name, kind in LIMITS.items() if Level.ORDER in kind.mandatory]
    for level, scopes in (
        (Level.FIRM, [""]), (Level.DESK, [f"D{n}" for n in range(DESKS)]), (Level.STRATEGY, ["VWAP", "TWAP", "POV"]),
        (Level.TRADER, [EVERY, *(f"T{n}" for n in range(TRADERS))]),
        (Level.ACCOUNT, [f"A{n}" for n in range(ACCOUNTS)]),
    ):  # fmt: skip
        rows += [_row(level, scope, name, _wide(name)) for scope in scopes for name in PER_LEVEL]
    names = iter((f"S{n:04d}", name) for name in ("position_value", "position_adv_ppm") for n in range(SYMBOLS))
    while len(rows) < ROWS:
        scope, name = next(names)
        rows.append(_row(Level.INSTRUMENT, scope, name, _wide(name)))
    lists = [ListRow(entry_id=kind.value, list_name=kind, owner="compliance") for kind in (ListName.RESTRICTED,)]
    lists += [_listed(ListName.RESTRICTED, f"X{n}") for n in range(500)]
    lists += [_listed(ListName.WATCH, f"X{n}") for n in range(500)]
    return rows_of(tuple(rows), tuple(lists))


def _wide(name: str) -> int:
    """A figure that never binds, or the house's where it is no bound on size."""
    kind = LIMITS[name]
    house = kind.house[0][1] if kind.house else ROOM
    return house if kind.higher_is_tighter or name in ("low_price", "exposure_hold_ppm", "loss_warn_ppm") else ROOM


def _row(level: Level, scope: str, name: str, value: int) -> LimitRow:
    return LimitRow(
        limit_id=f"{level.value}.{scope}.{name}", level=level, scope=scope, name=name, value=value, owner="risk",
        review_date="2018-06-30",
    )  # fmt: skip


def _listed(name: ListName, instrument_id: str) -> ListRow:
    return ListRow(
        entry_id=f"{name.value}.{instrument_id or KEPT}", list_name=name, owner="compliance",
        instrument_id=instrument_id,
    )  # fmt: skip


def states() -> Mapping[str, MarketState]:
    """A two-cent market in every name."""
    return {f"S{n:04d}": _state(f"S{n:04d}") for n in range(SYMBOLS)}


def _state(name: str) -> MarketState:
    venue = VenueQuote(venue="LITA", kind=VenueKind.LIT, bid=MID - TICK, bid_size=900, ask=MID + TICK, ask_size=900)
    return MarketState(
        instrument_id=name, seq=1, quoted_ns=NOW_NS, bid=MID - TICK, bid_size=900, ask=MID + TICK, ask_size=900,
        last_px=MID, volume=1_000_000, phase="open", venues=(venue,),
    )  # fmt: skip


def order(number: int) -> OrderAccepted:
    """The n-th order as it comes from the gateway: buys in even names, sells in odd ones, so that no two meet."""
    name, parent = f"S{number % SYMBOLS:04d}", f"P{number:07d}"
    accepted = ParentOrder(
        parent_id=parent, cl_ord_id=parent, account=f"A{number % ACCOUNTS}", principal=f"T{number % TRADERS}",
        instrument_id=name, symbol=name, side=Side.SELL if number % 2 else Side.BUY, order_qty=100 + number % 900,
        accepted_ns=NOW_NS, start_ns=NOW_NS, end_ns=NOW_NS + 1, days=1, ref_version=1, arrival_px=MID,
        arrival_rule="mid", decision_px=MID, decision_ns=NOW_NS, desk=f"D{number % DESKS}", limit_px=MID,
    )  # fmt: skip
    return OrderAccepted(parent_id=parent, ts_ns=NOW_NS, order=accepted, body_digest="")


def child_of(parent: ParentOrder) -> ChildCreated:
    """All of an order as one child at its limit."""
    child = Child(
        child_id=f"{parent.parent_id}.1", parent_id=parent.parent_id, instrument_id=parent.instrument_id,
        side=parent.side, qty=parent.order_qty, limit_px=MID, tactic=Tactic.PASSIVE, time_in_force=TimeInForce.DAY,
        created_ns=NOW_NS, dark=DarkUse.NONE, dark_ppm=0, lot=100, tick=TICK,
    )  # fmt: skip
    return ChildCreated(
        parent_id=parent.parent_id, ts_ns=NOW_NS, child=child, number=1, due_qty=child.qty, target_qty=child.qty
    )


POLICY = RiskPolicy(
    positions_required=False,
    mark_every_ms=0,
    house=("HOUSE",),
    guidelines=(Guideline(guideline_id="G-1", account="A1", kind=GuidelineKind.NO_SECTOR, name="Tobacco"),),
)


class GateDesk:
    """The risk stage by itself, with its deciders and appliers, and so many orders open."""

    def __init__(self, make: type[Risk] = Risk, open_orders: int = 10_000) -> None:
        self.risk = make(limit_rows(), Shelf(), POLICY)
        self.deciders, self.appliers = self.risk.deciders(), self.risk.appliers()
        self.view = MarketView(NOW_NS, states(), 60 * NS_PER_SECOND)
        for number in range(open_orders):
            cleared = self.both(order(number))
            assert isinstance(cleared[0], OrderCleared), cleared
            approved = self.both(child_of(cleared[0].order))
            assert isinstance(approved[0], ChildApproved), approved
            state = self.risk.state()
            assert isinstance(state, RiskState)
            count(state, state.rates, cleared[0].parent_id, NOW_NS)  # as the venue's message would be

    def both(self, message: object) -> Sequence[StageEvent]:
        """Decide on a message and apply what was decided."""
        events = self.deciders[type(message)](message, self.view)
        for event in events:
            applier = self.appliers.get(type(event))
            if applier is not None:
                applier(event)
        return events
