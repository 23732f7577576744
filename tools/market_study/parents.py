"""TWAP parents against their paired run: equal slices every few seconds, immediate or cancel, on every lit venue.

A parent of Q shares at participation p lasts Q/(p V) days, so a larger one takes longer; sides alternate, and start
times are drawn from the seed so that they are not all at the open. What is due and not filled is due again with the
next slice. The mid is compared with that of the same seed without us.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.core.enums import Side, TimeInForce
from sottovoce.core.instrument import Instrument, known, tick_at
from sottovoce.core.ports import Market, Session, Tape
from sottovoce.models.arrays import IntArray
from tools.market_study.playing import SECOND_NS, limit_order, lit_venues, play, round_share, tape_mids

SIZES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
PARTICIPATIONS = (0.05, 0.10, 0.15)
STEP_S = 10
THROUGH_TICKS = 5
EDGE = 0.02
"""No slice in this first and last part of a session."""


class Parent(NamedTuple):
    """One parent: signed side, shares, the participation meant, and when its slices are sent."""

    side: Side
    qty: int
    participation: float
    times_ns: IntArray

    @property
    def end_ns(self) -> int:
        """When it is complete: a second after its last slice."""
        return int(self.times_ns[-1]) + SECOND_NS

    @property
    def later_ns(self) -> int:
        """One order length, in wall time, after its end."""
        return self.end_ns + self.end_ns - int(self.times_ns[0])


class RawOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What one parent did, as fractions of the price: see PairedOrder, before daily volume and volatility divide."""

    seed: int
    asked: int
    filled: int
    participation: float
    impact: float
    cost: float
    later: float | None


def parent_of(
    instrument: Instrument, sessions: tuple[Session, ...], seed: int, place: int, size: float
) -> Parent | None:
    """The parent of a seed and a size, Q/V, which is number `place` of the study's.

    None where no participation allowed fits it into the sessions.
    """
    rng = np.random.default_rng([seed, place])
    length_ns = sessions[0].close_ns - sessions[0].open_ns
    room = 1.0 - 2 * EDGE
    fitting = [p for p in PARTICIPATIONS if size / p <= room * len(sessions)]
    if not fitting:
        return None
    participation = fitting[(seed + place) % len(fitting)]
    days = size / participation
    slices = max(1, round(days * length_ns / SECOND_NS / STEP_S))
    # Short orders also live through their own length again within the session; long ones begin at once.
    start = EDGE + rng.uniform(0.0, max(room - 2 * days, 0.0)) * (days < room)
    within = start * length_ns + np.arange(slices) * STEP_S * SECOND_NS
    day, since = np.divmod(within.astype(np.int64), round((1.0 - EDGE) * length_ns))
    opens = np.array([session.open_ns for session in sessions])
    times = opens[day] + since + np.where(day > 0, SECOND_NS, 0)
    qty = max(1, int(size * (known(instrument.adv) or 0.0)))
    return Parent(Side.BUY if (seed + place) % 2 else Side.SELL, qty, participation, times.astype(np.int64))


def run_parent(
    market: Market, instrument: Instrument, sessions: tuple[Session, ...], parent: Parent, alone: Tape, seed: int
) -> RawOrder:
    """Work one parent in a fresh market of the same seed and compare with the tape of the run without it."""
    name, sign = instrument.instrument_id, parent.side.sign
    venues, filled, paid = lit_venues(market), 0, 0
    slices = parent.times_ns.size
    for number, at_ns in enumerate([*parent.times_ns.tolist(), parent.end_ns], start=1):
        for report in play(market, at_ns):
            filled += report.last_qty
            paid += report.last_qty * report.last_px
        if number <= slices:
            state = market.states()[name]
            far = state.ask if sign > 0 else state.bid
            limit = far + sign * THROUGH_TICKS * tick_at(instrument, far, sessions[0].date)
            for venue, qty in round_share(parent.qty * number // slices - filled, venues):
                order = limit_order(
                    name,
                    f"{venue}-{number}",
                    venue,
                    parent.side,
                    qty,
                    limit,
                    TimeInForce.IMMEDIATE_OR_CANCEL,
                    at_ns,
                )
                market.send(order, at_ns)
    later_ns = parent.later_ns if _same_session(sessions, parent) else None
    play(market, later_ns or parent.end_ns)
    return _compared(market.tape(name), alone, parent, filled, paid, later_ns, seed)


def _same_session(sessions: tuple[Session, ...], parent: Parent) -> bool:
    first = sessions[0]
    return bool(parent.times_ns[0] >= first.open_ns) and parent.later_ns <= first.close_ns


def _compared(
    tape: Tape, alone: Tape, parent: Parent, filled: int, paid: int, later_ns: int | None, seed: int
) -> RawOrder:
    sign = parent.side.sign
    price = float(tape_mids(alone, parent.times_ns[:1])[0])
    moments = np.array([parent.end_ns, later_ns or parent.end_ns])
    moved = sign * (tape_mids(tape, moments) - tape_mids(alone, moments)) / price
    average = float(tape_mids(alone, parent.times_ns).mean())
    return RawOrder(
        seed=seed,
        asked=parent.qty,
        filled=filled,
        participation=parent.participation,
        impact=float(moved[0]),
        cost=sign * (paid / filled - average) / price if filled else 0.0,
        later=None if later_ns is None else float(moved[1]),
    )
