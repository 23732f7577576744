"""Requests a run is given beforehand: put on its agenda, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.core.clearance_events import AmendRejected
from sottovoce.core.commands import ClientCommand
from sottovoce.core.errors import ConfigError, MalformedMessage
from sottovoce.core.order_events import CommandRefused, OrderRefused
from sottovoce.core.ports import Step
from sottovoce.core.units import format_ns
from sottovoce.intake.command_lines import read_command_lines
from sottovoce.runtime.run import Run

Timed = Sequence[tuple[int, ClientCommand]]


def read_commands(path: Path | None) -> Timed:
    """The requests of a file, none without one. Raises: ConfigError commands_unreadable, MalformedMessage."""
    if path is None:
        return ()
    try:
        return read_command_lines(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}", code="commands_unreadable") from error


def schedule_commands(run: Run, commands: Timed) -> None:
    """Put requests on the agenda of a run. Raises MalformedMessage, command_time, for one of the past."""
    now_ns = run.now_ns
    for at_ns, command in commands:
        if at_ns < now_ns:
            sentence = f"a command is for {format_ns(at_ns, 0)}, and the desk opens at {format_ns(now_ns, 0)}"
            raise MalformedMessage(sentence, code="command_time")
        run.desk.schedule(at_ns, command)
        run.heard_ns = max(run.heard_ns, at_ns)


def outcomes(steps: Sequence[tuple[int, Step]], commands: Timed) -> list[dict[str, Any]]:
    """What became of each request, in the order they were taken: when, what kind, and the codes that stopped it."""
    asked = {msgspec.json.encode(command) for _, command in commands}
    found = []
    for _, step in steps:
        if asked and step.input is not None and msgspec.json.encode(step.input) in asked:
            stopped = [each for each in step.events if isinstance(each, CommandRefused | AmendRejected | OrderRefused)]
            codes = [failed.code for each in stopped for failed in each.failures]
            kind = type(step.input).__struct_config__.tag
            found.append({"at": format_ns(step.ts_ns, 0), "command": kind, "refused": codes})
    return found


def outcome_lines(found: Sequence[dict[str, Any]]) -> list[str]:
    """The same for people."""
    return [
        f"{each['at']} {each['command'].replace('_', ' ')}: "
        + (f"refused, {', '.join(each['refused'])}" if each["refused"] else "taken")
        for each in found
    ]
