"""How a held order is let go: who released which rule on what figures, and what makes that void (controls A4, V11)."""

from __future__ import annotations

import msgspec

from sottovoce.core.event import Event
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.override_commands import OverrideReason


class ReleasedRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One rule somebody released: the figure that was shown, and the most it is released for."""

    code: str
    shown: str
    upto: str


class HoldReleased(Event, frozen=True, kw_only=True, gc=False, tag="hold_released"):
    """One person released the rules of their role, for this order alone, on the digest of what was shown to them."""

    principal: str
    role: str
    rules: tuple[ReleasedRule, ...]
    digest: str
    reason_code: OverrideReason
    reason: str
    expires_ns: int


class ReleasesVoided(Event, frozen=True, kw_only=True, gc=False, tag="releases_voided"):
    """What was released so far counts for nothing: the order, its figures or an approver are not what they were."""

    why: str


class HoldReviewed(Event, frozen=True, kw_only=True, gc=False, tag="hold_reviewed"):
    """A held order was changed, and risk allows it: now it is planned, and its rules judged, again."""

    principal: str


class PlanAsked(Event, frozen=True, kw_only=True, gc=False, tag="plan_asked"):
    """Plan this order again, as it now is."""

    order: ParentOrder
    why: str


class RecheckAsked(Event, frozen=True, kw_only=True, gc=False, tag="recheck_asked"):
    """Check this cleared order again on current data. relaxed: (rule code, the most it is released for)."""

    order: ParentOrder
    relaxed: tuple[tuple[str, str], ...]
    by: str


class RecheckPassed(Event, frozen=True, kw_only=True, gc=False, tag="recheck_passed"):
    """Every check passes again, those that were released within what they were released for."""

    limits_version: int
    by: str


class RecheckFailed(Event, frozen=True, kw_only=True, gc=False, tag="recheck_failed"):
    """A check fails that nobody released, or by more than it was released for."""

    failures: tuple[Failure, ...]
    by: str


OverrideEvent = HoldReleased | ReleasesVoided | HoldReviewed | PlanAsked | RecheckAsked | RecheckPassed | RecheckFailed
