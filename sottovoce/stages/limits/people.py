"""Who asks and who answers: whether two names are one party, a reason in words, and the refusal."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.access import Directory
from sottovoce.core.limit_commands import LimitCommand
from sottovoce.core.limit_faults import STAGE
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure

REASON_MAX = 500


def one_party(directory: Directory, name: str, other: str) -> bool:
    """Whether two names are one person, or one acts for the other."""
    one, two = directory.find(name), directory.find(other)
    acts = (one is not None and other in one.delegates) or (two is not None and name in two.delegates)
    return acts or name == other


def worded(reason: str) -> list[Failure]:
    """Why a reason is none; a change without one is not made."""
    given = len(reason.strip())
    return [] if 0 < given <= REASON_MAX else [failure(STAGE, "change_reason", f"{given} characters", REASON_MAX)]


def refused(command: LimitCommand, failures: Sequence[Failure], view: MarketView) -> CommandRefused:
    """The answer to a request that is not followed, with every failure."""
    return CommandRefused(
        parent_id="",
        ts_ns=view.ts_ns,
        principal=command.principal,
        command=type(command).__name__,
        failures=tuple(failures),
    )
