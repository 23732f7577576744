"""Every scenario that is shipped holds, twice the same; and one that claims what is not so fails."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sottovoce.core.errors import MalformedMessage, NotFound
from sottovoce.intake.scenario_file import parse_scenario, read_scenario
from sottovoce.runtime.scenario import play
from tests.apps.commanding import ask

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "scenarios"
FILES = sorted(FOLDER.glob("*.scenario"))
HEAD = "title T\nname ACME close 50.00 adv 2,000,000 volatility 1.5%\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_the_file_expects_holds(path: Path) -> None:
    played = play(read_scenario(path), str(path))
    assert played.verdicts
    assert played.passed, [msgspec.to_builtins(verdict) for verdict in played.verdicts if not verdict.ok]


def test_the_same_file_gives_the_same_journal() -> None:
    path = FOLDER / "silent_venue.scenario"
    first, second = (play(read_scenario(path), str(path)) for _ in range(2))
    assert first == second


def test_a_claim_that_is_not_so_fails_with_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "wrong.scenario"
    path.write_text(HEAD + "10:00 order A Buy 1,000 ACME TWAP until 10:10\nend expect A filled = 7\n")
    answer = ask("scenario", str(path))
    assert answer.code == 1
    assert "FAIL" in answer.out
    assert "found 1000" in answer.out


def test_all_shipped_ones_pass_from_the_command_line() -> None:
    answer = ask("scenario", str(FOLDER / "unknown_name.scenario"), "--json")
    assert answer.code == 0
    assert answer.json()["scenarios"][0]["passed"] is True


def test_a_folder_without_scenarios_is_not_found(tmp_path: Path) -> None:
    assert ask("scenario", str(tmp_path)).code == 4
    assert ask("scenario").code == 4


@pytest.mark.parametrize(
    ("text", "error", "about"),
    [
        ("10:00 order A Buy some ACME\nend expect replay is equal", MalformedMessage, "line 3"),
        ("08:00 order A Buy 1 ACME\nend expect replay is equal", MalformedMessage, "opens at 09:30"),
        ("10:00 order A Buy 100 ACME\nend expect B filled = 1", NotFound, "called B"),
        ("10:00 order A Buy 100 ACME TWAP\n10:01 release A\nend expect replay is equal", MalformedMessage, "not held"),
        ("10:00 NONE is silent for 1m\nend expect replay is equal", Exception, "NONE"),
    ],
)
def test_what_cannot_be_played_names_its_line(text: str, error: type[Exception], about: str) -> None:
    with pytest.raises(error, match=about):
        play(parse_scenario(HEAD + text, "source"), "source")
