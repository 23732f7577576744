"""Files of finished orders: what is written is read again, and a fault is named with its line."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sottovoce.analytics.calibration.parents_file import read_parents, write_parents
from sottovoce.core.errors import MalformedMessage
from tests.analytics.calibration.finished import many, one

ROWS = [one(), one(parent_id="P2", side=-1, post_px=None, event=True, bucket="Energy"), *many(20)]

HEAD = "parent_id,symbol,date,side,quantity,arrival_px,average_px,day_part\n"


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    write_parents(path, ROWS)
    assert read_parents(path) == ROWS


def test_json_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_bytes(msgspec.json.encode(ROWS))
    assert read_parents(path) == ROWS


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("parent_id,colour\nP1,red\n", "no column 'colour'"),
        ("parent_id,symbol,date,side,quantity,arrival_px,average_px\nP1,A,2026-01-05,1,ten,1,1\n", "line 2"),
        ("parent_id,symbol,date,side,quantity,arrival_px\nP1,A,2026-01-05,1,10,1\n", "average_px"),
        (HEAD + "P1,A,5 Jan 2026,1,10,1,1,\n", "line 2: date '5 Jan 2026'"),
        (HEAD + "P1,A,nan,1,10,1,1,\n", "no day"),
        (HEAD + "P1,A,2026-01-05,0,10,1,1,\n", "side 0"),
        (HEAD + "P1,A,2026-01-05,-2,10,1,1,\n", "neither 1"),
        (HEAD + "P1,,2026-01-05,1,10,1,1,\n", "symbol"),
        (HEAD + "P1,A\x00,2026-01-05,1,10,1,1,\n", "no symbol"),
        (HEAD + "P1,A,2026-01-05,1,10,1,1,1e308\n", "day_part"),
        (HEAD + "P1,A,2026-01-05,1,10,1,1,nan\n", "day_part"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(MalformedMessage, match=says) as refused:
        read_parents(path)
    assert refused.value.code == "parents_unreadable"


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MalformedMessage):
        read_parents(path)
