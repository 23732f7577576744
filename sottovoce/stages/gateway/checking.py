"""How a stage of the gateway runs its checks: all of them, each alone, and nothing gets through a broken one.

A stage is a name and a list of pure checks. A check looks at one thing and says what is wrong with it; it can be run
alone, and what happens in one cannot keep another from being heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure

SYNTAX = "syntax"
BUSINESS = "business"
STATE = "state"

Check = Callable[[Any], Sequence[Failure]]
NOTHING: tuple[Failure, ...] = ()
"""What a check says when all is well."""


def run_checks(stage: str, checks: Sequence[Check], subject: object) -> list[Failure]:
    """Every failure of a stage, in the order of its checks.

    A check that breaks is a failure of its own (check_failed): the order is refused, and the others are still heard.
    """
    found: list[Failure] = []
    for check in checks:
        try:
            found += check(subject)
        except Exception as error:  # whatever it was, the order does not pass (P2)
            found.append(failure(stage, "check_failed", f"{check.__name__}: {type(error).__name__}"))
    return found
