"""What filled where, and why there: a row for each order at a venue, with the router's reason as it was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.analytics.audit.order_record import OrderRecord
from sottovoce.analytics.audit.wording import Wording, clock, shares
from sottovoce.core.enums import OrdType, Peg
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected
from sottovoce.core.orders import Route
from sottovoce.core.route_events import Candidate, ChildRouted, RouteDecided

PARTS = (
    ("price", "price"), ("fee", "fee"), ("adverse", "adverse selection"), ("miss", "risk of no fill"),
    ("preferred", "preferred by the manager"),
)  # fmt: skip
"""The parts of a router's score that are said, with their names; the rest stands in the evidence."""


SCORES = "scores are money a share, higher is better"


class FillRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order at one venue that traded: sent and filled shares, average price, what was undone, and why there."""

    seq: int
    at: str
    venue: str
    sent: int
    filled: int
    px: str
    undone: str
    why: str


def where_filled(record: OrderRecord) -> list[str]:
    """The whole, then a sentence for each venue: shares, average price, trades, and what of it was undone."""
    by_venue: dict[str, list[Fill]] = {}
    for _, fill in record.events(Fill):
        by_venue.setdefault(fill.venue, []).append(fill)
    if not by_venue:
        return ["Nothing filled."]
    undone = _undone(record)
    said = [_at_venue(venue, fills, undone, record.wording) for venue, fills in sorted(by_venue.items())]
    fills = [fill for each in by_venue.values() for fill in each]
    busted = sum(bust.qty for _, bust in record.events(FillBusted))
    stands = f", of which {shares(busted)} were undone later" if busted else ""
    whole = f"In all {shares(sum(each.qty for each in fills))} shares at {_average(fills, record.wording)}{stands}."
    return [whole, *said, f"Every order that traded, with the router's reason ({SCORES}):"]


def fill_rows(record: OrderRecord) -> list[FillRow]:
    """Every order at a venue that traded, in the order they were sent."""
    decisions = {x.decision_id: x for _, x in record.events(RouteDecided)}
    fills: dict[str, list[Fill]] = {}
    for _, fill in record.events(Fill):
        fills.setdefault(fill.cl_ord_id, []).append(fill)
    undone = _undone(record)
    rows = []
    for seq, sent in record.events(ChildRouted):
        traded = fills.get(sent.route.cl_ord_id)
        if traded:
            why = why_venue(sent.route, decisions.get(sent.decision_id), record.wording)
            rows.append(_row(seq, sent, traded, undone, why, record.wording))
    return rows


def why_venue(route: Route, decision: RouteDecided | None, w: Wording) -> str:
    """Why this venue got this much of the child, by the recorded decision."""
    found = () if decision is None else [each for each in decision.candidates if each.venue == route.venue]
    if decision is None or not found:
        return "no reason is recorded"
    market = f"the market was {w.px(decision.bid)} to {w.px(decision.ask)}"
    if route.ord_type is OrdType.PEGGED and route.peg is Peg.MID:
        return f"the part of the child that the plan offers unseen, at the middle of the market; {market}"
    ranked = _ranked([each for each in decision.candidates if each.eligible], decision.winner)
    place, best = ranked.index(found[0]) + 1, ranked[0]
    if place == 1:
        parts = ", ".join(f"{name} {w.bps(getattr(best, part))}" for part, name in PARTS if getattr(best, part))
        tried = "; chosen over the best to learn about it" if decision.explored else ""
        return f"best of {len(ranked)} venues by score: {parts}{tried}; {market}"
    behind = w.bps(found[0].score - best.score)
    return f"{_ordinal(place)} of {len(ranked)}, {behind} against {best.venue}, for what the better ones did not show"


def _ranked(eligible: Sequence[Candidate], winner: str) -> list[Candidate]:
    return sorted(eligible, key=lambda each: (each.venue != winner, -each.score, each.venue))


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(number, f"number {number}")


def _row(
    seq: int, sent: ChildRouted, traded: Sequence[Fill], undone: Mapping[tuple[str, str], str], why: str, w: Wording
) -> FillRow:
    fates = [undone[each.cl_ord_id, each.exec_id] for each in traded if (each.cl_ord_id, each.exec_id) in undone]
    return FillRow(
        seq=seq, at=clock(sent.ts_ns), venue=sent.route.venue, sent=sent.route.qty,
        filled=sum(each.qty for each in traded), px=_average(traded, w), undone="; ".join(fates), why=why,
    )  # fmt: skip


def _at_venue(venue: str, fills: Sequence[Fill], undone: Mapping[tuple[str, str], str], w: Wording) -> str:
    qty = shares(sum(each.qty for each in fills))
    times = f"between {clock(fills[0].ts_ns)} and {clock(fills[-1].ts_ns)}"
    trades = "1 trade" if len(fills) == 1 else f"{len(fills)} trades"
    fates = [undone[each.cl_ord_id, each.exec_id] for each in fills if (each.cl_ord_id, each.exec_id) in undone]
    later = f"; {'; '.join(fates)}" if fates else ""
    return f"{venue}: {qty} shares at {_average(fills, w)} on average, {trades} {times}{later}."


def _average(fills: Sequence[Fill], w: Wording) -> str:
    qty = sum(each.qty for each in fills)
    return f"{sum(each.qty * each.px for each in fills) / qty / w.scale:,.4f} {w.currency}".strip()


def _undone(record: OrderRecord) -> dict[tuple[str, str], str]:
    """(order at the venue, trade) → what became of the trade later, where something did."""
    fates = {}
    for _, event in record.events(FillBusted, FillCorrected):
        busted = isinstance(event, FillBusted)
        said = f"{shares(event.qty)} undone" if busted else f"corrected to {shares(event.qty)}"
        fates[event.cl_ord_id, event.exec_ref_id] = f"{said} at {clock(event.ts_ns)}"
    return fates
