"""The story for a terminal."""

from __future__ import annotations

import textwrap

from sottovoce.analytics.audit.story import Story

WIDTH = 100
ROWS_MAX = 8
"""Orders at venues shown on a terminal."""


def story_text(story: Story, *, lines: bool = True) -> str:
    """The page as text: answers first, trades, then the record line by line unless it is left out."""
    out = [f"{story.title}", f"order {story.order_id}, {story.when}, times UTC", ""]
    for number, answer in enumerate(story.answers, start=1):
        out.append(f"{number}. {answer.question}")
        out += [wrapped for sentence in answer.sentences for wrapped in _wrap(sentence, "   ")]
        if answer.question.startswith("What filled"):
            out += _fills(story)
        out.append("")
    if lines:
        out.append("The record")
        out += [each for line in story.lines for each in _wrap(line.sentence, f"  {line.seq:>6}  {line.at}  ")]
    return "\n".join(out).rstrip()


def _fills(story: Story) -> list[str]:
    out = []
    for row in story.fills[:ROWS_MAX]:
        undone = f", {row.undone}" if row.undone else ""
        filled = f"{row.filled:,} of {row.sent:,} at {row.px}{undone}: {row.why}."
        out += _wrap(filled, f"     {row.at}  {row.venue:<5} ")
    more = len(story.fills) - ROWS_MAX
    return out if more <= 0 else [*out, f"     … and {more} more; the page and the JSON have them all."]


def _wrap(sentence: str, lead: str) -> list[str]:
    return textwrap.wrap(sentence, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead)) or [lead]
