"""The pages on messages: reasons, every message with its fields, and which stage decides on which."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from types import ModuleType
from typing import get_args

import msgspec

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core import commands, enums, events, lifecycle, orders, reasons, route_events
from sottovoce.runtime.config import Config
from sottovoce.runtime.system import EDGES, System, build_system
from tools.docs_pages.tables import prose, table

_GROUP = re.compile(r"^(?:    )?# ([a-z][a-z ]+?)(?: -+)?$")
_REASON = re.compile(r'^    "([^"]+)": _R\(')


def reason_sections() -> list[str]:
    """The table of reasons under the headings of its source."""
    return [
        part
        for heading, codes in _grouped(reasons, _REASON).items()
        for part in (f"## {heading.capitalize()}", table(("code", "meaning", "what to do", "control"), _reasons(codes)))
    ]


def _reasons(codes: list[str]) -> list[tuple[str, ...]]:
    found = [(code, reasons.REASONS[code]) for code in codes]
    return [(f"`{code}`", reason.meaning, reason.action, reason.control) for code, reason in found]


def _grouped(module: ModuleType, pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Names a pattern finds in a source, under the comment that heads them."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in inspect.getsource(module).splitlines():
        if match := _GROUP.match(line):
            heading = match[1]
        elif match := pattern.match(line):
            found.setdefault(heading, []).append(match[1])
    return found


def message_sections() -> list[str]:
    """Commands, venue messages and timers; events by the stage that decides them; values; enumerations."""
    parts = ["## Inputs", "Commands carry `principal`, who asks. No input carries a time: the step that takes it does."]
    parts += _by_module(get_args(commands.Input), ("principal",))
    parts += ["## Events", "Every event carries `parent_id` and `ts_ns`, the time of its step."]
    parts += _by_module(get_args(events.StageEvent), ("parent_id", "ts_ns"))
    values: tuple[type[msgspec.Struct], ...] = (*_structs(orders), route_events.Candidate, lifecycle.OrderState)
    parts += ["## Values", *(part for each in values for part in _struct(each, ()))]
    return [*parts, "## Enumerations", table(("name", "values", "meaning"), list(_enums()))]


def _by_module(messages: Collection[type[msgspec.Struct]], understood: tuple[str, ...]) -> Iterator[str]:
    """Messages under the headings of their modules, in the order of their sources."""
    modules = dict.fromkeys(sys.modules[each.__module__] for each in messages)
    for module in modules:
        yield f"### {module.__name__.rpartition('.')[2].replace('_', ' ').capitalize()}"
        yield prose(module)
        for each in messages:
            if each.__module__ == module.__name__:
                yield from _struct(each, understood)


def _is_struct(value: object, module: ModuleType) -> bool:
    return isinstance(value, type) and issubclass(value, msgspec.Struct) and value.__module__ == module.__name__


def _structs(module: ModuleType) -> tuple[type[msgspec.Struct], ...]:
    return tuple(value for value in vars(module).values() if _is_struct(value, module))


def _struct(value: type[msgspec.Struct], understood: tuple[str, ...]) -> Iterator[str]:
    tag = value.__struct_config__.tag
    yield f"#### {value.__name__}" + (f" `{tag}`" if tag else "")
    if value.__doc__:
        yield prose(value)
    rows = [
        (f"`{field.name}`", f"`{annotation(value, field.name)}`", shown(field))
        for field in msgspec.structs.fields(value)
        if field.name not in understood
    ]
    if rows:
        yield table(("field", "type", "default"), rows)


def annotation(value: type[msgspec.Struct], name: str) -> str:
    """A field's type as it is written in the source."""
    written = (vars(each).get("__annotations__", {}) for each in value.__mro__)
    return next(str(types[name]) for types in written if name in types)


def shown(field: msgspec.structs.FieldInfo) -> str:
    """A field's default for a table cell; required when there is none."""
    if field.required:
        return "required"
    return literal(field.default if field.default is not msgspec.NODEFAULT else field.default_factory())


def literal(value: object) -> str:
    """A value for a table cell; a structure has a table of its own."""
    if isinstance(value, msgspec.Struct):
        return "as below"
    if isinstance(value, Enum):
        return f"`{value.name}`"
    return f"`{value:_}`" if isinstance(value, int) and not isinstance(value, bool) else f"`{value!r}`"


def _enums() -> Iterator[tuple[str, str, str]]:
    for value in vars(enums).values():
        if isinstance(value, type) and issubclass(value, Enum) and list(value):
            yield f"`{value.__name__}`", ", ".join(f"`{each.value}`" for each in value), prose(value)


def edge_sections(sources: Mapping[str, list[str]]) -> list[str]:
    """What is decided on, and what is only applied."""
    system = build_system(Config(), load_shipped(), load_calendar(), ())
    made = _makers(sources)
    decided = [
        (f"`{message.__name__}`", made.get(message.__name__, "outside"), stage, _listeners(system, message))
        for message, stage in EDGES.items()
    ]
    rest = [each for each in get_args(events.StageEvent) if each not in EDGES]
    applied = [(f"`{each.__name__}`", made.get(each.__name__, ""), _listeners(system, each)) for each in rest]
    return [
        "## Decided on",
        table(("message", "made by", "decided on by", "applied by"), decided),
        "## Applied only",
        table(("message", "made by", "applied by"), applied),
    ]


def _listeners(system: System, message: type) -> str:
    return ", ".join(stage.name for stage in system.stages if message in stage.appliers())


def _makers(sources: Mapping[str, list[str]]) -> dict[str, str]:
    """Message name → the stages whose source constructs it."""
    found: dict[str, list[str]] = {}
    messages = {each.__name__ for each in (*EDGES, *get_args(events.StageEvent))}
    for stage, texts in sources.items():
        calls = {name for text in texts for name in _called(text)}
        for name in sorted(calls & messages):
            found.setdefault(name, []).append(stage)
    return {name: ", ".join(stages) for name, stages in found.items()}


def _called(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
