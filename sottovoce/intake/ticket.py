"""What was understood of one order: the result of a sentence or of an order file.

Every decimal travels as text ("0.10", "72.5"), every quantity of shares as an integer. A Ticket never
says more than its source: what is unknown is None and listed in `missing`, what is wrong is in `issues`.
Status follows from both: rejected if an issue forbids it, else incomplete if anything is missing or open,
else complete.
"""

from __future__ import annotations

import msgspec

REJECTING = frozenset(
    {
        "approval_requested",
        "bypass_requested",
        "conflicting_price",
        "conflicting_side",
        "conflicting_size",
        "conflicting_time",
        "instruction_in_data",
        "negative_value",
        "non_finite",
        "out_of_range",
        "zero_quantity",
    }
)
"""Issues that refuse a ticket; any other issue leaves it incomplete."""

OPEN_ISSUES = frozenset({"ambiguous_unit", "symbol_ambiguous", "symbol_unresolved", "unparsed_text"})
"""Issues that ask a question."""


class Notional(msgspec.Struct, frozen=True, kw_only=True):
    """A size in money: amount as a decimal, ccy as an ISO 4217 code."""

    amount: str
    ccy: str


class QuantityRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A size relative to something else: fractions of the position held, or of average daily volume."""

    pct_of_position: str | None = None
    pct_adv: str | None = None


class Leg(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a basket; what is None was not said."""

    symbol: str | None = None
    side: str | None = None
    quantity: int | None = None
    notional: Notional | None = None
    quantity_rule: QuantityRule | None = None
    limit: str | None = None


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """One target of a rebalance: weight as a fraction of the account's value."""

    symbol: str | None
    weight: str


class AlgoParams(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Parameters of the named algorithm: fractions of market volume, and what a peg follows."""

    participation: str | None = None
    participation_min: str | None = None
    participation_max: str | None = None
    peg: str | None = None


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    """When to work: start "now", "open" or HH:MM; end "close" or HH:MM; trading days; minutes; zone."""

    start: str = "now"
    end: str | None = None
    days: int = 1
    minutes: int | None = None
    tz: str = "venue"


class Would(msgspec.Struct, frozen=True, kw_only=True):
    """At this price or better, do this much at once: "all" or a number of shares."""

    price: str
    quantity: int | str = "all"


class Constraints(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Bounds on how an order is worked. Fractions are decimals, quantities are shares."""

    cash_neutral: bool | None = None
    close_auction: bool | None = None
    dark: str | None = None
    display_qty: int | None = None
    dollar_neutral: bool | None = None
    locate_id: str | None = None
    max_impact_bps: str | None = None
    max_participation: str | None = None
    max_pct_adv: str | None = None
    min_exec_qty: int | None = None
    open_auction: bool | None = None
    post_only: bool | None = None
    venues_exclude: list[str] | None = None
    venues_include: list[str] | None = None
    would: Would | None = None


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which existing orders are meant; an empty scope is everything the caller may touch."""

    order_id: str | None = None
    symbol: str | None = None
    side: str | None = None
    owner: str | None = None
    basket: str | None = None


class Changes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to change of an existing order."""

    algo: str | None = None
    end: str | None = None
    limit: str | None = None
    max_participation: str | None = None
    participation: str | None = None
    quantity: int | None = None
    quantity_delta: int | None = None
    start: str | None = None
    stop: str | None = None
    tif: str | None = None
    urgency: str | None = None


class Query(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question: what is asked for, against which benchmark, over how many last minutes."""

    metric: str
    benchmark: str | None = None
    window_minutes: int | None = None


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One instruction as understood. `words` maps a field to the words it was read from."""

    intent: str = "new"
    status: str = "incomplete"
    missing: list[str] = []
    issues: list[str] = []
    symbol: str | None = None
    side: str | None = None
    quantity: int | None = None
    notional: Notional | None = None
    quantity_rule: QuantityRule | None = None
    legs: list[Leg] = []
    targets: list[Weight] = []
    algo: str | None = None
    algo_params: AlgoParams = AlgoParams()
    order_type: str = "market"
    limit: str | None = None
    stop: str | None = None
    tif: str = "DAY"
    horizon: Horizon = Horizon()
    urgency: str = "medium"
    constraints: Constraints = Constraints()
    account: str | None = None
    target: Scope | None = None
    changes: Changes = Changes()
    query: Query | None = None
    cl_ord_id: str | None = None
    words: dict[str, str] = {}


def status_of(missing: list[str], issues: list[str]) -> str:
    """Status of a ticket with these gaps and issues: rejected, incomplete or complete."""
    if REJECTING.intersection(issues):
        return "rejected"
    return "incomplete" if missing or issues else "complete"
