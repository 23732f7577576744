"""Random cases by the seed: right requests, spoilt a little or a lot, in their fields and in their bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from tools.bad_input import files, plain, values
from tools.bad_input.cases import Case, json_object
from tools.bad_input.requests import filled
from tools.bad_input.tickets import FORMS, NAMES, NUMBERS, SIDES, WORDS

BLOCK = 1_000
"""Cases to one stream of dice: a case is named by its seed and number, and found again by playing its block."""

DOORS = (("order", 58), ("amend", 17), ("basket", 12), ("file_json", 5), ("file_toml", 3), ("ticket", 5))
_DOOR_NAMES, _DOOR_WEIGHTS = zip(*DOORS, strict=True)
_REQUESTS = {door: [each for each in plain.PLAINS if each.door == door] for door in ("order", "amend")}
_SAMPLES = [token for tokens in plain.WRONG.values() for token in tokens if len(token) < 200]
_CELLS = files.cells()
_TICKETS = ["Buy 30k MSFT VWAP", "Sell 5,000 AAPL TWAP until 15:00", "Buy $2m of JPM", *WORDS]
_LETTERS = ["A", "a", "1", "0", ".", "-", ":", "_", " ", ",", '"', "\\", "é", "Я", "中", "🙂", *values.HIDDEN]


def block(seed: int, number: int) -> list[Case]:
    """The cases of one block."""
    dice = Random(f"{seed} {number}")
    doors = dice.choices(_DOOR_NAMES, _DOOR_WEIGHTS, k=BLOCK)
    return [_WAYS[door](dice, door) for door in doors]


def _request(dice: Random, door: str) -> Case:
    fields = dict(filled(dice.choice(_REQUESTS[door])))
    for name in dice.sample(sorted(fields), min(dice.choice((0, 1, 1, 1, 2, 3)), len(fields))):
        fields[name] = _token(dice, fields[name])
    if dice.random() < 0.1:
        fields.pop(dice.choice(sorted(fields)))
    extra = f',"{dice.choice(plain.UNKNOWN_FIELDS)}":1' if dice.random() < 0.03 else ""
    return Case(door=door, kind="fuzz", payload=_bytes(dice, json_object(fields, extra)))


def _token(dice: Random, right: str) -> str:
    """Another value for a field: a wrong one of any field, a number, a text, or the right one a little changed."""
    kind = dice.randrange(6)
    if kind == 0:
        return dice.choice(_SAMPLES)
    if kind == 1:
        return str(dice.randint(-5, 10 ** dice.randint(1, 20)))
    if kind == 2:
        return values.text(f"{dice.randint(0, 10 ** dice.randint(1, 12))}.{dice.randint(0, 10 ** dice.randint(0, 7))}")
    if kind == 3:
        return values.text("".join(dice.choices(_LETTERS, k=dice.randint(0, 12))))
    if kind == 4:
        return "null"
    if right.startswith('"') and len(right) > 2:
        inside = list(json.loads(right))
        inside[dice.randrange(len(inside))] = dice.choice(_LETTERS)
        return values.text("".join(inside))
    return right + dice.choice(("0", "5", ".0", "e2", "", " "))


def _bytes(dice: Random, raw: bytes) -> bytes:
    """Nine in ten as they are; the rest torn, doubled, or with a byte more, less or another."""
    if not raw or dice.random() < 0.9:
        return raw
    place, kind = dice.randrange(len(raw)), dice.randrange(5)
    if kind == 0:
        return raw[:place]
    if kind == 1:
        return raw[:place] + bytes([dice.randrange(256)]) + raw[place + 1 :]
    if kind == 2:
        return raw[:place] + bytes([dice.randrange(256)]) + raw[place:]
    if kind == 3:
        return raw[:place] + raw[place + 1 :]
    return raw + raw[place:]


def _basket(dice: Random, door: str) -> Case:
    rows = [list(files.HEADER)]
    for number in range(dice.randint(1, 4)):
        row = list(files.ROW)
        row[2] = str(1_000 + number)
        for column in dice.sample(files.HEADER, dice.choice((0, 0, 1, 2))):
            place = files.HEADER.index(column)
            row[place] = dice.choice(_CELLS[column]) if dice.random() < 0.6 else json.loads(_text(dice))
        rows.append(row)
    return Case(door=door, kind="fuzz", payload=_bytes(dice, files.csv_bytes(rows)))


def _text(dice: Random) -> str:
    return values.text("".join(dice.choices(_LETTERS, k=dice.randint(0, 8))))


def _file(dice: Random, door: str) -> Case:
    fields = dict(files.ORDER_FILE)
    for name in dice.sample(sorted(fields), dice.choice((0, 1, 1, 2))):
        fields[name] = _token(dice, fields[name])
    raw = json_object(fields) if door == "file_json" else files.toml_bytes(fields)
    return Case(door=door, kind="fuzz", payload=_bytes(dice, raw))


def _ticket(dice: Random, door: str) -> Case:
    if dice.random() < 0.3:
        words = dice.choice(FORMS).format(dice.choice((*NUMBERS, "1000", "30k", "5m")))
    elif dice.random() < 0.5:
        words = f"{dice.choice((*SIDES, 'Buy', 'Sell'))} {dice.randint(0, 10**7)} {dice.choice((*NAMES, 'MSFT'))} VWAP"
    else:
        words = dice.choice(_TICKETS)[:300]
    return Case(door=door, kind="fuzz", payload=_bytes(dice, words.encode("utf-8", "surrogatepass")))


_WAYS: dict[str, Callable[[Random, str], Case]] = {
    "order": _request,
    "amend": _request,
    "basket": _basket,
    "file_json": _file,
    "file_toml": _file,
    "ticket": _ticket,
}
