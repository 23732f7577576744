"""`sottovoce calibrate interval`: from journals to the ends of the next plans' intervals."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Side, Strategy
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.cost_interval import CostQuantiles
from sottovoce.runtime.config import ACCOUNT, TRADER, Config, load_config
from sottovoce.runtime.founding import founding
from sottovoce.runtime.markets import open_market
from sottovoce.runtime.metrics import StageMetrics
from sottovoce.runtime.run import prepare_run
from tests.apps.commanding import ask

ORDERS = 54
WIDE = CostQuantiles(low=-3.0, high=3.0, orders=70, version="desk/70")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two runs: one planned with normal ends, one with wide ones."""
    folder = tmp_path_factory.mktemp("runs")
    for name, ends in (("normal", CostQuantiles()), ("wide", WIDE)):
        (folder / name).mkdir()
        _work(folder / name / "journal.db", ends)
    return folder


def _work(path: Path, ends: CostQuantiles) -> None:
    """Half of the orders, every one of a few minutes, in a morning of a simulated day."""
    reference, calendar = load_shipped(), load_calendar("XNYS")
    name, session = reference.resolve("XEC US"), calendar.session("2018-02-08")
    assert name is not None
    assert session is not None
    base = Config()
    config = msgspec.structs.replace(base, planning=msgspec.structs.replace(base.planning, cost_quantiles=ends))
    journal = SqliteJournal(path, founding(config, reference))
    run = prepare_run(
        market=open_market("sim", [name], (session,), 3), sessions=(session,), reference=reference, calendar=calendar,
        journal=journal, clock=VirtualClock(session.open_ns), metrics=StageMetrics(), config=config, approve=True,
    )  # fmt: skip
    run.open()
    for number in range(ORDERS // 2):
        order = NewOrder(
            principal=TRADER, account=ACCOUNT, cl_ord_id=f"C-{number}", symbol=name.symbol, order_qty=200,
            side=Side.BUY if number % 2 else Side.SELL, strategy=Strategy.TWAP,
            end_ns=session.open_ns + (number + 8) * NS_PER_MINUTE,
        )  # fmt: skip
        run.submit(order)
    run.work()
    journal.close()


def test_ends_are_learned_written_and_read_by_a_desk(runs: Path, tmp_path: Path) -> None:
    path = tmp_path / "interval.toml"
    said = ask("calibrate", "interval", str(runs), "--out", str(path), "--json").json()
    assert said["orders"] + said["left_out"] == ORDERS
    assert said["orders"] >= 50
    assert said["inside"] == pytest.approx(said["part"] * said["orders"])
    ends = load_config(path).planning.cost_quantiles
    assert (ends.orders, ends.version) == (said["orders"], f"all models/{said['orders']} orders")
    assert ends.low == pytest.approx(said["ends"]["low"], abs=1e-6)
    assert set(tomllib.loads(path.read_text("utf-8"))["planning"]) == {"cost_quantiles"}


def test_each_run_is_read_with_the_ends_its_own_desk_had(runs: Path) -> None:
    """Wide ends hold more often; what they teach is in the same scale."""
    normal, wide = (ask("calibrate", "interval", str(runs / name), "--json").json() for name in ("normal", "wide"))
    assert wide["inside"] >= normal["inside"]
    assert normal["ends"] is None
    assert "ends need 50 or more" in normal["reason"]
    assert normal["error"] is None


def test_text_says_how_often_intervals_held_and_what_to_set(runs: Path) -> None:
    answer = ask("calibrate", "interval", str(runs))
    assert "orders ended inside the 80 % interval of their plan" in answer.out
    assert "[planning.cost_quantiles]" in answer.out


def test_orders_of_another_model_teach_nothing(runs: Path) -> None:
    answer = ask("calibrate", "interval", str(runs), "--model-version", "another", "--json")
    assert (answer.code, answer.refused()) == (4, "no_orders")


def test_files_of_orders_have_no_intervals(tmp_path: Path) -> None:
    answer = ask("calibrate", "interval", "examples/finished_orders.csv", "--json")
    assert answer.refused() == "no_journal"
    assert ask("calibrate", "interval", str(tmp_path / "absent"), "--json").refused() == "no_file"
