"""Who may release what of a held order, and what makes a release void (controls A4, B1, V11).

A person releases the rules of their role. Requester, delegates and approvers are one party when any of them overlap;
a program releases nothing. The last release asks risk to check the order again before it goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sottovoce.core.access import Action, Directory, Principal, Role, entitled
from sottovoce.core.events import StageEvent
from sottovoce.core.hold_roles import role_of
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import CommandRefused, ReleaseAccepted
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.override_commands import ConfirmHold, OverrideReason
from sottovoce.core.override_events import (
    HoldReleased,
    PlanAsked,
    RecheckAsked,
    RecheckFailed,
    ReleasedRule,
    ReleasesVoided,
)
from sottovoce.core.override_figures import headroom, within
from sottovoce.core.reasons import failure
from sottovoce.stages.approval.book import ApprovalBook, Held
from sottovoce.stages.approval.rules import STAGE

REASON_MIN = 3
"""So many characters a reason in words has at least."""

HeldBy = Callable[[ParentOrder, Plan, MarketView], list[Failure]]


class Releases:
    """Decides on releases and confirmations."""

    def __init__(self, book: ApprovalBook, directory: Directory, held_by: HeldBy) -> None:
        self._book = book
        self._people: Mapping[str, Principal] = {each.name: each for each in directory.principals}
        self._held_by = held_by

    def release(self, event: ReleaseAccepted, view: MarketView) -> Sequence[StageEvent]:
        """A person of risk or compliance lets the rules of their role go."""
        held = self._book.state.held.get(event.parent_id)
        person = self._people.get(event.principal)
        failures = self._void(event.parent_id, event.principal, event.plan_digest, event.reason, held, view)
        if held is not None and not failures:
            failures = self._not_theirs(person, held)
        if failures or held is None or person is None:
            return (self.refused(event.parent_id, event.principal, "ReleaseHold", failures, view),)
        return self._released(held, person, "ReleaseHold", event.reason_code, event.reason, view)

    def confirm(self, command: ConfirmHold, view: MarketView) -> Sequence[StageEvent]:
        """A trader decides on the cost of an order of their own accounts."""
        held, person = self._book.state.held.get(command.parent_id), self._people.get(command.principal)
        failures = entitled(person, command.principal, Action.CONFIRM)
        failures += self._stale(command.parent_id, command.digest, command.reason, held, view)
        if held is not None and person is not None and not failures:
            own = held.order.account in person.accounts
            failures = self._not_theirs(person, held) if own else [
                failure("access", "account_not_entitled", held.order.account, ",".join(person.accounts))
            ]  # fmt: skip
        if failures or held is None or person is None:
            return (self.refused(command.parent_id, command.principal, "ConfirmHold", failures, view),)
        return self._released(held, person, "ConfirmHold", command.reason_code, command.reason, view)

    # who may ---------------------------------------------------------------------------------------------

    def _void(
        self, parent: str, by: str, digest: str, reason: str, held: Held | None, view: MarketView
    ) -> list[Failure]:
        """Everything that makes a second person's release void."""
        found = [] if held is None or not self._one_party(by, held.order.principal) else [
            failure(STAGE, "self_approval", by)
        ]  # fmt: skip
        person = self._people.get(by)
        if person is not None and person.automated:
            found.append(failure(STAGE, "approver_automated", by))
        return found + self._stale(parent, digest, reason, held, view)

    def _stale(self, parent: str, digest: str, reason: str, held: Held | None, view: MarketView) -> list[Failure]:
        """What is not, or no longer, what was shown."""
        if held is None:
            return [failure(STAGE, "not_held", parent[:64])]
        found = []
        if digest != held.digest:
            found.append(failure(STAGE, "digest_mismatch", digest[:64], held.digest))
        if view.ts_ns >= held.expires_ns:
            found.append(failure(STAGE, "approval_expired", view.ts_ns, held.expires_ns))
        if len(reason.strip()) < REASON_MIN:
            found.append(failure(STAGE, "override_reason", repr(reason[:40]), f"{REASON_MIN} characters"))
        return found

    def _one_party(self, approver: str, requester: str) -> bool:
        """Whether two names are the same person, or one acts for the other."""
        if approver == requester:
            return True
        one, other = self._people.get(approver), self._people.get(requester)
        acts = other is not None and approver in other.delegates
        return acts or (one is not None and requester in one.delegates)

    def _not_theirs(self, person: Principal | None, held: Held) -> list[Failure]:
        """Nothing is left that this person's role could release."""
        role = "" if person is None else person.role.value
        if any(role_of(rule) == role and rule.code not in held.released for rule in held.rules):
            return []
        roles = sorted({role_of(rule) for rule in held.rules if rule.code not in held.released})
        return [failure(STAGE, "wrong_role", role or "unknown", " and ".join(roles))]

    def may_refuse(self, name: str, held: Held | None, parent: str) -> list[Failure]:
        """Any of the roles that could release a held order may decline it."""
        if held is None:
            return [failure(STAGE, "not_held", parent[:64])]
        person = self._people.get(name)
        roles = sorted({role_of(rule) for rule in held.rules})
        allowed = person is not None and (person.role.value in roles or person.role is Role.RISK)
        return [] if allowed else [failure(STAGE, "wrong_role", name, " and ".join(roles))]

    # what follows ----------------------------------------------------------------------------------------

    def _released(
        self, held: Held, person: Principal, command: str, code: OverrideReason, reason: str, view: MarketView
    ) -> Sequence[StageEvent]:
        parent, role = held.order.parent_id, person.role.value
        grown = self._grown(held, view)
        if grown:
            told = self.refused(parent, person.name, command, [failure(STAGE, "figures_changed", grown)], view)
            again = PlanAsked(parent_id=parent, ts_ns=view.ts_ns, order=held.order, why=grown)
            return told, ReleasesVoided(parent_id=parent, ts_ns=view.ts_ns, why=grown), again
        rules = [rule for rule in held.rules if role_of(rule) == role and rule.code not in held.released]
        released = HoldReleased(
            parent_id=parent,
            ts_ns=view.ts_ns,
            principal=person.name,
            role=role,
            rules=tuple(ReleasedRule(code=each.code, shown=each.value, upto=headroom(each.value)) for each in rules),
            digest=held.digest,
            reason_code=code,
            reason=reason,
            expires_ns=held.expires_ns,
        )
        if len(held.released) + len(rules) < len(held.rules):
            return (released,)
        lost = self._lost(held)
        if lost:
            told = self.refused(parent, person.name, command, [failure(STAGE, "approver_gone", lost)], view)
            return told, ReleasesVoided(parent_id=parent, ts_ns=view.ts_ns, why=lost)
        relaxed = {code: release.upto for code, release in held.released.items()}
        relaxed |= {rule.code: rule.upto for rule in released.rules}
        asked = RecheckAsked(
            parent_id=parent, ts_ns=view.ts_ns, order=held.order, relaxed=tuple(relaxed.items()), by=person.name
        )
        return released, asked

    def _grown(self, held: Held, view: MarketView) -> str:
        """Figures that have grown past what was shown, in words: the order has to be shown again as it is."""
        shown = {rule.code: headroom(rule.value) for rule in held.rules}
        grown = [
            rule
            for rule in self._held_by(held.order, held.plan, view)
            if rule.code not in shown or not within(rule, shown[rule.code])
        ]
        return ", ".join(f"{rule.code} is {rule.value} now" for rule in grown)

    def _lost(self, held: Held) -> str:
        """An earlier approver who has lost the role since, in words; empty when none has."""
        for code, release in held.released.items():
            person = self._people.get(release.principal)
            if person is None or person.role.value != release.role:
                return f"{release.principal}, who released {code}, is not of {release.role} any more"
        return ""

    def failed(self, event: RecheckFailed, view: MarketView) -> Sequence[StageEvent]:
        """A check fails that nobody may relax, or by more than was released: the order stays held."""
        parent = event.parent_id
        why = ", ".join(f"{each.code}: {each.value}" for each in event.failures)
        return (
            ReleasesVoided(parent_id=parent, ts_ns=view.ts_ns, why=why),
            self.refused(parent, event.by, "ReleaseHold", list(event.failures), view),
        )

    def refused(
        self, parent: str, principal: str, command: str, failures: Sequence[Failure], view: MarketView
    ) -> CommandRefused:
        """The refusal of what somebody asked about a held order."""
        return CommandRefused(
            parent_id=parent, ts_ns=view.ts_ns, principal=principal, command=command, failures=tuple(failures)
        )
