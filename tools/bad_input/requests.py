"""Bad requests as JSON: every field with every kind of wrong, missing, unknown and repeated fields, bad bodies."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sottovoce.core.ids import parent_id
from tools.bad_input.cases import Case, json_object
from tools.bad_input.plain import DEEP, OPEN_PARENT, PLAINS, UNKNOWN_FIELDS, Plain, wrong

BODIES = [
    b"", b" ", b"null", b"[]", b"{}", b"0", b'"new_order"', b"{", b"}", b"[{}]", b"true", b"\x00",
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}", b"{'type':'new_order'}", b'{"type":"new_order"', b"{\"type\":\"new_order\"}{}", b"<order/>",
    b"8=FIX.4.4\x019=5\x0135=D\x01", b"type=new_order", b"\x80\x81", b'{"type":"new_order",}', b"//x\n{}", b"NaN",
    b'{"type":"new_order"}' + b" " * 2_000_000,
]  # fmt: skip


def request_cases() -> Iterator[Case]:
    """Every single fault of the JSON doors, in a fixed order."""
    for plain in PLAINS:
        fields = filled(plain)
        for name in fields:
            for number, token in enumerate(wrong(plain, name)):
                yield _case(plain, f"{name}.{number}", fields | {name: token})
        for name in plain.required:
            yield _case(plain, f"{name}.missing", {each: fields[each] for each in fields if each != name})
            yield _case(plain, f"{name}.null", fields | {name: "null"})
        yield from _bodies(plain, fields)


def filled(plain: Plain) -> dict[str, str]:
    """The fields of a plain request; an amendment's parent is the order that the doors have entered."""
    if plain.door != "amend":
        return plain.fields
    return plain.fields | {"parent_id": json.dumps(parent_id("FUND-A", OPEN_PARENT))}


def _bodies(plain: Plain, fields: dict[str, str]) -> Iterator[Case]:
    for number, name in enumerate(UNKNOWN_FIELDS):
        token = json.dumps(name, ensure_ascii=False)
        payload = json_object(fields, f",{token}:1")
        yield Case(door=plain.door, kind=f"{plain.name} unknown.{number}", payload=payload)
    for name, token in fields.items():
        payload = json_object(fields, f',"{name}":{token}')
        yield Case(door=plain.door, kind=f"{plain.name} {name}.repeated", payload=payload)
    for number, token in enumerate(DEEP):
        yield Case(door=plain.door, kind=f"{plain.name} deep.{number}", payload=json_object(fields, f',"x":{token}'))
        yield _case(plain, f"deep_value.{number}", fields | {plain.required[-1]: token})
    for number, body in enumerate(BODIES):
        yield Case(door=plain.door, kind=f"{plain.name} body.{number}", payload=body)


def _case(plain: Plain, kind: str, fields: dict[str, str]) -> Case:
    return Case(door=plain.door, kind=f"{plain.name} {kind}", payload=json_object(fields))
