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
        ("10:00 ZZZZ jumps by 1%\nend expect replay is equal", MalformedMessage, "line 3.*no instrument ZZZZ"),
        ("10:00 ACME jumps by -100%\nend expect replay is equal", MalformedMessage, "line 3.*less than 63 %"),
        ("15:58 ACME halts for 5m\nend expect replay is equal", MalformedMessage, "line 3.*within one session"),
        ("10:00 ACME bursts by 0 for 5m\nend expect replay is equal", MalformedMessage, "line 3.*above 0"),
        ("17:00 ACME jumps by 1%\nend expect replay is equal", MalformedMessage, "line 3.*not open then"),
        ("10:00 NONE is silent for 1m\nend expect replay is equal", Exception, "NONE"),
    ],
)
def test_what_cannot_be_played_names_its_line(text: str, error: type[Exception], about: str) -> None:
    with pytest.raises(error, match=about):
        play(parse_scenario(HEAD + text, "source"), "source")


MARKET_EVENTS = (
    HEAD
    + """
09:59  expect ACME last_px > 48
10:00  ACME jumps by -10%
10:05  expect ACME last_px < 48
10:10  ACME halts for 5m
10:12  expect ACME is halted
10:16  expect ACME is open
"""
)


@pytest.mark.parametrize("market", ["sim", "sim:queues"])
def test_what_is_said_to_happen_happens_in_either_generator(market: str) -> None:
    played = play(parse_scenario(f"market {market}\n{MARKET_EVENTS}", "source"), "source")
    assert played.passed, [msgspec.to_builtins(verdict) for verdict in played.verdicts if not verdict.ok]


def test_without_the_jump_the_price_is_another_one() -> None:
    calm = "\n".join(line for line in MARKET_EVENTS.splitlines() if "jumps" not in line)
    played = play(parse_scenario(calm, "source"), "source")
    assert [verdict.line for verdict in played.verdicts if not verdict.ok] == [5]
