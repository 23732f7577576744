"""PO-11: small probes before a parent of the same hand, and the house ahead of a client in the same name."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sottovoce.analytics.surveillance.alerts import SECOND, ConductAlert, ConductConfig
from sottovoce.analytics.surveillance.own_flow import Flow, Parent


def probing(flow: Flow, config: ConductConfig) -> list[ConductAlert]:
    """A small order by the same person in the same name shortly before a large one."""
    return [
        _alert("probing", small, large, f"{small.principal} sent {small.qty:,} in {small.account}")
        for small, large in _before(flow.parents, config)
        if small.principal == large.principal and small.qty <= config.probe_part * large.qty
    ]


def front_running(flow: Flow, config: ConductConfig, house: Collection[str]) -> list[ConductAlert]:
    """An order for an account of the house shortly before a client's, the same way. house: the firm's own accounts."""
    return [
        _alert("front_running", own, client, f"{own.account}, an account of the house, had {own.qty:,} sent")
        for own, client in _before(flow.parents, config)
        if own.account in house and client.account not in house and own.sign == client.sign
    ]


def _before(parents: Sequence[Parent], config: ConductConfig) -> list[tuple[Parent, Parent]]:
    """Pairs in one name, the earlier first, at most probe_s apart."""
    span_ns, recent, found = int(config.probe_s * SECOND), list[Parent](), list[tuple[Parent, Parent]]()
    for parent in parents:
        recent = [each for each in recent if parent.accepted_ns - each.accepted_ns <= span_ns]
        found += [(each, parent) for each in recent if each.instrument_id == parent.instrument_id]
        recent.append(parent)
    return found


def _alert(code: str, first: Parent, then: Parent, what: str) -> ConductAlert:
    apart_s = (then.accepted_ns - first.accepted_ns) / SECOND
    sentence = f"{what} {apart_s:.0f} s before {then.qty:,} {then.instrument_id} for {then.account}."
    return ConductAlert(
        code=code,
        control="PO-11",
        owner=first.owner,
        instrument_id=first.instrument_id,
        begin_ns=first.accepted_ns,
        end_ns=then.accepted_ns,
        orders=(first.parent_id, then.parent_id),
        figures={"first_qty": float(first.qty), "then_qty": float(then.qty)},
        sentence=sentence,
    )
