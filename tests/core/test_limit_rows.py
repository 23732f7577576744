"""What one row may say, and the table of every limit there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.core.limit_faults import entry_faults, limit_faults, overdue
from sottovoce.core.limits import LIMITS, Level, Unit
from sottovoce.core.units import NS_PER_DAY
from tests.core.limit_words import entry, row

STAGES = Path(__file__).resolve().parents[2] / "sottovoce/stages"

# rows alone -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "gros"}, "limit_unknown"),
        ({"value": -1}, "limit_value"),
        ({"value": 1 << 63}, "limit_value"),
        ({"limit_id": ""}, "limit_id"),
        ({"limit_id": "x" * 65}, "limit_id"),
        ({"owner": "  "}, "limit_owner"),
        ({"review_date": "soon"}, "limit_review_date"),
        ({"review_date": "2027-02-30"}, "limit_review_date"),
        ({"scope": "US"}, "limit_scope"),
        ({"level": Level.ACCOUNT}, "limit_scope"),
        ({"from_ns": 5, "until_ns": 5}, "limit_window"),
        ({"from_ns": -1}, "limit_window"),
        ({"version": 0}, "limit_stale"),
    ],
)
def test_row_that_cannot_be_meant(changes: dict[str, object], code: str) -> None:
    assert [fault.code for fault in limit_faults(row(**changes))] == [code]


def test_sound_rows_have_no_faults() -> None:
    assert limit_faults(row()) == []
    assert limit_faults(row(level=Level.ACCOUNT, scope="F1", value=0, from_ns=1, until_ns=2)) == []
    assert entry_faults(entry()) == []
    assert [fault.code for fault in entry_faults(entry(level=Level.ORDER))] == ["limit_scope"]


def test_review_is_overdue_the_day_after() -> None:
    day = row(review_date="1970-01-02")
    assert not overdue(day, 2 * NS_PER_DAY - 1)
    assert overdue(day, 2 * NS_PER_DAY)


# the table ------------------------------------------------------------------------------------------------


def test_table_agrees_with_itself() -> None:
    for name, kind in LIMITS.items():
        assert kind.meaning, name
        assert kind.control[:3] in ("PT-", "AT-"), name
        assert not kind.soft_of or LIMITS[kind.soft_of].unit is kind.unit, name
        assert all(value >= 0 for _, value in kind.house), name
        if kind.soft_of:
            assert dict(kind.house)[Level.ORDER] <= dict(LIMITS[kind.soft_of].house)[Level.ORDER], name
        if kind.unit is Unit.PPM and "adv" in name:
            assert all(value <= 1_000_000 for _, value in kind.house), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("child_value", 50_000_000),
        ("child_adv_ppm", 50_000),
        ("parent_value", 250_000_000),
        ("parent_adv_ppm", 1_000_000),
        ("basket_value", 250_000_000),
        ("collar_liquid_ppm", 30_000),
        ("collar_other_ppm", 50_000),
        ("collar_low_price_ppm", 100_000),
        ("strategy_rate", 50),
        ("session_rate", 100),
        ("instrument_rate", 20),
        ("rerun_fills", 500),
        ("rerun_window_ns", 10_000_000_000),
        ("price_age_liquid_ns", 2_000_000_000),
    ],
)
def test_house_figures_are_those_of_the_sheet(name: str, value: int) -> None:
    assert LIMITS[name].house == ((Level.ORDER, value),)
    assert LIMITS[name].mandatory == (Level.ORDER,)


def test_every_limit_is_one_that_a_stage_compares_with() -> None:
    """A limit that binds nothing must not look like one."""
    sources = [path for path in STAGES.rglob("*.py") if path != STAGES / "risk/limits.py"]
    text = "\n".join(path.read_text("utf-8") for path in sources if path.parent != STAGES / "limits")
    assert [name for name in LIMITS if f'"{name}"' not in text] == []
