"""`instruments`, `stats` and `tca`: one object each, the same figures as their sources, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sottovoce.adapters.reference.store import load_shipped
from tests.apps.commanding import Ran, ask

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "orders.json"


def test_instruments_lists_the_master() -> None:
    found = ask("instruments", "--json").json()
    assert len(found["instruments"]) == len(load_shipped().instruments) == 504
    assert found["version"] == load_shipped().version


@pytest.mark.parametrize(
    ("written", "meant"), [("AAPL", "AAPL US"), ("aapl us", "AAPL US"), ("BRK.B", "BRK.B US"), ("BRK/B", "BRK.B US")]
)
def test_instrument_is_found_as_people_write_it(written: str, meant: str) -> None:
    found = ask("instruments", written, "--json").json()["instrument"]
    assert found["symbol"] == meant
    assert set(found["adv"]) >= {"value", "as_of", "source"}


def test_instrument_in_text_has_dates_and_sources() -> None:
    answer = ask("instruments", "AAPL")
    assert "as of 2018-02-07" in answer.out
    assert "unknown" in answer.out, "what is not known is said to be unknown"


@pytest.mark.parametrize("written", ["AAPLE", "", "x" * 10_000, "Robert'); DROP TABLE"])
def test_unknown_instrument_is_not_found(written: str) -> None:
    answer = ask("instruments", written, "--json")
    assert (answer.code, answer.refused()) == (4, "unknown_symbol")


def test_stats_shows_what_the_run_left(vwap_run: Ran) -> None:
    assert ask("stats", str(vwap_run.folder), "--json").json() == vwap_run.document["stats"]
    text = ask("stats", str(vwap_run.folder)).out
    for said in ("gateway", "p99 µs", "SIMA", "fill rate", "rejects: none", "orders_sent"):
        assert said in text


@pytest.mark.parametrize("content", ["[]", '{"stages": {"gateway": 1}}', '{"venues": {"SIMA": {}}}', "{", "\x00"])
def test_stats_that_are_none_are_bad_input(content: str, tmp_path: Path) -> None:
    (tmp_path / "stats.json").write_text(content, "utf-8")
    for extra in (("--json",), ()):
        answer = ask("stats", str(tmp_path), *extra)
        assert answer.code == 2
        assert "[bad_stats]" in answer.err


def test_stats_of_no_run_are_not_found(tmp_path: Path) -> None:
    assert ask("stats", str(tmp_path), "--json").refused() == "no_stats"
    assert ask("stats", str(tmp_path)).code == 4


def test_tca_of_the_published_example_alone(tmp_path: Path) -> None:
    """T-TCA-1: 59.76 bps, 29,880.00."""
    orders = json.loads(EXAMPLE.read_text("utf-8"))
    orders["orders"] = [order for order in orders["orders"] if order["parent_id"] == "T-TCA-1"]
    path = tmp_path / "orders.json"
    path.write_text(json.dumps(orders), "utf-8")
    found = ask("tca", str(path), "--json").json()
    assert found["shortfall_bps"] == pytest.approx(59.76, abs=1e-9)
    assert found["shortfall"] == "29880.00"
    assert found["components_bps"]["delay"] == pytest.approx(20.0, abs=1e-9)
    assert found["components_bps"]["opportunity"] == pytest.approx(20.0, abs=1e-9)
    assert found["components_bps"]["fees"] == pytest.approx(0.56, abs=1e-9)


def test_tca_writes_its_page(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert ask("tca", str(EXAMPLE), "--html", str(page)).code == 0
    assert page.read_text("utf-8").lstrip().lower().startswith("<!doctype html>")
    answer = ask("tca", str(EXAMPLE), "--html", str(tmp_path / "none" / "x.html"), "--json")
    assert (answer.code, answer.refused()) == (2, "page_unwritable")


@pytest.mark.parametrize("content", ["", "NaN", "[]", "{}", '{"orders": [{}]}', "[" * 100_000, '{"a":' * 50_000])
def test_tca_of_what_is_no_orders_file_is_bad_input(content: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text(content, "utf-8")
    answer = ask("tca", str(path), "--json")
    assert answer.code == 2
    assert answer.refused().startswith("orders")


def test_tca_of_no_file_is_not_found(tmp_path: Path) -> None:
    for missing in (tmp_path / "none.json", tmp_path):
        answer = ask("tca", str(missing), "--json")
        assert (answer.code, answer.refused()) == (4, "no_file")
