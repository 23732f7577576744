"""A desk's limits as configured: the rows they become, and what cannot be configured."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.core.errors import ConfigError
from sottovoce.core.limits import EVERY, LIMITS, Level, LimitBook, ListName
from sottovoce.core.limits import Path as LimitPath
from sottovoce.runtime.config import ACCOUNT, SIMULATION_LIMITS, TRADER, load_config
from sottovoce.stages.risk.limits import ExposureLimit, RiskLimits
from tests.core.limit_words import row

PATH = LimitPath(trader=TRADER, account=ACCOUNT, strategy="VWAP", instrument_id="MSFT.US")


def test_simulation_desk_misses_no_mandatory_limit() -> None:
    book = LimitBook(SIMULATION_LIMITS.limit_rows())
    assert book.effective(PATH, 0).missing == ()
    assert book.kept_by(ListName.RESTRICTED, PATH, 0) == ((Level.FIRM, ""),)


def test_account_nobody_has_set_a_limit_for_misses_its_own() -> None:
    book = LimitBook(SIMULATION_LIMITS.limit_rows())
    missing = book.effective(PATH._replace(account="FUND-Z"), 0).missing
    assert missing == ((Level.ACCOUNT, "gross"), (Level.ACCOUNT, "net"))


def test_without_figures_of_the_firm_nothing_passes() -> None:
    missing = LimitBook(RiskLimits().limit_rows()).effective(PATH, 0).missing
    assert {(Level.FIRM, "gross"), (Level.FIRM, "net"), (Level.TRADER, "gross")} <= set(missing)


def test_figures_become_rows_and_the_rest_are_the_houses() -> None:
    limits = RiskLimits(parent_value_max=7, collar_ppm=11, house={"strategy_rate": 3}, owner="bo")
    effective = LimitBook(limits.limit_rows()).effective(PATH, 0)
    assert {name: bound.value for name in ("parent_value", "collar_liquid_ppm", "strategy_rate", "session_rate")
            if (bound := effective.tightest(name)) is not None} == {
        "parent_value": 7, "collar_liquid_ppm": 11, "strategy_rate": 3, "session_rate": 100,
    }  # fmt: skip
    assert {version.owner for versions in limits.limit_rows().limits.values() for version in versions} == {"bo"}


def test_houses_soft_figure_follows_a_hard_one_that_is_set_below_it() -> None:
    effective = LimitBook(RiskLimits(parent_adv_ppm=200_000).limit_rows()).effective(PATH, 0)
    bound = effective.tightest("parent_adv_soft_ppm")
    assert bound is not None
    assert bound.value == 200_000


def test_every_house_figure_has_a_row_and_every_row_an_id_of_its_own() -> None:
    rows = SIMULATION_LIMITS.limit_versions()
    assert len({each.limit_id for each in rows}) == len({each.place for each in rows}) == len(rows)
    with_figures = {name for name, kind in LIMITS.items() if kind.house}
    assert with_figures | {"gross", "net"} == {each.name for each in rows}


def test_row_given_for_a_place_stands_instead_of_the_houses() -> None:
    own = row("mine", level=Level.ORDER, name="parent_value", value=5)
    limits = RiskLimits(exposures={"": ExposureLimit(gross=1, net=1)}, rows=(own,))
    bound = LimitBook(limits.limit_rows()).effective(PATH, 0).tightest("parent_value")
    assert bound is not None
    assert (bound.limit_id, bound.value) == ("mine", 5)


def test_each_stage_keeps_rows_of_its_own() -> None:
    mine, yours = SIMULATION_LIMITS.limit_rows(), SIMULATION_LIMITS.limit_rows()
    mine.change(2, limits=(row("new"),))
    assert "new" not in yours.limits
    assert yours.version == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[limits.house]\nparent_valeu = 7", "parent_valeu"),
        ("[limits]\nparent_value_max = -7", "limit_value"),
        ("[limits]\nparent_valeu_max = 7", "unknown field `parent_valeu_max`"),
        ('[limits]\nreview_date = "soon"', "limit_review_date"),
        ('[limits.exposures]\n"" = {gross = 1}', "missing required field `net`"),
        ('[[limits.rows]]\nlimit_id = "a"\nlevel = "fund"\nname = "gross"\nvalue = 1', "Invalid enum value 'fund'"),
    ],
)
def test_configuration_with_a_bad_limit_does_not_start(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as stopped:
        load_config(path)
    assert said in str(stopped.value)
    assert "desk.toml" in str(stopped.value)


def test_configuration_says_limits_as_a_person_would(tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text(
        """
[limits]
owner = "head of risk"
review_date = "2027-03-31"
parent_value_max = 100_000_000
restricted = ["ACME"]

[limits.exposures]
"" = {gross = 2_000_000_000, net = 500_000_000}
FUND-A = {gross = 1_000_000_000, net = 400_000_000}

[limits.house]
strategy_rate = 20

[[limits.rows]]
limit_id = "names"
level = "instrument"
scope = "*"
name = "position_value"
value = 50_000_000
owner = "ann"
review_date = "2027-01-31"
"""
    )
    book = LimitBook(load_config(path).limits.limit_rows())
    effective = book.effective(PATH, 0)
    assert effective.missing == ()
    found = effective.tightest("position_value")
    assert found is not None
    assert (found.limit_id, found.scope) == ("names", "MSFT.US")
    assert book.listed(ListName.RESTRICTED, "ACME", PATH, 0) is not None
    assert book.row_at(Level.TRADER, EVERY, "gross", 0) is not None
