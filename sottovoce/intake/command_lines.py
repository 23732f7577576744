"""Requests with their times, one JSON object a line: `{"at": "2018-02-08T15:00:00Z", "command": {"type": …}}`.

What people would say to a desk while it runs, written down before: releases, refusals, amendments, halts, what they
declare of unknown orders and of breaks. Each command is read as strictly as at any other door (command_json.py).
"""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import ClientCommand
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.units import parse_rfc3339
from sottovoce.intake.command_json import read_command

LINES_MAX = 10_000


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: str
    command: msgspec.Raw


def read_command_lines(raw: bytes) -> list[tuple[int, ClientCommand]]:
    """(ns UTC, command) of every line, in the order of the file; empty lines are passed over.

    Raises: MalformedMessage naming the line: command_line for one that is no such object, or the code of the command.
    """
    lines = raw.split(b"\n")
    if len(lines) > LINES_MAX:
        raise MalformedMessage(f"A file of commands has at most {LINES_MAX:,} lines.", code="command_line")
    return [_read(line, number) for number, line in enumerate(lines, start=1) if line.strip()]


def _read(line: bytes, number: int) -> tuple[int, ClientCommand]:
    try:
        found = msgspec.json.decode(line, type=_Line)
        return parse_rfc3339(found.at), read_command(bytes(found.command))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        sentence = f'Line {number}: {error}; a line is {{"at": "2018-02-08T15:00:00Z", "command": {{…}}}}.'
        raise MalformedMessage(sentence, code="command_line") from error
    except MalformedMessage as error:
        raise MalformedMessage(f"Line {number}: {error}", code=error.code) from error
    except ValueError as error:
        raise MalformedMessage(f"Line {number}: {error}", code="command_line") from error
