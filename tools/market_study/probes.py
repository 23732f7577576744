"""Passive probes: small orders of ours that join the touch all day, one at a time a side, and what became of them.

What a place in the queue is worth shows while that queue is the touch: a probe counts as filled when all of it
traded before the touch left it behind. A fill after the price has gone away and come back says nothing of the place.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus, Side, TimeInForce, VenueKind
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.ports import Market, Session, Tape
from sottovoce.core.route_events import ChildRouted
from tools.market_study.playing import SECOND_NS, cancel_of, column, limit_order, play, tape_mids

EVERY_S = 30
LIFE_S = 50
QTY = 100
MARKOUT_S = 10


class RawProbe(msgspec.Struct, frozen=True, kw_only=True):
    """One probe: venue, shares displayed before it, whether it filled before the touch left, how long it waited.

    markout_bps is None where it did not fill or the session ended too soon.
    """

    seed: int
    venue: str
    ahead: int
    filled: bool
    seconds: float
    markout_bps: float | None


class Sent(NamedTuple):
    """A probe on its way: the order, its side, what was displayed before it."""

    order: ChildRouted
    side: Side
    ahead: int


def run_probes(market: Market, name: str, session: Session, seed: int) -> list[RawProbe]:
    """Probe one session of a fresh market, sides in turn, venues drawn among those at the touch."""
    rng = np.random.default_rng([seed, 1_000])
    sent: dict[str, Sent] = {}
    reports: list[ExecutionReport] = []
    starts = range(
        session.open_ns + EVERY_S * SECOND_NS, session.close_ns - 2 * LIFE_S * SECOND_NS, EVERY_S * SECOND_NS
    )
    leaving: list[tuple[int, ChildRouted]] = []
    for number, at_ns in enumerate(starts):
        while leaving and leaving[0][0] <= at_ns:
            due_ns, order = leaving.pop(0)
            reports += play(market, due_ns)
            market.send(cancel_of(order, due_ns), due_ns)
        reports += play(market, at_ns)
        side = Side.BUY if number % 2 else Side.SELL
        probe = _join(market.states()[name], side, f"P{number}", at_ns, rng)
        if probe is not None:
            market.send(probe.order, at_ns)
            sent[probe.order.route.cl_ord_id] = probe
            leaving.append((at_ns + LIFE_S * SECOND_NS, probe.order))
    reports += play(market, session.close_ns)
    return _outcomes(market.tape(name), sent, reports, session, seed)


def _join(state: MarketState, side: Side, cl_ord_id: str, at_ns: int, rng: np.random.Generator) -> Sent | None:
    """An order at the near touch of a lit venue that shows it; None where there is no two-sided market."""
    if state.phase != "open" or not 0 < state.bid < state.ask:
        return None
    px = state.bid if side is Side.BUY else state.ask
    showing = [quote for quote in state.venues if quote.kind is VenueKind.LIT and _shown(quote, side, px) > 0]
    if not showing:
        return None
    quote = showing[int(rng.integers(len(showing)))]
    order = limit_order(state.instrument_id, cl_ord_id, quote.venue, side, QTY, px, TimeInForce.DAY, at_ns)
    return Sent(order, side, _shown(quote, side, px))


def _shown(quote: VenueQuote, side: Side, px: int) -> int:
    if side is Side.BUY:
        return quote.bid_size if quote.bid == px else 0
    return quote.ask_size if quote.ask == px else 0


def _outcomes(
    tape: Tape, sent: dict[str, Sent], reports: list[ExecutionReport], session: Session, seed: int
) -> list[RawProbe]:
    done = {
        report.cl_ord_id: report.transact_ns
        for report in reports
        if report.exec_type is ExecType.TRADE and report.ord_status is OrdStatus.FILLED
    }
    refused = {report.cl_ord_id for report in reports if report.exec_type is ExecType.REJECTED}
    return [_outcome(tape, probe, done.get(key), session, seed) for key, probe in sent.items() if key not in refused]


def _outcome(tape: Tape, probe: Sent, done_ns: int | None, session: Session, seed: int) -> RawProbe:
    sent_ns = probe.order.ts_ns
    away_ns = _left_behind(tape, probe)
    filled = done_ns is not None and done_ns <= away_ns
    until_ns = done_ns if filled and done_ns is not None else away_ns
    return RawProbe(
        seed=seed,
        venue=probe.order.route.venue,
        ahead=probe.ahead,
        filled=filled,
        seconds=(until_ns - sent_ns) / SECOND_NS,
        markout_bps=_markout(tape, probe.side, until_ns, session) if filled else None,
    )


def _left_behind(tape: Tape, probe: Sent) -> int:
    """When the consolidated touch first stood beyond the probe's price; the end of its life if it never did."""
    sent_ns, px = probe.order.ts_ns, probe.order.route.price
    end_ns = sent_ns + LIFE_S * SECOND_NS
    quote_ns = column(tape.quote_ns)
    first, last = np.searchsorted(quote_ns, [sent_ns, end_ns], side="right")
    near = column(tape.bid if probe.side is Side.BUY else tape.ask)[first:last]
    beyond = np.flatnonzero(probe.side.sign * (near - px) > 0)
    return int(quote_ns[first + beyond[0]]) if beyond.size else end_ns


def _markout(tape: Tape, side: Side, filled_ns: int, session: Session) -> float | None:
    """Mid MARKOUT_S after the fill against the mid just before it, in our favour, in bps."""
    after_ns = filled_ns + MARKOUT_S * SECOND_NS
    if after_ns > session.close_ns:
        return None
    before, after = tape_mids(tape, np.array([filled_ns - 1, after_ns]))
    return float(side.sign * (after - before) / before * 1e4) if column(tape.quote_ns).size else None
