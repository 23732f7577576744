"""Incidents in which a program ran away: I-01, I-04, I-05, I-08."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.enums import Side
from sottovoce.core.errors import ConfigError
from sottovoce.core.market import MarketView
from sottovoce.core.orders import ParentOrder
from sottovoce.runtime.config import Config
from sottovoce.runtime.uniformity import Build, Group
from sottovoce.stages.risk.limits import ExposureLimit, RiskLimits
from tests.incidents.floor import SECOND, Floor, States, Wish
from tests.incidents.layers import CONSERVATION, GUARD, LEDGERS, Incident, Layer, Outcome
from tests.scenarios.small_desk import ACCOUNT, DIRECTORY, MID, NO_APPROVAL, OPEN_NS, TICK, instrument, market_state

FIRM_GROSS = 500_000_000
LIMITS = RiskLimits(
    exposures=dict.fromkeys(("", ACCOUNT), ExposureLimit(gross=FIRM_GROSS, net=FIRM_GROSS)),
    house={"price_age_liquid_ns": 60 * SECOND},
)
"""A desk of the house's own figures (docs/reference/controls.md), with the exposure limits of a middling firm."""

CONFIG = Config(directory=DIRECTORY, limits=LIMITS, approval=NO_APPROVAL)


def quiet(names: Sequence[str], mid: int = MID) -> States:
    """A two-cent market that does not move."""
    return lambda ts_ns: {name: market_state(name, ts_ns=ts_ns, mid=mid) for name in names}


# I-01 ----------------------------------------------------------------------------------------------------

ROUTERS, PARENTS, PER_PARENT = 8, 212, 1_000
NEW = Build(version="power-peg-gone", source="b" * 64, config="c" * 64)
OLD = Build(version="power-peg", source="a" * 64, config="c" * 64)
NAMES = tuple(f"N{number:03}" for number in range(154))


def ignores_fills(order: ParentOrder, look: int, view: MarketView) -> Sequence[Wish]:
    """The retired code: the whole order again at every look, since nothing counts what has traded."""
    return (Wish(qty=order.order_qty, px=MID + order.side.sign * TICK),)


def _group() -> Group:
    """Seven of eight have the new build; the pre-open warnings are what report() returns."""
    group = Group(NEW, [f"router-{number}" for number in range(1, ROUTERS + 1)])
    for number in range(1, ROUTERS + 1):
        warnings = group.report(f"router-{number}", OLD if number == ROUTERS else NEW)
    assert any("router-8 runs power-peg" in warning for warning in warnings)
    return group


def runaway_router(off: int) -> Outcome:
    """Eight instances share 212 orders; the eighth ignores its fills. Ten seconds of it."""
    if off == 0:
        return _group_refuses(_group())
    names = [instrument(name) for name in NAMES]
    share = range(ROUTERS - 1, PARENTS, ROUTERS)
    gap_ns = len(share) * SECOND // 1_480
    floor = Floor(CONFIG, quiet(NAMES), names, broken=(ignores_fills, gap_ns), fills=True)
    for number in share:
        side = Side.BUY if number % 2 else Side.SELL
        floor.order(f"c{number}", symbol=NAMES[number % 154], side=side, order_qty=PER_PARENT)
    asked = len(share) * PER_PARENT
    floor.run(10)
    excess, orders = max(floor.shares - asked, 0), len(floor.street.orders)
    last_ns = max((at_ns for at_ns, _ in floor.street.orders), default=OPEN_NS)
    within = orders <= 150 and floor.value <= FIRM_GROSS and last_ns - OPEN_NS <= 2 * SECOND
    passed = excess == 0 if off == 1 else within
    note = f"{excess:,} shares too many, last order {(last_ns - OPEN_NS) / SECOND:.1f} s after the open"
    return Outcome(orders, floor.shares, floor.value, floor.stopped_by(), passed, note)


def _group_refuses(group: Group) -> Outcome:
    """No start; and rolling the other seven back makes it no better."""
    refused = ""
    try:
        group.start()
    except ConfigError as error:
        refused = error.code
    for number in range(1, ROUTERS):
        group.report(f"router-{number}", OLD)
    blocked = not any(group.may_trade(f"router-{number}") for number in range(1, ROUTERS + 1))
    passed = refused == "mixed_builds" and blocked
    return Outcome(0, 0, 0.0, (refused,), passed, "no instance may trade, before or after the roll-back")


# I-04 ----------------------------------------------------------------------------------------------------


def one_lot_storm(order: ParentOrder, look: int, view: MarketView) -> Sequence[Wish]:
    """2,256 one-lot buys a second, each at the offer."""
    return (Wish(qty=1, px=MID + TICK),)


def untested_algorithm(off: int) -> Outcome:
    """Three seconds of it, for an order of 6,767."""
    floor = Floor(CONFIG, quiet(("ACME",)), [instrument("ACME")], broken=(one_lot_storm, SECOND // 2_256), fills=True)
    floor.order("c1", order_qty=6_767)
    floor.run(3)
    return _storm(floor)


def _storm(floor: Floor) -> Outcome:
    """Passed: at most 150 orders left, the last within a second, and something is latched."""
    orders = len(floor.street.orders)
    last_s = (max((at_ns for at_ns, _ in floor.street.orders), default=OPEN_NS) - OPEN_NS) / SECOND
    passed = orders <= 150 and last_s < 1.0
    return Outcome(orders, floor.shares, floor.value, floor.stopped_by(), passed, f"last order after {last_s:.2f} s")


# I-08 ----------------------------------------------------------------------------------------------------


def takes_unsent_for_unfilled(order: ParentOrder, look: int, view: MarketView) -> Sequence[Wish]:
    """Every cycle it sends again each leg that has not been confirmed."""
    return (Wish(qty=order.order_qty, px=MID + TICK),)


def arbitrage_again(off: int) -> Outcome:
    """Twenty legs of 24, twenty cycles a second, on a street that confirms nothing for five seconds."""
    legs = tuple(f"L{number:02}" for number in range(24))
    names = [instrument(name) for name in legs]
    floor = Floor(CONFIG, quiet(legs), names, broken=(takes_unsent_for_unfilled, SECOND // 20), answers=False)
    for number, name in enumerate(legs):
        floor.order(f"c{number}", symbol=name, order_qty=10_000)
    floor.run(5)
    once = 24 * 10_000
    orders = {route.parent_id for _, route in floor.street.orders}
    each_once = floor.shares == once and len(orders) == 24
    note = f"{floor.shares / once:.2f} times what was asked for"
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), each_once, note)


INCIDENTS = (
    Incident(
        "I-01",
        "router runaway, August 2012",
        (
            Layer("one version of every router"),
            CONSERVATION,
        ),
        runaway_router,
    ),
    Incident(
        "I-04",
        "untested algorithm, February 2010",
        (Layer("message rates", ("message_rate",)), Layer("position limit", ("position_value", "position_adv"))),
        untested_algorithm,
        (0,),
    ),
    Incident(
        "I-08",
        "arbitrage order sent again, August 2013",
        (GUARD, LEDGERS),
        arbitrage_again,
    ),
)
