"""Bad files: basket CSVs cell by cell, and order files in JSON and TOML field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tools.bad_input import values
from tools.bad_input.cases import Case, json_object
from tools.bad_input.values import text

HEADER = ["symbol", "side", "quantity", "currency", "limit", "algo", "tif", "urgency", "locate_id", "note"]
ROW = ["AAPL US", "buy", "1000", "USD", "160.25", "VWAP", "DAY", "low", "L-1", "plain"]


def cells() -> dict[str, list[str]]:
    """Column → texts that can never be right there, as they stand in the cell."""
    words = [_plain_text(token) for token in values.WORDS]
    wholes = [_plain_text(token) for token in values.WHOLES if token != '"100"']
    found = {
        "symbol": [_plain_text(token) for token in values.SYMBOLS],
        "side": words,
        "quantity": [*wholes, "0", "1,000", "1000.0", "$1000", "1000000000000", "1000 ", " 1000", "+1000", "١٠"],
        "currency": [_plain_text(token) for token in values.CURRENCIES],
        "limit": [each for each in map(_plain_text, values.DECIMALS) if each not in ("1", "1.5")],
        "algo": [*words, "vwap", "ICEBERG"],
        "tif": [*words, "IOC", "day"],
        "urgency": [*words, "LOW"],
        "locate_id": [_plain_text(token) for token in values.NAMES if token not in values.NOT_TEXT],
        "note": [_plain_text(token) for token in values.NOTES if token not in values.NOT_TEXT],
    }
    return {column: [each for each in texts if each] for column, texts in found.items()}


def _plain_text(token: str) -> str:
    """What a JSON token says, or the token itself."""
    if token.startswith('"') and len(token) > 1:
        return str(json.loads(token))
    return token


def csv_bytes(rows: list[list[str]]) -> bytes:
    """Rows as a CSV file, every cell quoted; lone surrogates become bytes that are not UTF-8."""
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def basket_cases() -> Iterator[Case]:
    """Every column with every wrong cell, bad headers, rows and whole files."""
    for column, texts in cells().items():
        place = HEADER.index(column)
        for number, cell in enumerate(texts):
            bad = [*ROW[:place], cell, *ROW[place + 1 :]]
            yield _basket(f"{column}.{number}", csv_bytes([HEADER, ROW, bad]))
    for place, column in enumerate(HEADER):
        if column in ("symbol", "side", "quantity"):
            yield _basket(f"{column}.empty", csv_bytes([HEADER, [*ROW[:place], "", *ROW[place + 1 :]]]))
            yield _basket(f"{column}.missing", csv_bytes([_without(HEADER, place), _without(ROW, place)]))
        yield _basket(f"{column}.twice", csv_bytes([[*HEADER, column], [*ROW, ROW[place]]]))
        for number, name in enumerate((column.upper(), column + " ", column + "\u200b", "", "status", "ｓｙｍｂｏｌ")):
            header = [*HEADER[:place], name, *HEADER[place + 1 :]]
            yield _basket(f"{column}.header.{number}", csv_bytes([header, ROW]))
        torn = ROW[: place + 1] if place + 1 < len(ROW) else [*ROW, ""]
        yield _basket(f"{column}.torn_row", csv_bytes([HEADER, torn]))
    for number, raw in enumerate(_whole_files()):
        yield _basket(f"file.{number}", raw)


def _without(row: list[str], place: int) -> list[str]:
    return [*row[:place], *row[place + 1 :]]


def _basket(kind: str, payload: bytes) -> Case:
    return Case(door="basket", kind=kind, payload=payload)


def _whole_files() -> list[bytes]:
    header = ",".join(HEADER).encode()
    row = ",".join(ROW).encode()
    return [
        b"", b"\n", b"\n\n\n", header, header + b"\n", row, b"\xff\xfe" + header,
        header + b"\n" + row[:-4] + b"\xff\xfe",
        header + b'\n"' + row, b"\x00" * 100, b"PK\x03\x04" + header,
        header + b"\n\n" + row, header + b"\n" + b"," * 9, header + b"\n" + row.replace(b",", b";"),
        header + b"\n" + row.replace(b",", b"\t"), header + b"\n" + (row + b"\n") * 2_001,
        b"x" * (8 * 1024 * 1024 + 1),
        header + b'\n"' + b"x" * 200_000 + b'"\n', header + b"\n" + b"=cmd|' /C calc'!A0" + b"," * 9,
        "\ufeff\ufeff".encode() + header + b"\n" + row, header + b"\r" + row + b"\r\r\n" + b"x",
    ]  # fmt: skip


ORDER_FILE = {"symbol": text("AAPL US"), "side": text("buy"), "quantity": "1000", "limit": text("160.25"),
              "urgency": text("low"), "tif": text("DAY"), "algo": text("VWAP"), "id": text("o-1")}  # fmt: skip
_FILE_WRONG = {
    "symbol": [*values.SYMBOLS, "null"],
    "side": [*values.WORDS, "null"],
    "quantity": [*(token for token in values.WHOLES if token != '"100"'), "0"],
    "limit": [token for token in values.DECIMALS if token not in ("1", "1.5", '"1.1234567"', '"0.30000000000000004"')],
    "urgency": [*values.WORDS, "null"],
    "tif": [*values.WORDS, "null"],
    "algo": values.WORDS,
    "id": [token for token in values.NOT_TEXT if token != "null"],
}
_TOML_WHOLES = ("+1", "0x10", "1_000")
"""Whole numbers in TOML, if not in JSON."""
_FILE_BODIES = [b"", b"[]", b"null", b"{", b"\xff", b"orders", b'{"orders":[]}', b'{"orders":{}}', b'{"orders":[1]}',
                b'{"orders":[[]]}', b"1", b"\x00", b"[[[[", b"=", b"a=", b'{"symbol":"AAPL US"}',
                b'{"\\ud800":1}']  # fmt: skip


def order_file_cases() -> Iterator[Case]:
    """Every field of an order file with every kind of wrong, in both formats, and bad files."""
    for name, tokens in _FILE_WRONG.items():
        for number, token in enumerate(tokens):
            fields = ORDER_FILE | {name: token}
            yield Case(door="file_json", kind=f"{name}.{number}", payload=json_object(fields))
            if token not in ("null", "", *_TOML_WHOLES):
                yield Case(door="file_toml", kind=f"{name}.{number}", payload=toml_bytes(fields))
    for name in ORDER_FILE:
        if name in ("symbol", "side", "quantity"):
            fields = {each: token for each, token in ORDER_FILE.items() if each != name}
            yield Case(door="file_json", kind=f"{name}.missing", payload=json_object(fields))
            yield Case(door="file_toml", kind=f"{name}.missing", payload=toml_bytes(fields))
        yield Case(door="file_json", kind=f"{name}.repeated", payload=json_object(ORDER_FILE, f',"{name}":1'))
        yield Case(door="file_toml", kind=f"{name}.repeated", payload=toml_bytes(ORDER_FILE) + f"{name}=1\n".encode())
    for door in ("file_json", "file_toml"):
        for number, body in enumerate(_FILE_BODIES):
            yield Case(door=door, kind=f"body.{number}", payload=body)


def toml_bytes(fields: dict[str, str]) -> bytes:
    """The same fields as TOML; most JSON tokens mean the same there, or nothing."""
    return "".join(f"{name} = {token}\n" for name, token in fields.items()).encode("utf-8", "surrogatepass")
