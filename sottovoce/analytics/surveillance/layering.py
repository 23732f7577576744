"""PO-06 spoofing and layering: orders shown on one side and taken back as soon as the other side has traded.

Source: MAR article 12(2)(c) and its indicators; the figures are house defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sottovoce.analytics.surveillance.alerts import SECOND, ConductAlert, ConductConfig
from sottovoce.analytics.surveillance.own_flow import Flow, OwnFill, OwnOrder, by_owner_and_name

DAY_NS = 86_400 * SECOND
Episode = tuple[OwnFill, list[OwnOrder], dict[str, float]]


def layering(flow: Flow, config: ConductConfig) -> list[ConductAlert]:
    """One alert an owner, name and UTC day in which there were spoof_episodes of it."""
    found = []
    for (owner, instrument_id), (orders, fills) in by_owner_and_name(flow).items():
        episodes = list(_episodes(orders, fills, config))
        for _, group in groupby(episodes, key=lambda episode: episode[0].ts_ns // DAY_NS):
            of_day = list(group)
            if len(of_day) >= config.spoof_episodes:
                found.append(_alert(owner, instrument_id, of_day))
    return found


def _episodes(orders: Sequence[OwnOrder], fills: Sequence[OwnFill], config: ConductConfig) -> Iterator[Episode]:
    """A fill, and the orders on its other side that went soon after it without having been meant; each order once."""
    used: set[str] = set()
    short = [each for each in orders if 0 < each.ended_ns - each.sent_ns <= config.spoof_life_s * SECOND]
    for fill in fills:
        until_ns = fill.ts_ns + int(config.spoof_fill_s * SECOND)
        pulled = [
            each
            for each in short
            if each.sign == -fill.order.sign
            and each.cl_ord_id not in used
            and each.canceled_qty
            and fill.ts_ns <= each.ended_ns <= until_ns
        ]
        figures = _figures(fill, pulled, orders, config)
        if pulled and _is_one(figures, config):
            used.update(each.cl_ord_id for each in pulled)
            yield fill, pulled, figures


def _figures(
    fill: OwnFill, pulled: Sequence[OwnOrder], orders: Sequence[OwnOrder], config: ConductConfig
) -> dict[str, float]:
    first_ns = fill.ts_ns - int(config.spoof_fill_s * SECOND)
    last_ns = max((each.ended_ns for each in pulled), default=fill.ts_ns)
    around = [each for each in orders if each.sign == -fill.order.sign and first_ns <= each.sent_ns <= last_ns]
    shown = sum(each.qty for each in around)
    return {
        "levels": len({each.px for each in pulled}),
        "size_ratio": sum(each.qty for each in pulled) / fill.order.qty,
        "cancel_part": sum(each.canceled_qty for each in around) / shown if shown else 0.0,
    }


def _is_one(figures: dict[str, float], config: ConductConfig) -> bool:
    large = figures["levels"] >= config.spoof_levels or figures["size_ratio"] >= config.spoof_size_ratio
    return large and figures["cancel_part"] >= config.spoof_cancel_part


def _alert(owner: str, instrument_id: str, episodes: Sequence[Episode]) -> ConductAlert:
    orders = [each for fill, pulled, _ in episodes for each in (fill.order, *pulled)]
    worst = max(episodes, key=lambda episode: episode[2]["size_ratio"])[2]
    sentence = (
        f"{len(episodes)} times orders on the other side of a trade of {owner} in {instrument_id} were taken back"
        f" within seconds of it: up to {worst['size_ratio']:.1f} times its size, {worst['cancel_part']:.0%} canceled."
    )
    return ConductAlert(
        code="layering",
        control="PO-06",
        owner=owner,
        instrument_id=instrument_id,
        begin_ns=min(each.sent_ns for each in orders),
        end_ns=max(each.ended_ns for each in orders),
        orders=tuple(dict.fromkeys(each.cl_ord_id for each in orders)),
        figures={"episodes": float(len(episodes))} | worst,
        sentence=sentence,
    )
