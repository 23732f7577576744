"""PO-08 marking the close: an undue part of the last minutes' volume while the price goes the way that pays us."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.surveillance.alerts import SECOND, ConductAlert, ConductConfig, Prices
from sottovoce.analytics.surveillance.own_flow import Flow, OwnFill, by_owner_and_name
from sottovoce.core.ports import Session

AUCTION_NS = 1_200 * SECOND
"""A closing auction prints within this of the close."""


def marking_the_close(
    flow: Flow, config: ConductConfig, prices: Prices, sessions: Sequence[Session]
) -> list[ConductAlert]:
    """One alert an owner, name and session. Nothing can be said where nobody knows the volume or the price."""
    found = []
    for (owner, instrument_id), (_, fills) in by_owner_and_name(flow).items():
        for session in sessions:
            begin_ns = session.close_ns - int(config.close_window_s * SECOND)
            late = [each for each in fills if begin_ns < each.ts_ns <= session.close_ns + AUCTION_NS]
            alert = _judged(owner, instrument_id, late, begin_ns, session, prices, config)
            if alert is not None:
                found.append(alert)
    return found


def _judged(
    owner: str,
    instrument_id: str,
    late: Sequence[OwnFill],
    begin_ns: int,
    session: Session,
    prices: Prices,
    config: ConductConfig,
) -> ConductAlert | None:
    end_ns = session.close_ns + AUCTION_NS
    volume = prices.volume(instrument_id, begin_ns, end_ns)
    first, last = prices.mid(instrument_id, begin_ns), prices.mid(instrument_id, session.close_ns)
    sigma = prices.sigma(instrument_id, session.close_ns - begin_ns)
    if not late or not volume or first is None or last is None or not sigma:
        return None
    net = sum(each.order.sign * each.qty for each in late)
    part, move = abs(net) / volume, (last - first) / sigma
    favour = move if net > 0 else -move
    if part <= config.close_volume_part or favour <= config.close_sigma:
        return None
    sentence = (
        f"{owner} traded {part:.0%} of the volume in {instrument_id} at the end of {session.date}, and the price went"
        f" {favour:.1f} standard deviations its way."
    )
    return ConductAlert(
        code="marking_the_close",
        control="PO-08",
        owner=owner,
        instrument_id=instrument_id,
        begin_ns=late[0].ts_ns,
        end_ns=late[-1].ts_ns,
        orders=tuple(dict.fromkeys(each.order.cl_ord_id for each in late)),
        figures={"volume_part": part, "sigmas": favour},
        sentence=sentence,
    )
