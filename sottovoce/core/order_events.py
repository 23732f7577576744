"""What the gateway decides about orders, and about requests on orders and the desk.

An accepted message says that the words were understood and the person is allowed; risk and approval decide next.
"""

from __future__ import annotations

from sottovoce.core.event import Event
from sottovoce.core.halts import HaltScope, Standing
from sottovoce.core.orders import NO_TERMS, AmendedTerms, Failure, ParentOrder
from sottovoce.core.override_commands import OverrideReason


class OrderAccepted(Event, frozen=True, kw_only=True, gc=False, tag="order_accepted"):
    """The order passed the gateway's stages and may be looked at by risk.

    holds are rules it broke that a person may let pass.
    """

    order: ParentOrder
    body_digest: str
    holds: tuple[Failure, ...] = ()


class OrderRefused(Event, frozen=True, kw_only=True, gc=False, tag="order_refused"):
    """The order never got past the gateway; its client id is burned."""

    account: str
    cl_ord_id: str
    body_digest: str
    failures: tuple[Failure, ...]


class AnswerRepeated(Event, frozen=True, kw_only=True, gc=False, tag="answer_repeated"):
    """The same client id and body came again: the stored answer stands, nothing else happens."""

    account: str
    cl_ord_id: str


class CommandRefused(Event, frozen=True, kw_only=True, gc=False, tag="command_refused"):
    """A request about an existing order, or about the desk, was not allowed."""

    principal: str
    command: str
    failures: tuple[Failure, ...]


class AmendAccepted(Event, frozen=True, kw_only=True, gc=False, tag="amend_accepted"):
    """A change of a live parent may be looked at by approval and risk."""

    principal: str
    order_qty: int
    limit_px: int | None
    terms: AmendedTerms = NO_TERMS


class AmendAllowed(Event, frozen=True, kw_only=True, gc=False, tag="amend_allowed"):
    """The change needs no second person of its own. held: its order waits for one, and will be judged again."""

    principal: str
    order_qty: int
    limit_px: int | None
    terms: AmendedTerms = NO_TERMS
    held: bool = False


class CancelAccepted(Event, frozen=True, kw_only=True, gc=False, tag="cancel_accepted"):
    principal: str
    reason: str


class PauseAccepted(Event, frozen=True, kw_only=True, gc=False, tag="pause_accepted"):
    principal: str


class ResumeAccepted(Event, frozen=True, kw_only=True, gc=False, tag="resume_accepted"):
    principal: str


class ReleaseAccepted(Event, frozen=True, kw_only=True, gc=False, tag="release_accepted"):
    """The gateway knows the person and the order; approval decides whether this person may release it."""

    principal: str
    plan_digest: str
    reason_code: OverrideReason = OverrideReason.REVIEWED
    reason: str = ""


class RefusalAccepted(Event, frozen=True, kw_only=True, gc=False, tag="refusal_accepted"):
    principal: str
    reason: str


class HaltSet(Event, frozen=True, kw_only=True, gc=False, tag="halt_set"):
    """Nothing that raises exposure leaves within the scope, and every live order in it gets a cancel."""

    halt: Standing


class HaltLifted(Event, frozen=True, kw_only=True, gc=False, tag="halt_lifted"):
    """A halt is over; what it paused stays paused until a person resumes it."""

    principal: str
    scope: HaltScope
    conduct: bool = False


OrderEvent = (
    OrderAccepted
    | OrderRefused
    | AnswerRepeated
    | CommandRefused
    | AmendAccepted
    | AmendAllowed
    | CancelAccepted
    | PauseAccepted
    | ResumeAccepted
    | ReleaseAccepted
    | RefusalAccepted
    | HaltSet
    | HaltLifted
)
