"""Who may do what: principals and their roles. One table, default deny."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure

STAGE = "access"
"""The first thing asked of every request: who may."""


class Role(Word):
    """What a person or program is at the desk; nobody holds two of these."""

    TRADER = "trader"
    RISK = "risk"
    COMPLIANCE = "compliance"
    OPERATIONS = "operations"
    PORTFOLIO_MANAGER = "portfolio_manager"


class Action(Word):
    """What can be asked."""

    SUBMIT = "submit"
    AMEND = "amend"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    RELEASE = "release"
    CONFIRM = "confirm"
    HALT = "halt"
    LIFT_HALT = "lift_halt"
    RESOLVE = "resolve"
    CHANGE_LIMITS = "change_limits"
    EDIT_LISTS = "edit_lists"
    RECORD = "record"
    REENABLE = "reenable"
    ANSWER = "answer"


ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.TRADER: frozenset(
        {
            Action.SUBMIT,
            Action.AMEND,
            Action.CANCEL,
            Action.PAUSE,
            Action.RESUME,
            Action.CONFIRM,
            Action.HALT,
            Action.ANSWER,
        }
    ),
    Role.RISK: frozenset(
        {
            Action.CANCEL,
            Action.PAUSE,
            Action.RELEASE,
            Action.HALT,
            Action.LIFT_HALT,
            Action.CHANGE_LIMITS,
            Action.RESOLVE,
            Action.REENABLE,
            Action.ANSWER,
        }
    ),
    Role.COMPLIANCE: frozenset(
        {Action.CANCEL, Action.PAUSE, Action.RELEASE, Action.HALT, Action.LIFT_HALT, Action.EDIT_LISTS, Action.ANSWER}
    ),
    Role.OPERATIONS: frozenset({Action.RESOLVE, Action.RECORD, Action.ANSWER}),
    Role.PORTFOLIO_MANAGER: frozenset({Action.CANCEL, Action.PAUSE, Action.ANSWER}),
}


class Principal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person or program: its role, the accounts it may trade (empty: none), its desk, and who may act for it.

    asset_classes are the kinds of instrument it may trade (empty: none). automated: a program, which releases nothing.
    """

    name: str
    role: Role
    accounts: tuple[str, ...] = ()
    desk: str = ""
    delegates: tuple[str, ...] = ()
    automated: bool = False
    asset_classes: tuple[str, ...] = ("equity",)


class Directory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everyone the system knows."""

    principals: tuple[Principal, ...]

    def find(self, name: str) -> Principal | None:
        """The principal of that name, or None: an unknown caller may do nothing."""
        return next((principal for principal in self.principals if principal.name == name), None)


def may(principal: Principal | None, action: Action) -> bool:
    """Whether the role allows the action."""
    return principal is not None and action in ALLOWED[principal.role]


def entitled(principal: Principal | None, name: str, action: Action) -> list[Failure]:
    """Why a caller may not do something; empty when it may. name is as the caller gave it; 40 characters are shown."""
    if principal is None:
        return [failure(STAGE, "unknown_principal", repr(name[:40]))]
    if not may(principal, action):
        return [failure(STAGE, "not_entitled", f"{principal.role.value} may not {action.value}")]
    return []
