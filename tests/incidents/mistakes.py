"""Incidents that began with a wrong figure: I-02, I-03, I-07, I-10, I-11."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.basket_commands import BasketLeg, NewBasket
from sottovoce.core.enums import OrdType, Side, Strategy
from sottovoce.core.instrument import Instrument
from sottovoce.core.limits import Level, LimitBook, LimitRow
from sottovoce.core.market import MarketState
from sottovoce.core.risk_commands import RecordPosition
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.gateway import list_checks
from sottovoce.stages.limits.config import LimitsPolicy
from sottovoce.stages.limits.lint import Linter
from sottovoce.stages.risk import basket as risk_basket
from sottovoce.stages.risk.policy import RiskPolicy
from tests.incidents.floor import Floor
from tests.incidents.layers import Incident, Layer, Outcome
from tests.incidents.runaways import CONFIG, FIRM_GROSS, LIMITS, quiet
from tests.scenarios.small_desk import ACCOUNT, DIRECTORY, OPEN_NS, TRADER, Shelf, fact, instrument, market_state

# I-02 ----------------------------------------------------------------------------------------------------

LEGS = tuple(f"S{number:03}" for number in range(349))
DECLARED = "58000000"


def units_for_currency(off: int) -> Outcome:
    """58 million meant in currency, typed as units: 349 names, 444 billion."""
    names = [instrument(name) for name in LEGS]
    floor = Floor(CONFIG, quiet(LEGS), names)
    per_leg = 444_000_000_000 // len(LEGS) // 50
    legs = tuple(
        BasketLeg(row=row, symbol=name, side=Side.SELL, order_qty=per_leg) for row, name in enumerate(LEGS, start=2)
    )
    basket = NewBasket(principal=TRADER, account=ACCOUNT, basket_id="b1", legs=legs, declared_notional=DECLARED)
    step = floor.ask(basket)
    floor.run(60)
    classes = {failed.code for event in step.events for failed in getattr(event, "failures", ())}
    classes |= {failed.code for event in step.events for failed in getattr(event, "rules", ())}
    note = f"one answer naming {', '.join(sorted(classes))}"
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), not floor.shares, note)


# I-03 ----------------------------------------------------------------------------------------------------

SERIES = 160


def options() -> list[Instrument]:
    """Contracts worth 2 to 40 at yesterday's close, entered as any other name: a contract is one unit here."""
    return [replace(instrument(f"OPT{number:03}"), close=fact(worth(number) / 1e6)) for number in range(SERIES)]


def worth(number: int) -> int:
    """Theoretical value of a contract, price units, whole cents."""
    return (200 + 3_800 * number // (SERIES - 1)) * 10_000


def before_the_open(ts_ns: int) -> Mapping[str, MarketState]:
    """Nobody quotes yet."""
    plain = {name: market_state(name, ts_ns=ts_ns) for name in (f"OPT{number:03}" for number in range(SERIES))}
    return {name: replace(state, bid=0, ask=0, last_px=0, phase="auction") for name, state in plain.items()}


def quoted_early(ts_ns: int) -> Mapping[str, MarketState]:
    """Somebody quotes every contract around its worth."""
    names = {f"OPT{number:03}": worth(number) for number in range(SERIES)}
    return {name: market_state(name, ts_ns=ts_ns, mid=mid) for name, mid in names.items()}


def all_at_one(off: int) -> Outcome:
    """Sixteen hundred live orders to sell at 1.00, whatever the contract is worth, before the open."""
    floor = Floor(CONFIG, before_the_open if off == 0 else quoted_early, options())
    for number in range(1_600):
        name = f"OPT{number % SERIES:03}"
        floor.order(f"c{number}", symbol=name, side=Side.SELL, order_qty=100, ord_type=OrdType.LIMIT, price="1.00",
                    strategy=Strategy.SOR)  # fmt: skip
    floor.run(5)
    passed = not floor.shares if off < 2 else floor.value <= FIRM_GROSS
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), passed)


# I-07 ----------------------------------------------------------------------------------------------------

THIN = replace(instrument("THIN"), adv=fact(79_000.0))


def wide_limits(off: int) -> Outcome:
    """A cap of five million shares on a name that trades 79,000 a day, then an order of 500,000 in it."""
    row = LimitRow(
        limit_id="order.parent_qty", level=Level.INSTRUMENT, scope="THIN", name="parent_qty", value=5_000_000,
        owner="house", review_date="2027-06-30",
    )  # fmt: skip
    book = LimitBook(replace(LIMITS, rows=(row,)).limit_rows())
    findings = Linter(book, Shelf([THIN]), LimitsPolicy(), OPEN_NS).limits([row]) if off == 0 else []
    if off == 0:
        codes = tuple(failed.code for failed in findings)
        return Outcome(0, 0, 0.0, codes, bool(findings), "the file is refused")
    floor = Floor(CONFIG, quiet(("THIN",)), [THIN])
    floor.order("c1", symbol="THIN", order_qty=500_000)
    floor.run(30)
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), not floor.shares)


# I-10 ----------------------------------------------------------------------------------------------------

STOCK = replace(instrument("BRK"), close=fact(627.4), adv=fact(2_000_000.0))
"""A thousandth of the real one, so that an order is some round lots."""


def bad_bands(ts_ns: int) -> Mapping[str, MarketState]:
    """After three minutes the quote says 0.19, while trades go on at 627.40."""
    late = ts_ns >= OPEN_NS + 180 * NS_PER_SECOND
    state = market_state("BRK", ts_ns=ts_ns, mid=190_000 if late else 627_400_000)
    return {"BRK": replace(state, last_px=627_400_000)}


def implausible(off: int) -> Outcome:
    """An order that is being bought when the feed goes wrong, and one that arrives after."""
    floor = Floor(CONFIG, bad_bands, [STOCK])
    floor.order("c1", symbol="BRK", order_qty=6_000, strategy=Strategy.TWAP, end_ns=OPEN_NS + 1_200 * NS_PER_SECOND)
    floor.run(181)
    before = len(floor.street.orders)
    floor.order("c2", symbol="BRK", order_qty=1_000, strategy=Strategy.SOR)
    floor.run(600)
    wrong = [route for _, route in floor.street.orders[before:] if route.price < 400_000_000]
    note = f"{len(floor.street.orders) - before} orders after the feed went wrong, {len(wrong)} at its price"
    passed = before > 0 and not wrong
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), passed, note)


# I-11 ----------------------------------------------------------------------------------------------------

ISSUE = replace(instrument("SAMS"), shares_outstanding=fact(89_000_000.0), adv=fact(3_000_000.0))


def shares_for_currency(off: int) -> Outcome:
    """Positions 31 times the company's issue are credited, and sixteen people sell."""
    people = (*DIRECTORY.principals, Principal(name="operations-1", role=Role.OPERATIONS, accounts=(ACCOUNT,)))
    risk = RiskPolicy(positions_required=True, mark_every_ms=0)
    config = replace(CONFIG, risk=risk, directory=Directory(principals=people))
    floor = Floor(config, quiet(("SAMS",)), [ISSUE])
    credited = RecordPosition(
        principal="operations-1", account=ACCOUNT, instrument_id="SAMS", qty=2_800_000_000, source="dividend run"
    )
    floor.ask(credited)
    for number in range(16):
        floor.order(f"c{number}", symbol="SAMS", side=Side.SELL, order_qty=1_000_000)
    floor.run(60)
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), not floor.shares)


NO_RATIO = Layer(
    "declared and computed value compared",
    (),
    ((risk_basket, "_ratio", lambda *_: []), (list_checks, "declared", lambda *_: ((), ()))),
)
NO_BASKET_VALUE = Layer("largest value of a basket", (), ((risk_basket, "aggregate", lambda *_: []),))

INCIDENTS = (
    Incident("I-02", "units field, May 2022", (NO_RATIO, NO_BASKET_VALUE), units_for_currency),
    Incident(
        "I-03",
        "mispriced options, August 2013",
        (
            Layer("no price without a two-sided market, in any phase"),
            Layer("price collar and protection", ("collar", "protection", "drift")),
        ),
        all_at_one,
    ),
    Incident("I-07", "limits too wide, 2012 to 2014", (Layer("linter of limits"),), wide_limits, (0, 1)),
    Incident("I-10", "bad bands, June 2024", (), implausible, (0,)),
    Incident(
        "I-11",
        "shares for currency, April 2018",
        (Layer("order above a part of the shares outstanding", ("outstanding",)),),
        shares_for_currency,
        (0, 1),
    ),
)
