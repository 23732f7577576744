"""Syntax of what an order says of its pace: the band of its participation, the price it would trade at, its impact."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Strategy, TimeInForce
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.text import shown
from sottovoce.stages.gateway.checking import NOTHING, SYNTAX
from sottovoce.stages.gateway.written import QTY_MAX, bad_price_text, read_decimal, read_impact_ppm, read_ppm, whole

UNPACED = (Strategy.SOR, Strategy.CLOSE)
"""Strategies without a schedule that could be left or slowed."""


def band(order: NewOrder) -> Sequence[Failure]:
    """Two rates, the lower first, around the rate itself and under the maximum; for a participation strategy."""
    given = (order.participation_min, order.participation_max)
    if given == (None, None):
        return NOTHING
    if order.strategy is not Strategy.POV:
        return [failure(SYNTAX, "band_without_pov", "none" if order.strategy is None else order.strategy.value)]
    asked = (given[0], order.participation, given[1], order.max_participation)
    rates = [read_ppm(text) for text in asked if text is not None]
    read = [rate for rate in rates if rate is not None]
    if None in given or len(read) < len(rates) or read != sorted(read):
        words = " … ".join(shown(text) if text is not None else "none" for text in given)
        most = "0.5" if order.max_participation is None else shown(order.max_participation)
        return [failure(SYNTAX, "bad_band", words, f"above 0, at most {most}")]
    return NOTHING


def would(order: NewOrder) -> Sequence[Failure]:
    """A price, perhaps with a quantity, of an order that has a schedule."""
    if order.would_price is None:
        missing = order.would_qty is not None
        return [failure(SYNTAX, "would_price_missing", whole(order.would_qty or 0))] if missing else NOTHING
    found = []
    if bad_price_text(order.would_price):
        found.append(failure(SYNTAX, "bad_price", shown(order.would_price)))
    if order.would_qty is not None and not 1 <= order.would_qty <= QTY_MAX:
        found.append(failure(SYNTAX, "bad_quantity", whole(order.would_qty), f"1 to {QTY_MAX}"))
    elif order.would_qty is not None and order.order_qty is not None and order.would_qty > order.order_qty:
        found.append(failure(SYNTAX, "bad_quantity", whole(order.would_qty), f"1 to {whole(order.order_qty)}"))
    return [*found, *_past_limit(order), *_unpaced(order, "would_unscheduled")]


def _past_limit(order: NewOrder) -> list[Failure]:
    """A price the order's own limit forbids can never be traded at."""
    limit, price = read_decimal(order.price or ""), read_decimal(order.would_price or "")
    if limit is None or price is None or (price - limit) * order.side.sign <= 0:
        return []
    return [failure(SYNTAX, "would_past_limit", shown(order.would_price or ""), shown(order.price or ""))]


def impact_limit(order: NewOrder) -> Sequence[Failure]:
    """A limit in bps, of an order that has a pace."""
    if order.max_impact_bps is None:
        return NOTHING
    found = []
    if read_impact_ppm(order.max_impact_bps) is None:
        found.append(failure(SYNTAX, "bad_impact_limit", shown(order.max_impact_bps), "above 0, at most 10000"))
    return [*found, *_unpaced(order, "impact_unscheduled")]


def _unpaced(order: NewOrder, code: str) -> list[Failure]:
    if order.strategy in UNPACED or order.time_in_force is TimeInForce.AT_THE_CLOSE:
        return [failure(SYNTAX, code, Strategy.CLOSE.value if order.strategy is None else order.strategy.value)]
    return []
