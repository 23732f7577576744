"""What the algorithms say of an order that leaves the bounds of its plan, and of one that is back (AT-06)."""

from __future__ import annotations

from sottovoce.core.event import Event
from sottovoce.core.orders import Failure


class EnvelopeLeft(Event, frozen=True, kw_only=True, gc=False, tag="envelope_left"):
    """An order at work is outside its plan in one way: a warning now, a pause if it lasts. failure.code says how."""

    failure: Failure


class EnvelopeKept(Event, frozen=True, kw_only=True, gc=False, tag="envelope_kept"):
    """The order is within that bound of its plan again; it may be warned of, and paused for it, anew."""

    code: str


EnvelopeEvent = EnvelopeLeft | EnvelopeKept
