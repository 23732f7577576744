"""Selling what one has, and what one has not: marking, locates, the price test (Regulation SHO)."""

from __future__ import annotations

from sottovoce.core.enums import Side
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.market import MarketState, Unusable
from sottovoce.core.reasons import failure
from sottovoce.models.protections.short_sale import PPM, SHORT_SALE_RULES
from sottovoce.stages.risk.case import STAGE, Case, Found, price

OWN = "own"
"""The source of a restriction this desk has computed by itself."""


def deliverable(case: Case) -> int:
    """Shares of the account's long position that no open order is selling already."""
    return 0 if case.line is None else max(case.line.qty - case.line.sell_qty, 0)


def marking(case: Case) -> Found:
    """PT-15: long only what is held and not on sale already; short only what is not held.

    Positions nobody has recorded cannot be marked from: then the sale stops, unless the firm takes the client's word.
    """
    if case.sign > 0 or case.added_qty <= 0:
        return None
    if case.path.account not in case.state.known_accounts:
        required = case.policy.positions_required
        return [failure(STAGE, "positions_unknown", case.path.account)] if required else None
    long, mark = deliverable(case), case.order.side
    right = Side.SELL if case.added_qty <= long else Side.SELL_SHORT
    if mark is right:
        return None
    return [failure(STAGE, "marking_wrong", mark.value, right.value, long)]


def locate(case: Case) -> Found:
    """PT-16: a short sale needs shares set aside for it, today, unless its name is easy to borrow and not hard."""
    if not case.short or case.added_qty <= 0 or case.levels.lists.easy_to_borrow:
        return None
    locate_id = case.order.locate_id
    if not locate_id:
        return [failure(STAGE, "locate_missing", case.path.instrument_id)]
    found = case.state.locates.get(locate_id)
    if found is None or (found.account, found.instrument_id) != (case.path.account, case.path.instrument_id):
        return [failure(STAGE, "locate_unknown", locate_id)]
    if case.ts_ns >= found.expires_ns:
        return [failure(STAGE, "locate_expired", locate_id)]
    if case.added_qty > found.left:
        return [failure(STAGE, "locate_used", case.added_qty, found.qty, found.left)]
    return None


def price_test(case: Case) -> Found:
    """PT-17: while restricted, by the market's flag or our own look, a short sale is priced above the best bid.

    A name whose prior close or last sale is not known cannot be looked at, so it counts as restricted.
    """
    if not case.short or case.child is None or isinstance(case.quote, Unusable):
        return None
    flagged = case.state.short_tests.get(case.path.instrument_id, 0) > case.ts_ns
    if not flagged and fallen(case) is False:
        return None
    bid = case.quote.bid
    return [failure(STAGE, "short_price_test", price(case.px), f"above {price(bid)}", 0)] if case.px <= bid else None


def fallen(case: Case) -> bool | None:
    """Whether the last sale is at or below the trigger: 90 % of the prior close by the rule in force; None: unknown."""
    return fallen_to(case.market, case.instrument)


def fallen_to(market: MarketState | None, instrument: Instrument | None) -> bool | None:
    """The same of a name and its market."""
    close = None if instrument is None else known(instrument.close)
    if market is None or market.last_px <= 0 or close is None or instrument is None:
        return None
    close_px = round(close * instrument.price_scale)
    return market.last_px * PPM <= close_px * (PPM - SHORT_SALE_RULES[-1].fall_ppm)
