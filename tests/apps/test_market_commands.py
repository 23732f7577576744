"""`sottovoce market`: what is in a file, its book at a time, its replay, and markets that are simulated."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("polars")

from tests.adapters.feeds.capture_maker import small
from tests.adapters.feeds.itch_maker import framed, small_day
from tests.apps import market_file_maker as maker
from tests.apps.commanding import ask

QUIET = "MTD"
"""A name with so little trading that a day of it is simulated in a blink."""


def test_describe_of_a_capture_counts_and_checks(tmp_path: Path) -> None:
    found = ask("market", "describe", str(maker.capture(tmp_path)), "--json").json()
    assert found["kind"] == "Binance spot websocket capture"
    assert found["instruments"] == ["BTCUSDT"]
    assert found["counts"] == {"differences": 3, "snapshots": 1, "quotes": 1, "trades": 1}
    assert (found["messages"], found["trades"], found["volume"], found["volume_unit"]) == (6, 1, 0.5, "BTC")
    assert found["vwap"] == pytest.approx(100.02)
    assert found["spread"] == pytest.approx((0.02 + 0.01 + 0.02 + 0.02) / 4, abs=1e-12)
    assert found["first"] == "2024-08-08T23:54:14.000000Z"
    assert found["details"]["quotes confirmed by the book"] == "1 of 1"
    assert (found["gaps"], found["bad_rows"]) == ([], 0)


def test_describe_of_a_tape_has_the_figures_of_its_day(tmp_path: Path) -> None:
    found = ask("market", "describe", str(maker.tape(tmp_path)), "--json").json()
    assert found["kind"] == "consolidated tape"
    assert found["counts"] == {"trades": 3, "official values": 0, "quotes": 3}
    assert (found["volume"], found["volume_unit"]) == (600, "shares")
    assert found["first"] == "2013-10-08 09:30:00.000000 New York"
    assert found["details"]["opening auction"] == "N 100 at 181.81"
    assert found["details"]["sweep share"] == "0.3333"
    assert found["details"]["share by venue"] == "D 0.5000, N 0.5000"
    assert "trades inside the quote" in found["details"]


def test_describe_counts_bad_rows_and_gaps_and_reads_on(tmp_path: Path) -> None:
    answer = ask("market", "describe", str(maker.capture(tmp_path, gap=True, bad_line=True)))
    assert answer.code == 0
    assert "bad rows                           1" in answer.out
    assert "line 8, field" in answer.out or "line 8:" in answer.out
    assert "line 7: a gap in the sequence: the book is at update 12" in answer.out


def test_replay_ends_with_the_final_book(tmp_path: Path) -> None:
    answer = ask("market", "replay", str(maker.capture(tmp_path)), "--json")
    (book,) = answer.json()["books"]
    assert answer.code == 0
    assert (book["bid"], book["ask"], book["spread"]) == (100.0, 100.02, 0.02)
    assert book["bids"] == [[100.0, 1.5], [99.99, 3.0]]
    text = ask("market", "replay", str(maker.capture(tmp_path))).out
    assert "BTCUSDT at 2024-08-08T23:54:14.005000Z" in text


def test_replay_with_a_gap_or_bad_rows_ends_with_1(tmp_path: Path) -> None:
    gap = ask("market", "replay", str(maker.capture(tmp_path, gap=True)), "--json")
    assert gap.code == 1
    assert "a gap in the sequence" in gap.json()["books"][0]["not_usable_because"]
    path = str(maker.capture(tmp_path, bad_line=True))
    stopped = ask("market", "replay", path, "--json")
    assert (stopped.code, stopped.refused()) == (2, "feed_json")
    skipped = ask("market", "replay", path, "--skip-bad", "--json")
    assert skipped.code == 1
    assert skipped.json()["bad_rows_by_code"] == {"feed_json": 1}


def test_replay_keeps_a_pace(tmp_path: Path) -> None:
    found = ask("market", "replay", str(maker.capture(tmp_path)), "--speed", "100", "--json")
    assert found.code == 0
    assert ask("market", "replay", str(maker.capture(tmp_path)), "--speed", "0", "--json").refused() == "bad_speed"


def test_book_at_a_time_is_the_book_of_then(tmp_path: Path) -> None:
    path = str(maker.capture(tmp_path))
    found = ask("market", "book", path, "--at", "23:54:14.002", "--json").json()
    assert (found["bid"], found["at"]) == (100.01, "2024-08-08T23:54:14.002000Z")
    dated = ask("market", "book", path, "--at", "2024-08-09T01:54:14.002+02:00", "--json").json()
    assert dated["bids"] == found["bids"]
    later = ask("market", "book", path, "--at", "23:54:14.005", "--levels", "1", "--json").json()
    assert (later["bids"], later["asks"]) == ([[100.0, 1.5]], [[100.02, 2.5]])


def test_book_of_a_tape_is_the_national_best_in_new_york_time(tmp_path: Path) -> None:
    path = str(maker.tape(tmp_path))
    text = ask("market", "book", path, "--at", "09:30:30").out
    assert "IBM at 2013-10-08 09:30:30.000000 New York" in text
    assert "181.80   181.82" in text
    utc = ask("market", "book", path, "--at", "2013-10-08T13:31:00Z", "--json").json()
    assert (utc["bid"], utc["bids"]) == (181.81, [[181.81, 400.0]])


def test_book_after_a_gap_is_shown_and_not_usable(tmp_path: Path) -> None:
    path = maker.written(tmp_path / "gap.jsonl", small().diff(20, 25).quote(25, ("1", "1"), ("2", "1")))
    answer = ask("market", "book", str(path), "--at", "23:54:14.006", "--json")
    assert answer.code == 1
    assert "line 7" in answer.json()["not_usable_because"]


LOBSTER_ROWS = "34200.5,1,11,100,500000,1\n34201,1,12,100,499900,-1\n34202,3,12,100,499900,-1\n"


@pytest.mark.parametrize(("name", "first"), [
    ("ACME_2012-06-21_message.csv", "2012-06-21 09:30:00.500000 New York"),
    ("ACME_2012-13-41_message.csv", "09:30:00.500000 New York time"),
    ("ticks.csv", "09:30:00.500000 New York time"),
])  # fmt: skip
def test_a_name_that_says_no_day_leaves_times_of_day(name: str, first: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(LOBSTER_ROWS)
    assert ask("market", "describe", str(path), "--json").json()["first"] == first


def test_a_crossed_book_says_so_in_its_picture(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    path, plot = tmp_path / "ticks.csv", tmp_path / "depth.svg"
    path.write_text(LOBSTER_ROWS)
    answer = ask("market", "book", str(path), "--at", "09:30:01", "--plot", str(plot))
    assert answer.code == 1
    assert "not usable: The book is crossed" in plot.read_text()


def test_messages_are_those_of_the_file_and_not_the_events_in_it(tmp_path: Path) -> None:
    path = tmp_path / "day.itch"
    path.write_bytes(framed(small_day()))
    found = ask("market", "describe", str(path), "--json").json()
    assert found["messages"] == len(small_day())
    assert sum(found["counts"].values()) != found["messages"]


REFUSED = [
    ("23:50", 4, "time_outside"),
    ("23:59", 4, "time_outside"),
    ("noon", 2, "bad_time"),
    ("25:00", 2, "bad_time"),
    ("2024-08-08T23:54:14", 2, "bad_time"),
]


@pytest.mark.parametrize(("at", "exit_code", "code"), REFUSED)
def test_book_at_a_time_that_is_none_is_refused(at: str, exit_code: int, code: str, tmp_path: Path) -> None:
    answer = ask("market", "book", str(maker.capture(tmp_path)), "--at", at, "--json")
    assert (answer.code, answer.refused()) == (exit_code, code)


def test_time_outside_names_the_span(tmp_path: Path) -> None:
    path = str(maker.capture(tmp_path))
    assert "it begins at 2024-08-08T23:54:14.000000Z" in ask("market", "book", path, "--at", "23:50").err
    assert "which runs from 2024-08-08T23:54:14.000000Z to" in ask("market", "book", path, "--at", "23:59").err


def test_empty_book_unknown_symbol_and_unknown_kind_are_said(tmp_path: Path) -> None:
    unsynced = ask("market", "book", str(maker.unsynced(tmp_path)), "--at", "23:54:14.001", "--json")
    assert unsynced.code == 1
    assert unsynced.json()["not_usable_because"] == "No snapshot has been received yet."
    alone = str(maker.tape(tmp_path, quotes=False))
    assert ask("market", "book", alone, "--at", "09:30:30", "--json").refused() == "book_empty"
    other = ask("market", "book", alone, "--at", "09:30:30", "--symbol", "MSFT", "--json")
    assert (other.code, other.refused()) == (4, "symbol_not_in_file")
    notes = tmp_path / "notes.txt"
    notes.write_text("nothing of the kind\n", "utf-8")
    for command in (["describe"], ["replay"], ["book", "--at", "10:00"]):
        answer = ask("market", command[0], str(notes), *command[1:], "--json")
        assert (answer.code, answer.refused()) == (2, "feed_kind")
    missing = ask("market", "describe", str(tmp_path / "none"), "--json")
    assert (missing.code, missing.refused()) == (4, "feed_file_missing")


def test_tape_file_without_symbol_and_day_in_its_name_is_refused(tmp_path: Path) -> None:
    path = maker.tape(tmp_path).rename(tmp_path / "ticks.parquet")
    assert ask("market", "describe", str(path), "--json").refused() == "tape_file_name"
    weekend = maker.tape(tmp_path).rename(tmp_path / "IBM_20131006_trades.parquet")
    assert ask("market", "describe", str(weekend), "--json").refused() == "no_session"


@pytest.mark.parametrize("suffix", [".svg", ".png", ".html"])
def test_depth_is_drawn_where_asked(suffix: str, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    plot = tmp_path / f"depth{suffix}"
    path = str(maker.capture(tmp_path))
    found = ask("market", "book", path, "--at", "23:54:14.005", "--plot", str(plot), "--json").json()
    content = plot.read_bytes()
    assert found["plot"] == str(plot)
    assert content.startswith({".svg": b"<svg", ".png": b"\x89PNG", ".html": b"<!doctype html>"}[suffix])
    assert suffix == ".png" or b"BTCUSDT: the book" in content


def test_plot_that_cannot_be_is_refused_before_the_work(tmp_path: Path) -> None:
    path = str(maker.capture(tmp_path))
    for plot, code in ((tmp_path / "depth.pdf", "plot_form"), (tmp_path / "none" / "depth.svg", "plot_unwritable")):
        answer = ask("market", "book", path, "--at", "23:54:14.005", "--plot", str(plot), "--json")
        assert (answer.code, answer.refused()) == (2, code)


@pytest.mark.parametrize("generator", ["agents", "queues"])
def test_simulate_is_the_same_with_the_same_seed(generator: str, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    plot = tmp_path / "day.svg"
    words = ("market", "simulate", QUIET, "--seed", "5", "--generator", generator, "--json")
    first, second = ask(*words).json(), ask(*words, "--plot", str(plot)).json()
    assert {**first, "plot": str(plot)} == second
    assert first["low"] <= first["vwap"] <= first["high"]
    assert 0 < first["spread_bps"] < 50
    assert first["trades"] > 100
    assert b"simulated by" in plot.read_bytes()
    assert ask("market", "simulate", QUIET, "--seed", "6", "--generator", generator, "--json").json() != first


SIMULATE_REFUSED = [
    (["--generator", "magic"], "bad_generator"),
    (["--days", "0"], "bad_days"),
    (["--seed", "-1"], "bad_seed"),
    (["--date", "tomorrow"], "bad_date"),
    (["--date", "2018-02-10"], "no_session"),
    (["--plot", "day.gif"], "plot_form"),
]


@pytest.mark.parametrize(("words", "code"), SIMULATE_REFUSED)
def test_simulate_that_cannot_be_is_refused(words: list[str], code: str) -> None:
    assert ask("market", "simulate", "A", *words, "--json").refused() == code


def test_simulated_text_reads_as_a_table() -> None:
    text = ask("market", "simulate", QUIET).out
    for said in ("MTD US", "generator", "agents, seed 7", "volatility of a session", "auction share of volume"):
        assert said in text
