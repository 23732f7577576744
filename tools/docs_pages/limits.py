"""The page of limits: every name there is, what a file of them looks like, and what the linter refuses."""

from __future__ import annotations

import inspect

from sottovoce.core.limits import LIMITS, LimitKind
from sottovoce.core.reasons import REASONS
from sottovoce.intake import limit_file
from tools.docs_pages.tables import table

HIERARCHY = (
    "Levels, widest first: firm, desk, trader, account, strategy, instrument, order. A limit on one order is the "
    "tightest row on its path; where *totals* says so, each level's own total is compared with that level's own row. A "
    "row whose scope is `*` is for every one of its level that has no row of its own. Where a level is *mandatory*, an "
    "order without a row there is refused with `limit_missing`. Money is whole currency, `ppm` parts per million."
)
CHANGES = (
    "What only tightens holds at once, on the word of one person of the risk role (for lists: compliance). What would "
    "let anything more through, at any time from then on, waits for another person of that role, who names the digest "
    "of what was proposed; it is judged again at that moment, and lapses after `limits_policy.proposal_minutes`. A row "
    "with an end runs out by itself, and what stood before it stands again. A whole file is one change: all of it or "
    "nothing."
)


def sections() -> list[str]:
    """How limits bind, the table of names, the file, and what is refused."""
    heads = ("name", "meaning", "unit", "control", "house figure", "mandatory at", "totals")
    example = inspect.cleandoc(limit_file.__doc__ or "").split("\n\n", 1)[1].rsplit("\n\n", 1)[0]
    codes = [(f"`{code}`", reason.meaning) for code, reason in REASONS.items() if reason.control == "P10"]
    return [
        HIERARCHY,
        "## Names",
        table(heads, [_row(name) for name in LIMITS]),
        "## Changes",
        CHANGES,
        "## A file of limits",
        f"```toml\n{inspect.cleandoc(example)}\n```",
        "## What makes a limit meaningless",
        "`sottovoce limits lint` and the desk itself refuse the whole change for any of these.",
        table(("code", "meaning"), codes),
    ]


def _row(name: str) -> tuple[str, ...]:
    kind = LIMITS[name]
    return (
        f"`{name}`",
        kind.meaning + (" (the higher figure is the tighter)" if kind.higher_is_tighter else ""),
        kind.unit.value,
        kind.control,
        _house(kind),
        ", ".join(level.value for level in kind.mandatory),
        "yes" if kind.sums else "",
    )


def _house(kind: LimitKind) -> str:
    return ", ".join(
        f"{value:,}" if level.value == "order" else f"{value:,} (every {level.value})" for level, value in kind.house
    )
