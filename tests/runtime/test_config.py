"""Configuration: one tree from TOML; what is not known, not a figure or not readable is refused where it stands."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sottovoce.core.access import Role
from sottovoce.core.errors import ConfigError
from sottovoce.runtime.config import ACCOUNT, SECRET_VARIABLE, SIMULATED_RISK, TRADER, Config, load_config
from sottovoce.stages.risk.limits import FIRM


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "desk.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_nothing_given_is_the_simulation_desk() -> None:
    assert load_config(None) == Config()


def test_empty_file_is_the_simulation_desk(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, "")) == Config()


def test_simulation_desk_has_a_limit_for_every_scope_and_a_second_person_for_every_change() -> None:
    config = Config()
    assert {FIRM, ACCOUNT} <= set(config.limits.exposures)
    roles = Counter(one.role for one in config.directory.principals)
    assert roles == {Role.TRADER: 1, Role.RISK: 2, Role.COMPLIANCE: 2}
    assert {TRADER, SIMULATED_RISK} <= {one.name for one in config.directory.principals}


def test_what_is_set_is_set_and_the_rest_stays(tmp_path: Path) -> None:
    text = """
max_quote_age_s = 5

[approval]
value_max = 1_000_000

[limits]
version = 4
[limits.exposures.""]
gross = 10
net = 5
"""
    found = load_config(written(tmp_path, text))
    assert found.max_quote_age_s == 5.0
    assert found.approval.value_max == 1_000_000
    assert found.limits.version == 4
    assert found.limits.exposures[FIRM].net == 5
    assert found.algos == Config().algos


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("maximum = 1", "maximum"),
        ("[limits]\nparent_value_maxx = 1", "$.limits"),
        ("[limits.exposures.FUND-A]\ngros = 1\nnet = 1", "gros"),
        ("[limits]\nversion = 'four'", "$.limits.version"),
        ("[limits]\nversion = 1.5", "$.limits.version"),
        ("max_quote_age_s = 0", "max_quote_age_s"),
        ("max_quote_age_s = -1.0", "max_quote_age_s"),
        ("max_quote_age_s = nan", "nan"),
        ("max_quote_age_s = inf", "inf"),
        ("[approval]\ncost_bps_max = nan", "nan"),
        ("a = = 1", "line 1"),
        ("a = 1\na = 2", "overwrite"),
        (b"\xff\xfe", "utf-8"),
        ("a = " + "[" * 50_000, "recursion"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(tmp_path: Path, text: str | bytes, where: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert refused.value.code == "config_invalid"
    assert str(path) in str(refused.value)
    assert where in str(refused.value)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    for missing in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigError) as refused:
            load_config(missing)
        assert refused.value.code == "config_unreadable"


def test_secret_comes_from_the_environment_and_has_a_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    simulated = Config().secret_bytes()
    monkeypatch.setenv(SECRET_VARIABLE, "sixteen letters!")
    assert Config().secret_bytes() == b"sixteen letters!" != simulated
    monkeypatch.setenv(SECRET_VARIABLE, "x" * 200)
    assert len(Config().secret_bytes()) == 64
    monkeypatch.setenv(SECRET_VARIABLE, "too short")
    with pytest.raises(ConfigError) as refused:
        Config().secret_bytes()
    assert refused.value.code == "secret"


def test_secret_never_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, "sixteen letters!")
    assert "sixteen" not in repr(Config())
