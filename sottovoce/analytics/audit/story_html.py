"""The story as one self-contained page: nothing fetched from anywhere, no script."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from sottovoce.analytics.audit.story import Story

if TYPE_CHECKING:
    from jinja2 import Template


ROWS_SHOWN = 5
"""Orders at venues shown at once; beside them those with a trade undone. The others open at a click."""


def story_html(story: Story) -> str:
    """The page of one order. Whatever the record has in it is shown as text, never as markup."""
    shown = [row for at, row in enumerate(story.fills) if at < ROWS_SHOWN or row.undone]
    return _template().render(story=story, shown=shown, rest=[row for row in story.fills if row not in shown])


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["count"] = lambda quantity: f"{quantity:,}"
    source = resources.files("sottovoce.analytics.audit").joinpath("templates", "story.html.j2")
    return environment.from_string(source.read_text("utf-8"))
