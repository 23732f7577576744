"""The kill switch at the front door: what a scope names, who may stop it, and who may let it go again (B1).

A trader stops what is their own; risk and compliance stop anything. Only risk lifts what the desk or risk stopped,
only compliance lifts what compliance stopped for conduct.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.access import STAGE as ACCESS
from sottovoce.core.access import Action, Principal, Role, entitled
from sottovoce.core.commands import HaltTrading, ResumeTrading
from sottovoce.core.enums import Strategy
from sottovoce.core.halts import HaltKind, HaltScope
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData
from sottovoce.core.reasons import failure
from sottovoce.stages.gateway.book import GatewayBook

STRATEGIES = frozenset(strategy.value for strategy in Strategy)


class KillSwitch:
    """Judges HaltTrading and ResumeTrading."""

    def __init__(self, directory: Mapping[str, Principal], book: GatewayBook, reference: ReferenceData) -> None:
        self._directory = directory
        self._book = book
        self._reference = reference
        self._desks = frozenset(each.desk for each in directory.values() if each.desk)
        self._accounts = frozenset(account for each in directory.values() for account in each.accounts)

    def scope(self, asked: HaltScope) -> HaltScope | None:
        """The scope as the stages know it, a symbol by its instrument id; None when nothing goes by that name."""
        if asked.kind is HaltKind.SYMBOL:
            instrument = self._reference.resolve(asked.name) or self._reference.get(asked.name)
            return None if instrument is None else msgspec.structs.replace(asked, name=instrument.instrument_id)
        return asked if self._known(asked) else None

    def _known(self, scope: HaltScope) -> bool:
        name = scope.name
        return {
            HaltKind.FIRM: name == "",
            HaltKind.DESK: name in self._desks,
            HaltKind.TRADER: name in self._directory,
            HaltKind.ACCOUNT: name in self._accounts,
            HaltKind.ALGO: name in STRATEGIES,
            HaltKind.ORDER: name in self._book.state.open,
        }[scope.kind]

    def is_conduct(self, name: str) -> bool:
        """Whether what this person stops is stopped for conduct."""
        principal = self._directory.get(name)
        return principal is not None and principal.role is Role.COMPLIANCE

    def may_halt(self, command: HaltTrading) -> list[Failure]:
        """Why this person may not stop this; empty when they may."""
        principal = self._directory.get(command.principal)
        found = entitled(principal, command.principal, Action.HALT)
        if not found and self.scope(command.scope) is None:
            found = [failure(ACCESS, "halt_scope_unknown", repr(str(command.scope)[:80]))]
        if not found and principal is not None and not self._own(principal, command.scope):
            found = [failure(ACCESS, "halt_not_own", command.scope, f"what is {principal.name}'s own")]
        return found

    def _own(self, principal: Principal, scope: HaltScope) -> bool:
        if principal.role is not Role.TRADER:
            return True
        if scope.kind is HaltKind.ORDER:
            return self._book.state.open[scope.name].account in principal.accounts
        if scope.kind is HaltKind.ACCOUNT:
            return scope.name in principal.accounts
        return scope.kind is HaltKind.TRADER and scope.name == principal.name

    def may_lift(self, command: ResumeTrading) -> list[Failure]:
        """Why this person may not lift this halt; empty when they may."""
        found = entitled(self._directory.get(command.principal), command.principal, Action.LIFT_HALT)
        # The halt of an order outlives the order, and is found by the name it was set under.
        scope = self.scope(command.scope) or command.scope
        if not found and self._book.state.halts.find(scope, self.is_conduct(command.principal)) is None:
            found = [failure(ACCESS, "halt_not_set", scope)]
        return found
