"""A desk's limits as its configuration says them: a few house figures, exposure by account, and rows for the rest.

They become rows (core/limits.py) when the desk starts; from then on the rows are what binds and what is changed.
Money is whole currency, ratios are parts per million.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from sottovoce.core.limit_faults import entry_faults, limit_faults
from sottovoce.core.limits import (
    EVERY,
    KEPT,
    LIMITS,
    Level,
    LimitKind,
    LimitRow,
    LimitRows,
    ListName,
    ListRow,
    rows_of,
)
from sottovoce.core.reasons import sentence

PPM = 1_000_000
DOLLAR = 1_000_000
"""Price units x shares in one dollar at a price scale of 1e6."""

FIRM = ""
HOUSE = "house"
REVIEW_DATE = "2027-06-30"


class ExposureLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hard limits on worst-case exposure of one scope, in currency."""

    gross: int
    net: int


class RiskLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every limit a desk starts with. A figure that is not given is the house's (core/limit_table.py).

    exposures: by account, and the firm's under "". house: other house figures by name. rows and lists: anything else,
    dated and owned as they say; owner and review_date are those of the figures given here. restricted: instruments of
    the firm's restricted list, which is kept even while it is empty.
    """

    version: int = 1
    owner: str = HOUSE
    review_date: str = REVIEW_DATE
    parent_value_max: int = 250_000_000
    parent_qty_max: int = 20_000_000
    parent_adv_ppm: int = 1_000_000
    child_value_max: int = 50_000_000
    child_adv_ppm: int = 50_000
    collar_ppm: int = 30_000
    reserve_ppm: int = 100_000
    exposures: dict[str, ExposureLimit] = {}
    restricted: tuple[str, ...] = ()
    house: dict[str, int] = {}
    rows: tuple[LimitRow, ...] = ()
    lists: tuple[ListRow, ...] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.house) - set(LIMITS))
        if unknown:
            raise ValueError(f"house names what is no limit: {', '.join(unknown)}")
        faults = [fault for row in self.limit_versions() for fault in limit_faults(row)]
        faults += [fault for entry in self.list_versions() for fault in entry_faults(entry)]
        if faults:
            raise ValueError("; ".join(sentence(fault) for fault in faults))

    def limit_rows(self) -> LimitRows:
        """The rows these limits are: a new object each time, for a stage to keep."""
        return rows_of(self.limit_versions(), self.list_versions(), self.version)

    def limit_versions(self) -> tuple[LimitRow, ...]:
        """Every row of a limit: those given, then the house's where none was given for the same place."""
        given = {row.place for row in self.rows}
        return (*self.rows, *(row for row in self._house_rows() if row.place not in given))

    def list_versions(self) -> tuple[ListRow, ...]:
        """Every entry of a list: the restricted list itself, what is on it, and those given."""
        given = {entry.place for entry in self.lists}
        return (*self.lists, *(entry for entry in self._restricted_rows() if entry.place not in given))

    def _figures(self) -> Mapping[str, int]:
        """House figures by name, as set here; a child's no looser than its parent's."""
        return {
            "parent_value": self.parent_value_max,
            "parent_qty": self.parent_qty_max,
            "parent_adv_ppm": self.parent_adv_ppm,
            "child_value": min(self.child_value_max, self.parent_value_max),
            "child_adv_ppm": min(self.child_adv_ppm, self.parent_adv_ppm),
            "collar_liquid_ppm": self.collar_ppm,
            "reserve_ppm": self.reserve_ppm,
            **self.house,
        }

    def _house_rows(self) -> Iterator[LimitRow]:
        figures = self._figures()
        for scope, limit in self.exposures.items():
            level = Level.FIRM if scope == FIRM else Level.ACCOUNT
            yield self._row(level, scope, "gross", limit.gross)
            yield self._row(level, scope, "net", limit.net)
        if FIRM in self.exposures:
            yield self._row(Level.TRADER, EVERY, "gross", self.exposures[FIRM].gross)
        for name, kind in LIMITS.items():
            if name in ("gross", "net"):
                continue  # these come from exposures or rows; where nobody has set them, orders stop
            for level, value in kind.house:
                scope = "" if level in (Level.FIRM, Level.ORDER) else EVERY
                yield self._row(level, scope, name, figures.get(name, _below(kind, value, figures)))

    def _row(self, level: Level, scope: str, name: str, value: int) -> LimitRow:
        where = f"{level.value}.{scope}" if scope else level.value
        return LimitRow(
            limit_id=f"{where}.{name}",
            level=level,
            scope=scope,
            name=name,
            value=value,
            owner=self.owner,
            review_date=self.review_date,
        )

    def _restricted_rows(self) -> Iterator[ListRow]:
        for instrument_id in (KEPT, *self.restricted):
            yield ListRow(
                entry_id=f"restricted.{instrument_id}" if instrument_id else "restricted",
                list_name=ListName.RESTRICTED,
                owner=self.owner,
                instrument_id=instrument_id,
            )


def _below(kind: LimitKind, value: int, figures: Mapping[str, int]) -> int:
    """The house's figure, no looser than the hard limit, or the parent's, that this desk has set for itself."""
    return min(value, figures.get(kind.below, value))
