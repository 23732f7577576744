"""PO-07 wash and matched trades: one beneficial owner on both sides at the same price, size and time, at any venues."""

from __future__ import annotations

from sottovoce.analytics.surveillance.alerts import SECOND, ConductAlert, ConductConfig
from sottovoce.analytics.surveillance.own_flow import Flow, OwnFill, by_owner_and_name


def wash_trades(flow: Flow, config: ConductConfig) -> list[ConductAlert]:
    """One alert a pair; a fill is in one pair only, with the nearest opposite one in time."""
    found = []
    for (owner, instrument_id), (_, fills) in by_owner_and_name(flow).items():
        waiting: dict[tuple[int, int, int], list[OwnFill]] = {}
        for fill in fills:
            other_side = waiting.get((fill.px, fill.qty, -fill.order.sign), [])
            while other_side and fill.ts_ns - other_side[0].ts_ns > config.wash_s * SECOND:
                other_side.pop(0)
            if other_side:
                found.append(_alert(owner, instrument_id, other_side.pop(), fill))
            else:
                waiting.setdefault((fill.px, fill.qty, fill.order.sign), []).append(fill)
    return found


def _alert(owner: str, instrument_id: str, one: OwnFill, other: OwnFill) -> ConductAlert:
    apart_s = (other.ts_ns - one.ts_ns) / SECOND
    sentence = (
        f"{owner} bought and sold {one.qty:,} {instrument_id} at the same price within {apart_s:.3f} s,"
        f" at {one.order.venue} and {other.order.venue}: nobody's position changed."
    )
    return ConductAlert(
        code="wash_trade",
        control="PO-07",
        owner=owner,
        instrument_id=instrument_id,
        begin_ns=one.ts_ns,
        end_ns=other.ts_ns,
        orders=(one.order.cl_ord_id, other.order.cl_ord_id),
        figures={"qty": float(one.qty), "px": float(one.px), "apart_s": apart_s},
        sentence=sentence,
    )
