"""Lists to schedule: both forms say the same, and every bad cell is named where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.core.errors import MalformedMessage, NotFound
from sottovoce.intake.schedule_list import ListRow, read_schedule_list

HEAD = "symbol,side,quantity,price,adv,sigma_daily,spread_bps,beta,sector,last_bucket\n"
GOOD = HEAD + "ABC,sell,1000,10.5,2e6,0.015,3,1.1,Energy,\nXYZ,buy,500,20,1e6,0.02,2,,,4\n"
WANTED = (
    ListRow(symbol="ABC", side="sell", quantity=1000, price=10.5, adv=2e6, sigma_daily=0.015, spread_bps=3.0, beta=1.1,
            sector="Energy"),
    ListRow(symbol="XYZ", side="buy", quantity=500, price=20.0, adv=1e6, sigma_daily=0.02, spread_bps=2.0,
            last_bucket=4),
)  # fmt: skip


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    import msgspec

    as_json = msgspec.json.encode([msgspec.to_builtins(each) for each in WANTED]).decode()
    assert read_schedule_list(written(tmp_path, GOOD)) == WANTED
    assert read_schedule_list(written(tmp_path, as_json, "list.json")) == WANTED


@pytest.mark.parametrize(
    ("bad", "good", "where", "what"),
    [
        ("ABC,sold,1000", "ABC,sell,1000", "line 2", "side"),
        ("ABC,sell,1.5", "ABC,sell,1000", "line 2", "quantity"),
        ("ABC,sell,-5", "ABC,sell,1000", "line 2", "above zero"),
        ("XYZ,buy,500,twenty", "XYZ,buy,500,20", "line 3", "price"),
        ("symbol,side,qty", "symbol,side,quantity", "line 2", "qty"),
        ("XYZ,buy,500,", "XYZ,buy,500,20", "line 3", "price"),
        (",Energy,\n", ",Energy\n", "line 2", "cells"),
        ("symbol,side,side", "symbol,side,quantity", "line 1", "twice"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, bad: str, good: str, where: str, what: str) -> None:
    text = GOOD.replace(good, bad) if what != "cells" else GOOD.replace(bad, good)
    with pytest.raises(MalformedMessage) as refused:
        read_schedule_list(written(tmp_path, text))
    assert refused.value.code == "list_row"
    assert where in str(refused.value)
    assert what in str(refused.value)


@pytest.mark.parametrize(("text", "name"), [("{", "a.json"), ('{"symbol": 1}', "a.json"), ('a,b\n"x', "a.csv")])
def test_a_broken_file_is_refused(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(MalformedMessage) as refused:
        read_schedule_list(written(tmp_path, text, name))
    assert refused.value.code == "list_unreadable"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_schedule_list(tmp_path / "none.csv")


def test_a_list_has_an_end(tmp_path: Path) -> None:
    row = "ABC,sell,1000,10.5,2e6,0.015,3,1.1,Energy,\n"
    with pytest.raises(MalformedMessage) as refused:
        read_schedule_list(written(tmp_path, HEAD + row * 5_001))
    assert refused.value.code == "list_too_long"
