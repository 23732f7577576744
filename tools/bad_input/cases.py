"""One case: which door it knocks at, what is wrong with it in a word, and its bytes."""

from __future__ import annotations

import msgspec


class Case(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """door: order, amend, basket, ticket, file_json or file_toml; kind says what is wrong, field.number."""

    door: str
    kind: str
    payload: bytes


def json_object(fields: dict[str, str], extra: str = "") -> bytes:
    """An object of raw tokens; what is not Unicode stays as it is. extra goes before the closing brace."""
    inside = ",".join(f'"{name}":{token}' for name, token in fields.items())
    return ("{" + inside + extra + "}").encode("utf-8", "surrogatepass")
