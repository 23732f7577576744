"""PO-10 quote stuffing: bursts of messages to a venue, or many for each trade."""

from __future__ import annotations

from sottovoce.analytics.surveillance.alerts import SECOND, ConductAlert, ConductConfig
from sottovoce.analytics.surveillance.own_flow import Flow


def quote_stuffing(flow: Flow, config: ConductConfig) -> list[ConductAlert]:
    """One alert a venue and kind: the busiest second, and the messages for each fill."""
    found = []
    times: dict[str, list[int]] = {}
    for at_ns, venue in flow.messages:
        times.setdefault(venue, []).append(at_ns)
    fills: dict[str, int] = {}
    for fill in flow.fills:
        fills[fill.order.venue] = fills.get(fill.order.venue, 0) + 1
    for venue, sent in sorted(times.items()):
        most, at_ns = _busiest_second(sent)
        ratio = len(sent) / max(1, fills.get(venue, 0))
        if most > config.stuffing_per_s:
            figures = {"messages_in_a_second": float(most)}
            sentence = f"{most:,} messages to {venue} within a second."
            found.append(_alert(venue, at_ns - SECOND, at_ns, figures, sentence))
        if len(sent) >= config.stuffing_min and ratio > config.stuffing_ratio:
            sentence = f"{len(sent):,} messages to {venue} for {fills.get(venue, 0):,} trades."
            found.append(_alert(venue, sent[0], sent[-1], {"messages_a_trade": ratio}, sentence))
    return found


def _busiest_second(sent: list[int]) -> tuple[int, int]:
    """(most messages within a second, when the last of them left)."""
    most, when, first = 0, 0, 0
    for last, at_ns in enumerate(sent):
        while at_ns - sent[first] >= SECOND:
            first += 1
        if last - first + 1 > most:
            most, when = last - first + 1, at_ns
    return most, when


def _alert(venue: str, begin_ns: int, end_ns: int, figures: dict[str, float], sentence: str) -> ConductAlert:
    return ConductAlert(
        code="quote_stuffing",
        control="PO-10",
        owner="",
        instrument_id="",
        venue=venue,
        begin_ns=begin_ns,
        end_ns=end_ns,
        orders=(),
        figures=figures,
        sentence=sentence,
    )
