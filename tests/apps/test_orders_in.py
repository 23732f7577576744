"""What an order may be, and what is asked, refused or not found: the same for plan and run, with the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.apps.commanding import VWAP, Answer, ask

BOTH = pytest.mark.parametrize("command", ["plan", "run"])
TENFOLD = "buy buy sell 10 20 AAPL VWAP " * 350


def refused(answer: Answer) -> tuple[int, str]:
    """(exit code, code of the refusal)."""
    return answer.code, answer.refused()


@BOTH
def test_order_without_a_side_is_asked_about(command: str) -> None:
    """D01: never guessed."""
    answer = ask(command, "30k MSFT VWAP", "--json")
    assert refused(answer) == (2, "ticket_incomplete")
    assert "Which side: buy, sell, sell short or buy to cover?" in answer.err


@BOTH
@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("", "Which side"),
        ("   ", "Which instrument"),
        ("Buy MSFT", "How much"),
        ("Buy 30k VWAP", "Which instrument"),
        (TENFOLD, "side"),
        ("💣" * 2_000, "Which side"),
    ],
)
def test_what_is_not_said_is_asked(command: str, sentence: str, asked: str) -> None:
    answer = ask(command, sentence, "--json")
    assert answer.code == 2
    assert answer.refused() in ("ticket_incomplete", "ticket_rejected")
    assert asked in answer.json()["error"]["message"]
    assert len(answer.err) < 5_000, "a question must be readable"


@BOTH
@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Buy 0 MSFT", "ticket_rejected"),
        ("Buy -5 MSFT", "ticket_rejected"),
        ("Buy and sell 100 MSFT", "ticket_rejected"),
        ("Cancel everything", "not_supported"),
        ("Buy 30k MSFT ICEBERG", "ticket_incomplete"),
    ],
)
def test_what_cannot_be_meant_is_refused(command: str, sentence: str, code: str) -> None:
    answer = ask(command, sentence, "--json")
    assert answer.code == 2
    assert answer.refused() in (code, "ticket_incomplete", "ticket_rejected", "not_supported")


@BOTH
def test_unknown_symbol_is_not_found_and_the_nearest_are_named(command: str) -> None:
    answer = ask(command, "Buy 30k MSFTT VWAP", "--json")
    assert refused(answer) == (4, "unknown_symbol")
    assert "did you mean MSFT US" in answer.err


@BOTH
@pytest.mark.parametrize("date", ["garbage", "2018-13-45", "2018-02-30", "20180208", "", "2018-W06-4", "08/02/2018"])
def test_text_that_is_no_date_is_bad_input(command: str, date: str) -> None:
    assert refused(ask(command, VWAP, "--date", date, "--json")) == (2, "bad_date")


@BOTH
def test_day_without_a_session_names_the_next(command: str) -> None:
    answer = ask(command, VWAP, "--date", "2018-02-10", "--json")
    assert refused(answer) == (4, "no_session")
    assert "2018-02-12" in answer.err


@BOTH
@pytest.mark.parametrize("date", ["1000-01-01", "9999-12-31", "2031-01-02"])
def test_day_beyond_the_calendar_is_not_found(command: str, date: str) -> None:
    assert refused(ask(command, VWAP, "--date", date, "--json")) == (4, "calendar_range")


@BOTH
@pytest.mark.parametrize("name", ["missing.json", "missing.toml"])
def test_missing_file_is_not_found(command: str, name: str, tmp_path: Path) -> None:
    assert refused(ask(command, str(tmp_path / name), "--json")) == (4, "no_file")


@BOTH
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("order.json", b'{"symbol": ', "order_file_syntax"),
        ("order.json", b"", "order_file_syntax"),
        ("order.json", b"[" * 100_000, "order_file_syntax"),
        ("order.json", b"\xff\xfe", "order_file_syntax"),
        ("order.json", b'{"symbol": "MSFT US", "side": "buy", "quantity": 5, "colour": "red"}', "order_file_field"),
        ("order.json", b'{"symbol": "MSFT US", "side": "buy", "quantity": NaN}', "order_file_non_finite"),
        ("order.json", b'{"orders": []}', "order_file_field"),
        ("order.toml", b"a = = 1", "order_file_syntax"),
        ("order.toml", b'symbol = "MSFT US"\ncolour = "red"', "order_file_field"),
        ("order.toml", b"a = " + b"[" * 50_000, "order_file_syntax"),
    ],
)
def test_file_that_is_no_order_says_what_is_wrong(
    command: str, name: str, content: bytes, code: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    answer = ask(command, str(path), "--json")
    assert answer.code == 2
    assert answer.refused() == code
    assert name in answer.err


def test_order_file_plans_like_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text(json.dumps({"symbol": "MSFT US", "side": "buy", "quantity": 30_000, "algo": "VWAP"}), "utf-8")
    from_file, from_sentence = ask("plan", str(path), "--json").json(), ask("plan", VWAP, "--json").json()
    for part in ("primary_algorithm", "cost_estimates", "venue_allocation"):
        assert from_file["strategy"][part] == from_sentence["strategy"][part]


@BOTH
def test_configuration_with_an_unknown_key_is_refused(command: str, tmp_path: Path) -> None:
    config = tmp_path / "desk.toml"
    config.write_text("[limits]\nparent_value_maxx = 1\n", "utf-8")
    answer = ask(command, VWAP, "--config", str(config), "--json")
    assert refused(answer) == (2, "config_invalid")
    assert "parent_value_maxx" in answer.err
    assert "$.limits" in answer.err


def test_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTOVOCE_SECRET", "short")
    answer = ask("plan", VWAP, "--json")
    assert refused(answer) == (2, "secret")
    assert "short" not in answer.err.replace("shortfall", "")


@pytest.mark.parametrize(
    ("extra", "code", "reason"),
    [
        (("--seed", "-1"), 2, "bad_seed"),
        (("--seed", "1.5"), 2, "usage"),
        (("--seed", "seven"), 2, "usage"),
        (("--real-time", "nan"), 2, "bad_speed"),
        (("--real-time", "0"), 2, "bad_speed"),
        (("--real-time", "inf"), 2, "bad_speed"),
        (("--market", "moon"), 2, "no_market"),
        (("--nope",), 2, "usage"),
    ],
)
def test_options_that_make_no_sense(extra: tuple[str, ...], code: int, reason: str) -> None:
    assert refused(ask("run", VWAP, *extra, "--json")) == (code, reason)


def test_out_folder_of_another_run_is_kept(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"the record of another run")
    assert refused(ask("run", VWAP, "--out", str(tmp_path), "--json")) == (2, "out_not_empty")
    assert (tmp_path / "journal.db").read_bytes() == b"the record of another run"


def test_out_folder_that_cannot_be_made_or_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    (tmp_path / "dangling").mkdir()
    (tmp_path / "dangling" / "journal.db").symlink_to(tmp_path / "nowhere" / "journal.db")
    for out in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "dangling", tmp_path / ("long" * 100)):
        assert refused(ask("run", VWAP, "--out", str(out), "--json")) == (2, "out_unusable")
    assert (tmp_path / "file").read_text("utf-8") == "in the way"


def test_missing_tape_folder_is_not_found(tmp_path: Path) -> None:
    answer = ask("run", "Buy 20k IBM VWAP", "--market", f"tape:{tmp_path / 'none'}", "--date", "2013-10-08", "--json")
    assert refused(answer) == (4, "tape_folder_missing")


def test_tape_takes_one_name_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    orders = [{"symbol": symbol, "side": "buy", "quantity": 100} for symbol in ("MSFT US", "IBM US")]
    path.write_text(json.dumps({"orders": orders}), "utf-8")
    answer = ask("run", str(path), "--market", f"tape:{tmp_path}", "--json")
    assert refused(answer) == (2, "tape_one_name")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Sell 60k XEC at 5-15% of volume", {"participation_band": "0.05 to 0.15", "participation": 0.1}),
        ("Buy 60k XEC VWAP, would do it all at 105.50 or better", {"would_trade": "all at 105.50 or better"}),
        ("Buy 60k XEC VWAP, would do 5k at 105.50", {"would_trade": "5,000 at 105.50 or better"}),
    ],
)
def test_pace_in_words_stands_in_the_plan(sentence: str, said: dict[str, object]) -> None:
    parameters = ask("plan", sentence, "--json").json()["strategy"]["primary_algorithm"]["parameters"]
    assert said.items() <= parameters.items()


def test_impact_limit_of_an_order_file_is_kept_or_refused(tmp_path: Path) -> None:
    def planned(limit: str) -> Answer:
        path = tmp_path / "order.toml"
        path.write_text(
            'symbol = "XEC US"\nside = "buy"\nquantity = 60000\nalgo = "IS"\nurgency = "high"\n'
            f'[constraints]\nmax_impact_bps = "{limit}"\n', "utf-8",
        )  # fmt: skip
        return ask("plan", str(path), "--json")

    strategy = planned("9").json()["strategy"]
    assert strategy["cost_estimates"]["impact_bps"] <= 9
    assert any(flag.startswith("impact limit of 9 bps") for flag in strategy["flags"])
    (failed,) = planned("0.5").json()["error"]["failures"]
    assert failed["code"] == "impact_limit"
    assert "than the limit of 0.5 bps" in failed["value"]
    assert planned("0").refused() == "order_file_zero"
