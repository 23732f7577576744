"""Every reason an order, a child or a request can be stopped for: a stable code, and what to do about it.

Programs match on the code and it never changes its meaning; the sentence is for people. The reference page of
these codes is generated from this table, and a test proves that no code is used that is not in it.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.orders import Failure


class Reason(msgspec.Struct, frozen=True):
    """What a code means, what the person can do, and the control it implements, if any."""

    meaning: str
    action: str
    control: str = ""


_R = Reason
REASONS: dict[str, Reason] = {
    # access
    "unknown_principal": _R("the caller is not known", "ask operations to enter the caller in the directory"),
    "not_entitled": _R("the caller's role does not allow this", "ask someone whose role does", "PT-12"),
    "account_not_entitled": _R("the caller may not trade this account", "use an account of yours", "PT-12"),
    "halted": _R("trading is halted for this scope", "wait until risk lifts the halt", "AT-01"),
    # idempotency
    "client_id_reused": _R("the client order id was used with another body", "send it under a new client id", "PT-08"),
    # syntax
    "bad_identifier": _R("an identifier is empty, too long or has characters outside A-Z a-z 0-9 . _ : -",
                         "use 1 to 64 plain characters", "PT-24"),
    "size_missing": _R("neither a quantity nor a notional was given", "give one of the two", "PT-24"),
    "size_twice": _R("a quantity and a notional were both given", "give one of the two", "PT-25"),
    "bad_quantity": _R("the quantity is not a positive whole number of shares", "correct the quantity", "PT-24"),
    "bad_notional": _R("the notional is not a positive plain decimal", "correct the notional", "PT-24"),
    "bad_price": _R("a price is not a positive plain decimal", "correct the price", "PT-24"),
    "price_missing": _R("a limit order needs a price", "give the limit price", "PT-24"),
    "price_unexpected": _R("a market order carries no price", "make it a limit order or drop the price", "PT-24"),
    "bad_participation": _R("a participation is not a decimal above 0 and at most 0.5", "correct it", "PT-24"),
    "participation_missing": _R("a participation strategy needs a rate", "give the rate", "PT-24"),
    "bad_horizon": _R("the horizon ends before it starts or is not 1 to 20 sessions", "correct the horizon", "PT-23"),
    "bad_time_in_force": _R("this time in force does not go with this strategy", "drop one of the two", "PT-24"),
    # reference
    "unknown_symbol": _R("no instrument of that name is in the master", "check the symbol", "PT-24"),
    "currency_mismatch": _R("the notional is in another currency than the instrument", "convert it first", "PT-23"),
    "rule_missing": _R("no dated rule or session covers this order", "load it, or change the date", "PT-18"),
    "off_tick": _R("the price is not a multiple of the tick", "move the price to a tick", "PT-18"),
    "notional_below_one_share": _R("the notional buys less than one share", "raise the notional", "PT-24"),
    # state
    "no_market_data": _R("no quote has been received", "wait for the feed", "PT-26"),
    "market_closed": _R("the market is closed", "send it in a session", "PT-23"),
    "market_halted": _R("the instrument is halted", "wait for the reopening", "PT-19"),
    "one_sided_quote": _R("the quote has one side only", "wait for a two-sided market", "PT-07"),
    "crossed_quote": _R("the quote is locked or crossed and is not a price", "wait for a sound quote", "PT-20"),
    "stale_quote": _R("the last quote is too old to act on", "wait for the feed", "PT-26"),
    "horizon_past": _R("the horizon has ended already", "give a later end", "PT-23"),
    "unknown_order": _R("no such order is open", "check the order id"),
    "below_done": _R("the new quantity is not above zero or exceeds what can be asked for",
                     "give a positive quantity"),
    "nothing_to_change": _R("the amendment changes nothing", "give a new quantity or limit"),
    # risk
    "limit_missing": _R("a mandatory limit has no row for this account", "ask risk to set it", "PT-01"),
    "restricted": _R("the instrument is on the restricted list", "ask compliance", "PT-12"),
    "locate_missing": _R("a short sale needs a locate", "short sales are not supported yet", "PT-16"),
    "order_value": _R("the order is worth more than the hard limit", "reduce it, or ask risk for a limit change",
                      "PT-02"),
    "order_quantity": _R("the order is larger than the hard limit in shares", "reduce it", "PT-03"),
    "order_adv": _R("the order is a larger part of average daily volume than allowed", "reduce it", "PT-03"),
    "adv_unknown": _R("average daily volume is not known, so the size cannot be judged", "load the figure", "PT-26"),
    "price_collar": _R("the price is too far through the market", "bring the price nearer to the market", "PT-05"),
    "gross_exposure": _R("the worst case would exceed the gross exposure limit", "reduce, or free exposure", "PT-01"),
    "net_exposure": _R("the worst case would exceed the net exposure limit", "reduce, or trade the other side",
                       "PT-01"),
    "child_value": _R("the child is worth more than the hard limit", "check the algorithm's clip", "PT-02"),
    "child_adv": _R("the child is a larger part of average daily volume than allowed", "check the clip", "PT-03"),
    "beyond_limit": _R("the child's price is beyond its parent's limit", "a defect: call operations", "AT-05"),
    "beyond_reserve": _R("the market has moved past the price the order's exposure was reserved at",
                         "cancel and enter the rest again", "PT-01"),
    "not_reserved": _R("the child is not covered by its parent's reservation", "a defect: call operations", "AT-05"),
    # planning and approval
    "no_adv": _R("the strategy needs average daily volume and none is known", "load the figure or use TWAP"),
    "no_sigma": _R("the strategy needs a volatility and none is known", "load the figure or use TWAP"),
    "no_horizon": _R("no trading time is left in the horizon", "give a later end", "PT-23"),
    "E-RM-1:value": _R("the order is large enough to need a second person", "ask risk to release it", "PT-27"),
    "E-RM-1:adv": _R("the order is a large part of daily volume", "ask risk to release it", "PT-27"),
    "E-RM-1:cost": _R("the order is expected to cost more than a desk may decide alone", "ask risk to release it",
                      "PT-27"),
    "approval_required": _R("the larger size needs an approval of its own", "enter the rest as a new order", "PT-27"),
    "not_working": _R("the order is not being worked yet", "cancel it and enter it again"),
    "not_held": _R("the order is not waiting for an approval", "nothing to release"),
    "self_approval": _R("nobody may release an order of their own", "ask another person of the risk role", "PT-27"),
    "digest_mismatch": _R("what was approved is not what is held now", "look at the plan again", "PT-27"),
    "approval_expired": _R("nobody released the order in time", "enter it again", "PT-27"),
    "approval_refused": _R("a person declined to release the order", "see the reason given", "PT-27"),
    # routing
    "no_venue": _R("no venue can take this child", "see each candidate's reason"),
    "venue_min_qty": _R("the quantity is below the venue's minimum", "none: the rest goes elsewhere"),
    "venue_no_quote": _R("the venue shows no price on that side", "none: another venue is used"),
    "venue_not_wanted": _R("the order's venue preference excludes it", "none: another venue is used"),
    "venue_through_limit": _R("the venue's price is outside the child's limit", "none: another venue is used"),
    # venue reports
    "unknown_route": _R("a report names an order that was never sent", "call the venue"),
    "bad_trade": _R("a trade has no quantity or no price", "call the venue"),
    "bad_replace": _R("a replace has no quantity", "call the venue"),
    "bust_of_unknown": _R("a bust names a trade that is not known", "call the venue", "PO-05"),
    "bad_bust": _R("a bust is larger than its trade", "call the venue", "PO-05"),
    "correct_of_unknown": _R("a correction names a trade that is not known", "call the venue", "PO-05"),
    "wrong_venue": _R("a report comes from a venue the order was not sent to", "call the venue"),
    "poisoned": _R("a step failed inside and was undone", "a defect: call operations"),
}  # fmt: skip


def failure(stage: str, code: str, value: object, limit: object = "", room: object = "") -> Failure:
    """A failed check, worded from the table."""
    reason = REASONS[code]
    return Failure(
        stage=stage,
        code=code,
        value=str(value),
        limit=str(limit),
        room=str(room),
        action=reason.action,
        control=reason.control,
    )


def sentence(failed: Failure) -> str:
    """A failure as a person reads it: meaning, figures, what to do."""
    parts = [REASONS[failed.code].meaning, f"value {failed.value}"]
    if failed.limit:
        parts.append(f"limit {failed.limit}")
    if failed.room:
        parts.append(f"room left {failed.room}")
    return f"[{failed.code}] {', '.join(parts)}; {failed.action}"
