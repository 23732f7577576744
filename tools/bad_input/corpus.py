"""The corpus: 10,000 bad cases, the same on every machine. First every single fault, then two faults at once.

Nothing in it may be accepted: a case is here because it is wrong, whatever the code thinks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain, islice

from tools.bad_input.cases import Case, json_object
from tools.bad_input.files import basket_cases, order_file_cases
from tools.bad_input.plain import PLAINS, wrong
from tools.bad_input.requests import filled, request_cases
from tools.bad_input.tickets import ticket_cases

CASES = 10_000
SEED = 20_180_208


def corpus(count: int = CASES) -> list[Case]:
    """The first `count` cases."""
    singles = chain(request_cases(), basket_cases(), ticket_cases(), order_file_cases())
    return list(islice(chain(singles, pairs()), count))


def reduced(step: int = 8) -> list[Case]:
    """Every step-th case: every door and field is still there."""
    return corpus()[::step]


def pairs() -> Iterator[Case]:
    """Two fields of a request wrong at once, for ever."""
    dice = random.Random(SEED)
    number = 0
    while True:
        plain = dice.choice(PLAINS)
        fields = filled(plain)
        spoilt = {name: dice.choice(wrong(plain, name)) for name in dice.sample(sorted(fields), 2)}
        number += 1
        kind = f"{plain.name} {'+'.join(spoilt)}.{number}"
        yield Case(door=plain.door, kind=kind, payload=json_object(fields | spoilt))
