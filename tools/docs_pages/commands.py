"""The commands page, from the command line's own app."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import cyclopts

from sottovoce.apps.cli import app
from tools.docs_pages.tables import prose, table
from tools.docs_pages.worked_examples import HEAD, worked

_ARGUMENT = re.compile(r"^ {4}(\w+): (.*?)(?=^ {4}\w+: |\Z)", re.MULTILINE | re.DOTALL)


def sections() -> list[str]:
    """A section for each command, in the order of the app."""
    return [part for name in _names(app) for part in _command(f"sottovoce {name}", app[name])]


def _names(parent: cyclopts.App) -> list[str]:
    return [name for name in parent if not name.startswith("-")]


def _command(title: str, command: cyclopts.App) -> Iterator[str]:
    function = command.default_command
    if function is None:
        yield f"## {title}"
        yield command.help
        for name in _names(command):
            yield from _command(f"{title} {name}", command[name])
        return
    level = "##" if title.count(" ") == 1 else "###"
    yield f"{level} {title}"
    yield prose(function)
    meanings = {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(_arguments(function))}
    rows = []
    for argument in command.assemble_argument_collection():
        positional = argument.field_info.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        name = argument.name.removeprefix("--")
        shown = f"`{name.upper()}`" if positional else f"`{argument.name}`"
        default = "required" if argument.required else _default(argument.field_info.default)
        rows.append((shown, _hint(argument.hint), default, meanings.get(argument.field_info.name, "")))
    yield table(("argument", "type", "default", "meaning"), rows)
    answer = worked(function)
    if answer:
        yield answer


def _arguments(function: object) -> str:
    return (inspect.getdoc(function) or "").partition("Args:\n")[2].partition(HEAD)[0]


def _default(value: object) -> str:
    return "" if value is None or value is False else f"`{value}`"


def _hint(hint: object) -> str:
    names = {"str": "text", "int": "whole number", "float": "number", "bool": "flag", "Path": "path"}
    text = str(getattr(hint, "__name__", hint)).replace("pathlib.", "").removesuffix(" | None")
    return names.get(text, text)
