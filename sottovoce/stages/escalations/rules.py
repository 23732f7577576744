"""The escalation table: each rule, whom it asks, for how long, what may be answered, and what happens by default.

Rules are applied in code, first match of its class; several classes may ask at once, and each is answered by itself.
Of the table's rules, E-PM-1, E-PM-4 and E-CO-3 judge what people write in tickets and requests and belong to whoever
reads those; the others watch the desk's own record.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.access import Role
from sottovoce.core.units import NS_PER_MINUTE


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One row. wait_minutes: 0 for no deadline. pauses: the order stops until a person sets it going."""

    to: Role
    wait_minutes: int
    options: tuple[str, ...]
    recommendation: str
    meanwhile: str
    default: str
    pauses: bool = False

    @property
    def wait_ns(self) -> int:
        return self.wait_minutes * NS_PER_MINUTE


RELEASE = ("release", "decline")
COMPLETION, MOVED = "E-PM-2", "E-PM-3"
LARGE, HOLD, FAULT = "E-RM-1", "E-RM-2", "E-RM-3"
LISTED, CONDUCT = "E-CO-1", "E-CO-2"
OPERATIONS = "E-OP-1"


def _hold(to: Role, wait_minutes: int) -> Rule:
    """An order is held until somebody of the role releases or declines it."""
    return Rule(
        to=to,
        wait_minutes=wait_minutes,
        options=RELEASE,
        recommendation="decline",
        meanwhile="the order is held",
        default="the order expires",
    )


def _pause(to: Role, wait_minutes: int) -> Rule:
    """An order at work stops until somebody of the role lets it go on."""
    return Rule(
        to=to,
        wait_minutes=wait_minutes,
        options=("resume", "stay_paused", "cancel"),
        recommendation="stay_paused",
        meanwhile="the order is paused",
        default="the order stays paused",
        pauses=True,
    )


RULES: Mapping[str, Rule] = {
    COMPLETION: Rule(
        to=Role.PORTFOLIO_MANAGER,
        wait_minutes=10,
        options=("keep", "extend", "raise_participation", "cut", "cancel"),
        recommendation="keep",
        meanwhile="the order goes on at its plan, no more aggressively",
        default="what the plan allows is done, the rest stays unfilled",
    ),
    MOVED: _pause(Role.PORTFOLIO_MANAGER, 10),
    LARGE: _hold(Role.RISK, 15),
    HOLD: _hold(Role.RISK, 15),
    FAULT: Rule(
        to=Role.RISK,
        wait_minutes=3,
        options=("resume", "stay_paused", "stop_desk"),
        recommendation="stay_paused",
        meanwhile="what it concerns is paused",
        default="the head of the desk is asked; it stays paused",
        pauses=True,
    ),
    LISTED: _hold(Role.COMPLIANCE, 30),
    CONDUCT: _pause(Role.COMPLIANCE, 30),
    OPERATIONS: Rule(
        to=Role.OPERATIONS,
        wait_minutes=0,
        options=("fixed", "known"),
        recommendation="known",
        meanwhile="what depends on it waits",
        default="it stays as it is until it is repaired",
    ),
}
