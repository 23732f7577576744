"""What the algorithms decide: when to look, which child to cut, what to pull, what to give back."""

from __future__ import annotations

from sottovoce.core.commands import Timer
from sottovoce.core.event import Event
from sottovoce.core.orders import Child


class TimerSet(Event, frozen=True, kw_only=True, gc=False, tag="timer_set"):
    """Wake me: the runtime delivers the timer at at_ns, after this step is durable."""

    at_ns: int
    timer: Timer


class WorkStarted(Event, frozen=True, kw_only=True, gc=False, tag="work_started"):
    """The first look at the market for this parent, shares: the feed's counter then, and what of it was our own.

    own_qty is what all our parents in the name have traded; it stands in the event since steps of other parents may be
    on their way at the same time.
    """

    market_volume: int
    own_qty: int = 0


class ChildCreated(Event, frozen=True, kw_only=True, gc=False, tag="child_created"):
    """Quantity moved from unsent to working, not yet allowed to leave."""

    child: Child
    number: int
    due_qty: int
    target_qty: int


class ChildCancelRequested(Event, frozen=True, kw_only=True, gc=False, tag="child_cancel_requested"):
    """Pull every live route of this child; again: those too whose cancel a venue has not answered."""

    child_id: str
    reason: str
    again: bool = False


class ParentReturned(Event, frozen=True, kw_only=True, gc=False, tag="parent_returned"):
    """Unsent quantity given back to the manager, with the reason."""

    qty: int
    reason: str


class ParentDone(Event, frozen=True, kw_only=True, gc=False, tag="parent_done"):
    """Nothing works and nothing is unsent."""

    reason: str


WorkEvent = TimerSet | WorkStarted | ChildCreated | ChildCancelRequested | ParentReturned | ParentDone
