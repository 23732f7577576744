"""How a kill goes on after the halt is set: cancels in sweeps, until every venue has confirmed (AT-01, V10)."""

from __future__ import annotations

from sottovoce.core.event import Event
from sottovoce.core.halts import HaltScope


class KillSwept(Event, frozen=True, kw_only=True, gc=False, tag="kill_swept"):
    """A sweep of a kill: the ClOrdIDs it asks for, and how many were waiting, unconfirmed and confirmed before it.

    number is that of the next sweep, 0 when there is none: every order is confirmed to be over.
    """

    scope: HaltScope
    conduct: bool
    waiting: int
    unconfirmed: int
    confirmed: int
    asked: tuple[str, ...]
    number: int


class KillUnconfirmed(Event, frozen=True, kw_only=True, gc=False, tag="kill_unconfirmed"):
    """Venues have not confirmed some cancels in time; they are asked again. orders names the first of them."""

    scope: HaltScope
    unconfirmed: int
    orders: tuple[str, ...]
    waited_ns: int


KillEvent = KillSwept | KillUnconfirmed
