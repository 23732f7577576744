"""The configuration page, from the tree that the TOML file is read into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, get_args, get_origin

import msgspec

from sottovoce.core import ranges
from sottovoce.core.access import ALLOWED, Principal, Role
from sottovoce.core.limits import LimitRow, ListRow
from sottovoce.models.impact_record import Scale
from sottovoce.runtime.config import Config
from sottovoce.stages.gateway.config import VenueProfile
from sottovoce.stages.limits.config import PeakUse, VenueCollar
from sottovoce.stages.planning.tolerances import RiskProfile
from sottovoce.stages.risk.limits import ExposureLimit
from sottovoce.stages.risk.policy import Guideline, OutsideCheck
from sottovoce.stages.routing.ratios import RatioLimit
from tools.docs_pages.messages import annotation, literal, shown
from tools.docs_pages.tables import prose, table

LONG = 60
"""Characters of a default that is still worth printing."""

ENTRIES: dict[str, type[msgspec.Struct]] = {
    "[[directory.principals]]": Principal,
    "[limits.exposures.NAME]": ExposureLimit,
    "[[limits.rows]]": LimitRow,
    "[[limits.lists]]": ListRow,
    "[[limits_policy.peaks]]": PeakUse,
    "[[limits_policy.venue_collars]]": VenueCollar,
    "[[risk.guidelines]]": Guideline,
    "[[risk.outside]]": OutsideCheck,
    "[[planning.profiles]]": RiskProfile,
    "[[planning.impact_scales]]": Scale,
    "[[routing.ratios]]": RatioLimit,
    "[[gateway.profiles]]": VenueProfile,
}
"""What stands in lists and tables of the tree; NAME is an account, or "" for the firm."""

REPLACES = (
    "A table that is given replaces the built-in one whole: a key left out of it takes the *default* of that key, and "
    "a key that is *required* must be there. *Built in* is what holds when the table is not given at all; it is shown "
    'where it differs. A `[limits]` table therefore needs its `exposures`, one for the firm (`""`) and one for each '
    "account: without them every order is rejected with `limit_missing`."
)

RANGED = (
    "A figure outside the range of its type is refused with its place in the file, and so is one that contradicts "
    "another. They say what a figure can mean at all, not what a desk should choose."
)


def sections() -> list[str]:
    """A section for each table of the file, then the roles."""
    parts = [REPLACES]
    described: dict[type, str] = {}
    for path, value in _tree("", Config()):
        heading = f"## `[{path}]`" if path else "## The top of the file"
        first = described.setdefault(type(value), path)
        about = prose(type(value)) if first == path else f"As `[{first}]`."
        parts += [heading, about, _settings(value)]
    for path, kind in ENTRIES.items():
        parts += [f"## `{path}`", prose(kind), _keys(kind)]
    roles = [(f"`{role.value}`", ", ".join(sorted(may)) or "nothing") for role, may in _roles()]
    parts += ["## Roles", "What each role may ask; anything else is refused.", table(("role", "may"), roles)]
    return [*parts, "## Ranges", RANGED, table(("type", "is", "from", "to"), list(_ranges()))]


def _ranges() -> Iterator[tuple[str, str, str, str]]:
    """The types of figures, with the ends of their ranges."""
    for name, kind in vars(ranges).items():
        if get_origin(kind) is Annotated:
            figure, meta = get_args(kind)
            low = f"above {meta.gt:g}" if meta.ge is None else f"{meta.ge:,}"
            yield f"`{name}`", f"`{figure.__name__}`", low, f"{meta.le:,}"


def _roles() -> Iterator[tuple[Role, list[str]]]:
    for role, allowed in ALLOWED.items():
        yield role, [action.value for action in allowed]


def _tree(path: str, value: msgspec.Struct) -> Iterator[tuple[str, msgspec.Struct]]:
    yield path, value
    for field in msgspec.structs.fields(value):
        below = getattr(value, field.name)
        if isinstance(below, msgspec.Struct):
            yield from _tree(f"{path}.{field.name}".lstrip("."), below)


def _settings(value: msgspec.Struct) -> str:
    kind = type(value)
    rows = []
    for field in msgspec.structs.fields(kind):
        default, built_in = _brief(shown(field)), _brief(literal(getattr(value, field.name)))
        rows.append((f"`{field.name}`", f"`{annotation(kind, field.name)}`", default, built_in * (built_in != default)))
    if not any(row[-1] for row in rows):
        return table(("key", "type", "default"), [row[:-1] for row in rows])
    return table(("key", "type", "default", "built in"), rows)


def _keys(kind: type[msgspec.Struct]) -> str:
    fields = msgspec.structs.fields(kind)
    rows = [(f"`{field.name}`", f"`{annotation(kind, field.name)}`", _brief(shown(field))) for field in fields]
    return table(("key", "type", "default"), rows)


def _brief(default: str) -> str:
    return default if len(default) < LONG else "see the code"
