"""`sottovoce run` on the simulated market: the contract other programs rely on, holds, and the files left behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from sottovoce.core.plan_events import OrderApproved, OrderHeld
from sottovoce.core.route_events import ChildRouted
from tests.apps.commanding import VWAP, Answer, Ran, ask

DEMO = "Buy $100M AAPL over 3 days with minimal market impact"
COMPONENTS = {"delay", "spread", "temporary", "permanent", "timing", "opportunity", "fees"}
LARGE = "Sell 300k MSFT over 1 hour"


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The large order with nobody to release it."""
    folder = tmp_path_factory.mktemp("held") / "out"
    return Ran(answer=ask("run", DEMO, "--out", str(folder), "--json"), folder=folder)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A large order released by the simulated risk officer."""
    folder = tmp_path_factory.mktemp("released") / "out"
    return Ran(answer=ask("run", LARGE, "--approve", "--out", str(folder), "--json"), folder=folder)


def events_of(ran: Ran, kind: type) -> list[object]:
    journal = open_for_reading(Path(ran.journal))
    return [event for _, step in journal.steps() for event in step.events if isinstance(event, kind)]


def test_prints_one_object_with_the_keys_of_the_contract(vwap_run: Ran) -> None:
    assert (vwap_run.answer.code, vwap_run.answer.err) == (0, "")
    assert set(vwap_run.document) == {"commands", "digest", "journal_digest", "orders", "report", "stats", "files"}


def test_components_sum_to_the_shortfall(vwap_run: Ran) -> None:
    report = vwap_run.document["report"]
    assert set(report["components_bps"]) == COMPONENTS
    assert sum(report["components_bps"].values()) == pytest.approx(report["shortfall_bps"], abs=1e-9)
    assert report["order_count"] == 1
    assert report["filled_qty"] == 30_000


def test_order_ends_whole(vwap_run: Ran) -> None:
    """L1: filled + working + unsent + busted + returned = ordered + overfilled."""
    (order,) = vwap_run.document["orders"]
    assert order["status"] == "done"
    assert order["strategy"] == "VWAP"
    given = sum(order[name] for name in ("filled", "working", "unsent", "busted", "returned"))
    assert given == order["order_qty"] + order["overfilled"] == 30_000


def test_statistics_count_every_stage(vwap_run: Ran) -> None:
    stats = vwap_run.document["stats"]
    assert {"gateway", "risk", "planning", "approval", "algos", "routing", "executions"} <= set(stats["stages"])
    assert stats["counters"]["orders_sent"] == sum(row["orders"] for row in stats["venues"].values())
    assert sum(row["filled"] for row in stats["venues"].values()) == 30_000
    assert all(row["filled"] <= row["shares"] for row in stats["venues"].values())


def test_files_are_where_it_says_and_hold_what_was_printed(vwap_run: Ran) -> None:
    files = {Path(name).name for name in vwap_run.document["files"]}
    assert {"journal.db", "stats.json", "plan.txt", "plan.json", "plan.html"} <= files
    assert {"report.txt", "report.json", "report.html", "tape-MSFT.US.npz"} <= files
    assert {entry.name for entry in vwap_run.folder.iterdir()} == files
    assert json.loads((vwap_run.folder / "report.json").read_text("utf-8")) == vwap_run.document["report"]
    assert json.loads((vwap_run.folder / "stats.json").read_text("utf-8")) == vwap_run.document["stats"]


@pytest.mark.parametrize("page", ["plan.html", "report.html"])
def test_pages_need_nothing_from_elsewhere(vwap_run: Ran, page: str) -> None:
    text = (vwap_run.folder / page).read_text("utf-8")
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert "<svg" in text
    for outside in ('src="http', "src='http", '<link rel="stylesheet" href="http', "@import url("):
        assert outside not in text


def test_held_order_ends_with_exit_3_and_the_rule(held: Ran) -> None:
    assert (held.answer.code, held.answer.refused()) == (3, "stopped")
    (order,) = held.document["orders"]
    assert order["status"] == "held"
    (rule,) = held.document["error"]["failures"]
    assert rule["code"].startswith("E-RM-1")
    assert (rule["stage"], rule["limit"]) == ("approval", "25,000,000")
    assert order["failures"] == [rule]


def test_held_order_sent_nothing(held: Ran) -> None:
    assert events_of(held, ChildRouted) == []
    assert len(events_of(held, OrderHeld)) == 1
    assert held.document["stats"]["counters"].get("orders_sent", 0) == 0
    (order,) = held.document["orders"]
    assert (order["children"], order["filled"], order["unsent"]) == (0, 0, order["order_qty"])


def test_release_is_by_the_simulated_risk_officer(released: Ran) -> None:
    """Never by the requester, and after the plan was shown."""
    assert released.answer.code == 0
    (hold,) = events_of(released, OrderHeld)
    (approved,) = events_of(released, OrderApproved)
    assert isinstance(hold, OrderHeld)
    assert isinstance(approved, OrderApproved)
    assert approved.by == "simulated-risk"
    assert hold.order.principal not in (approved.by, "")
    assert approved.ts_ns > hold.ts_ns
    assert min(event.ts_ns for event in events_of(released, ChildRouted)) >= approved.ts_ns  # type: ignore[attr-defined]


def test_order_that_needs_nobody_is_released_by_rule(vwap_run: Ran) -> None:
    (approved,) = events_of(vwap_run, OrderApproved)
    assert isinstance(approved, OrderApproved)
    assert approved.by != "simulated-risk"
    assert events_of(vwap_run, OrderHeld) == []


@pytest.mark.parametrize("market", ["live", "SIM", "", "tape", "sim:x"])
def test_approval_on_a_market_that_is_neither_sim_nor_tape_is_refused(market: str) -> None:
    answer = ask("run", VWAP, "--market", market, "--approve", "--json")
    assert (answer.code, answer.refused()) == (2, "no_market")


def progress_of(answer: Answer) -> str:
    assert answer.code == 0
    return answer.err


def test_progress_goes_to_standard_error_and_the_account_to_standard_output() -> None:
    answer = ask("run", LARGE, "--approve")
    progress = progress_of(answer)
    for said in ("HELD", "E-RM-1", "simulated-risk", "vs arrival", "part ", "SIMA", "done, "):
        assert said in progress, said
    assert "Shortfall" in answer.out
    assert "digest " in answer.out
    assert "vs arrival" not in answer.out


def test_two_orders_in_two_names_are_worked_side_by_side(tmp_path: Path) -> None:
    path, out = tmp_path / "orders.json", tmp_path / "out"
    order = {"side": "buy", "quantity": 2_000, "algo": "VWAP", "horizon": {"minutes": 30}}
    orders = [{"id": f"PM-{symbol}", "symbol": f"{symbol} US"} | order for symbol in ("MSFT", "IBM")]
    path.write_text(json.dumps({"orders": orders}), "utf-8")
    answer = ask("run", str(path), "--approve", "--out", str(out), "--json")
    found = answer.json()
    assert answer.code == 0
    assert [(row["cl_ord_id"], row["symbol"], row["filled"]) for row in found["orders"]] == [
        ("PM-MSFT", "MSFT US", 2_000),
        ("PM-IBM", "IBM US", 2_000),
    ]
    assert found["report"]["order_count"] == 2
    assert {"plan-PM-MSFT.html", "plan-PM-IBM.html", "tape-IBM.US.npz"} <= {entry.name for entry in out.iterdir()}
    assert ask("replay", str(out / "journal.db"), "--json").json()["digest"] == found["digest"]


def test_configuration_in_force_holds_what_it_says(tmp_path: Path) -> None:
    """A tighter approval rule than the default, from a file."""
    config = tmp_path / "desk.toml"
    config.write_text("[approval]\nvalue_max = 1_000_000\n", "utf-8")
    answer = ask("run", VWAP, "--config", str(config), "--json")
    assert answer.code == 3
    assert answer.json()["error"]["failures"][0]["limit"] == "1,000,000"


def test_replay_of_a_run_with_its_own_configuration_gives_its_digest(tmp_path: Path) -> None:
    config, out = tmp_path / "desk.toml", tmp_path / "out"
    config.write_text("max_quote_age_s = 5.0\n[algos]\nthrough_ppm = 900\n", "utf-8")
    sentence = "Buy 2k MSFT TWAP over 20 minutes"
    found = ask("run", sentence, "--config", str(config), "--out", str(out), "--json").json()
    assert found["orders"][0]["status"] == "done"
    assert ask("replay", str(out / "journal.db"), "--json").json()["digest"] == found["digest"]


def test_real_clock_works_an_order_too(tmp_path: Path) -> None:
    """At 3,000 times the pace a slow machine sees old quotes, so their age is not what is tested."""
    config, out = tmp_path / "desk.toml", tmp_path / "out"
    config.write_text("max_quote_age_s = 36_000.0\n", "utf-8")
    sentence = "Buy 500 MSFT TWAP over 10 minutes"
    answer = ask("run", sentence, "--real-time", "300", "--config", str(config), "--out", str(out), "--json")
    assert answer.code == 0
    assert answer.json()["orders"][0]["filled"] == 500
    assert ask("journal", "verify", str(out / "journal.db")).code == 0
