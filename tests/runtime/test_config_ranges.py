"""Every figure of a configuration file is read within a range: one that can mean nothing is refused where it stands."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest

from sottovoce.core.errors import ConfigError
from sottovoce.core.limits import LimitRow, ListRow
from sottovoce.runtime.config import Config, load_config
from sottovoce.stages.risk.limits import ExposureLimit, RiskLimits

JUDGED_ELSEWHERE = {RiskLimits, LimitRow, ListRow, ExposureLimit}
"""Limits have checks and reasons of their own (core/limit_faults.py)."""
UNBOUNDED = {("Guideline", "from_ns"), ("Guideline", "until_ns")}
"""Times: any of them is one."""


def figures(kind: Any, owner: str = "", name: str = "") -> Iterator[tuple[str, str, Any]]:
    """(struct, field, annotation) of every int and float below a type."""
    bare = typing.get_args(kind)[0] if typing.get_origin(kind) is Annotated else kind
    if bare in (int, float):
        yield owner, name, kind
    elif isinstance(bare, type) and issubclass(bare, msgspec.Struct) and bare not in JUDGED_ELSEWHERE:
        hints = typing.get_type_hints(bare, include_extras=True)
        for field in msgspec.structs.fields(bare):
            yield from figures(hints[field.name], bare.__name__, field.name)
    elif typing.get_origin(bare) in (typing.Union, types.UnionType, tuple, dict):
        for part in typing.get_args(bare):
            yield from figures(part, owner, name)


FIGURES = {(owner, name): kind for owner, name, kind in figures(Config)}


def test_the_walk_finds_the_figures() -> None:
    assert len(FIGURES) > 170
    assert ("UrgencyPolicy", "crossing") in FIGURES
    assert ("RatioLimit", "slow_ns") in FIGURES


@pytest.mark.parametrize("place", sorted(set(FIGURES) - UNBOUNDED), ids=".".join)
def test_every_figure_has_a_lowest_and_a_highest_value(place: tuple[str, str]) -> None:
    kind = FIGURES[place]
    assert typing.get_origin(kind) is Annotated, f"{place} takes any figure; give it one of core/ranges.py"
    meta = kind.__metadata__[0]
    assert meta.ge is not None or meta.gt is not None
    assert meta.le is not None or meta.lt is not None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[planning]\nbucket_ns = 0", "$.planning.bucket_ns"),
        ("[planning]\nwakes_min = 0", "$.planning.wakes_min"),
        ("[planning]\nclose_part_ppm = 5_000_000", "$.planning.close_part_ppm"),
        ("[planning]\nparticipation_ppm = 600_000", "$.planning.participation_ppm"),
        ("[planning]\nwake_ns = 1_000_000\nwake_min_ns = 2_000_000", "wake_min_ns"),
        ("[planning]\nvolume_log_sd = []", "volume_log_sd"),
        ("[planning.choice]\nevent_regimes = [[0.9, 1.0], [0.9, 2.0]]", "event_regimes"),
        ("[planning.choice]\nrates_ppm = [0]", "$.planning.choice.rates_ppm[0]"),
        ("[planning.square_root]\nversion = 'x'\nprefactor = 0.0", "prefactor"),
        ("[planning.impact]\nversion = 'x'\ngamma = 0.3\ngamma_se = -1.0\neta = 0.1\neta_se = 0.1", "gamma_se"),
        (
            "[planning.volume_curve]\nname = 'x'\norigin = 'y'\nedges_ns = [0, 1]\ncumulative = [0.5, 1.0]",
            "start at 0",
        ),
        ("[breakers]\nbackoff_s = 0", "$.breakers.backoff_s"),
        ("[approval]\nadv_percent_max = -1.0", "$.approval.adv_percent_max"),
        ("[routing]\ntake_fill = 1.5", "$.routing.take_fill"),
        ("[clock]\nalert_ns = -1", "$.clock.alert_ns"),
    ],
)
def test_a_figure_that_can_mean_nothing_is_refused_where_it_stands(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config(_written(tmp_path, text))
    assert refused.value.code == "config_invalid"
    assert where in str(refused.value)


PROFILE = "[[planning.profiles]]\nname = 'a'\nmanagers = ['pm-1']\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[planning.profiles]]\nname = ''\nmanagers = ['pm-1']", "it has a name"),
        ("[[planning.profiles]]\nname = 'a'\navoid = ['SIMX']", "managers or accounts"),
        (PROFILE + "effective_from = '7 Feb 2018'", "is a date"),
        (PROFILE + "effective_from = '20180207'", "is a date"),
        (PROFILE + "avoid = ['']", "not the name of a venue"),
        (PROFILE + "avoid = ['SIMX']\nprefer = ['SIMX']", "preferred and avoided"),
        (PROFILE + "[[planning.profiles]]\nname = 'b'\nmanagers = ['pm-2', 'pm-1']", "another of version 1"),
        (PROFILE + "max_participation_ppm = 0", "max_participation_ppm"),
        (PROFILE + "risk_price = -0.1", "risk_price"),
    ],
)
def test_a_profile_that_could_not_apply_as_written_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config(_written(tmp_path, text))
    assert refused.value.code == "config_invalid"
    assert why in str(refused.value)


def test_a_later_version_of_a_profile_may_stand_beside_the_earlier(tmp_path: Path) -> None:
    later = PROFILE + "version = 2\neffective_from = '2018-02-07'"
    assert len(load_config(_written(tmp_path, PROFILE + later)).planning.profiles) == 2


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "desk.toml"
    path.write_text(text)
    return path
