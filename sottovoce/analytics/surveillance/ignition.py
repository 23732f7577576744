"""PO-09 momentum ignition: a burst that takes, a move it starts, and a trade back at a profit while the move lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sottovoce.analytics.surveillance.alerts import SECOND, ConductAlert, ConductConfig, Prices
from sottovoce.analytics.surveillance.own_flow import Flow, OwnFill, by_owner_and_name


def momentum_ignition(flow: Flow, config: ConductConfig, prices: Prices) -> list[ConductAlert]:
    """One alert a burst."""
    found = []
    for (owner, instrument_id), (_, fills) in by_owner_and_name(flow).items():
        after_ns = 0
        for burst in _bursts(fills, config):
            if burst[0].ts_ns >= after_ns:
                alert = _judged(owner, instrument_id, burst, fills, prices, config)
                if alert is not None:
                    found.append(alert)
                    after_ns = alert.end_ns
    return found


def _bursts(fills: Sequence[OwnFill], config: ConductConfig) -> Iterator[list[OwnFill]]:
    """Every ignition_fills takes on one side within ignition_s."""
    for sign in (1, -1):
        takes = [each for each in fills if each.took and each.order.sign == sign]
        for last in range(config.ignition_fills - 1, len(takes)):
            burst = takes[last - config.ignition_fills + 1 : last + 1]
            if burst[-1].ts_ns - burst[0].ts_ns <= config.ignition_s * SECOND:
                yield burst


def _judged(
    owner: str,
    instrument_id: str,
    burst: Sequence[OwnFill],
    fills: Sequence[OwnFill],
    prices: Prices,
    config: ConductConfig,
) -> ConductAlert | None:
    """Whether the price went far with the burst, and the position was turned at a profit afterwards."""
    sign, span_ns = burst[0].order.sign, int(config.ignition_s * SECOND)
    begin_ns, end_ns = burst[0].ts_ns, burst[-1].ts_ns
    before, sigma = prices.mid(instrument_id, begin_ns - 1), prices.sigma(instrument_id, span_ns)
    after = prices.mid(instrument_id, begin_ns + span_ns)
    if before is None or after is None or not sigma or sign * (after - before) / sigma < config.ignition_sigma:
        return None
    paid = sum(each.px * each.qty for each in burst) / sum(each.qty for each in burst)
    until_ns = end_ns + int(config.ignition_reverse_s * SECOND)
    back = [
        each
        for each in fills
        if each.order.sign == -sign and end_ns < each.ts_ns <= until_ns and sign * (each.px - paid) > 0
    ]
    if not back:
        return None
    sigmas = sign * (after - before) / sigma
    sentence = (
        f"{owner} took {len(burst)} times in {instrument_id} within {config.ignition_s:g} s, the price moved"
        f" {sigmas:.1f} standard deviations, and it traded back at a profit"
        f" {(back[0].ts_ns - end_ns) / SECOND:.0f} s later."
    )
    return ConductAlert(
        code="momentum_ignition",
        control="PO-09",
        owner=owner,
        instrument_id=instrument_id,
        begin_ns=begin_ns,
        end_ns=back[-1].ts_ns,
        orders=tuple(dict.fromkeys(each.order.cl_ord_id for each in (*burst, *back))),
        figures={"fills": float(len(burst)), "sigmas": sigmas, "back": float(len(back))},
        sentence=sentence,
    )
