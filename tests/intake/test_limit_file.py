"""Files of limits: what is read, and a sentence with file, row and field for everything that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import MalformedMessage
from sottovoce.core.limits import KEPT, Level, LimitRow, ListName
from sottovoce.core.units import parse_rfc3339
from sottovoce.intake.limit_file import parse_limit_file, read_limit_file

GOOD = """
owner = "ann"
review_date = 2027-01-31

[[limit]]
level = "account"
scope = "FUND-A"
name = "gross"
value = 1_000_000_000

[[limit]]
id = "lunch"
level = "order"
name = "child_value"
value = 7
owner = "bob"
review_date = "2027-02-28"
from = 2026-11-23T12:00:00-05:00
until = "2026-11-23T18:00:00Z"

[[list]]
list = "restricted"
owner = "cy"
names = ["ACME", "BETA"]

[[list]]
list = "do_not_trade"
level = "account"
scope = "FUND-A"
empty = true
"""


def test_rows_are_read_with_their_defaults() -> None:
    read = parse_limit_file(GOOD.encode(), "limits.toml")
    assert read.faults == ()
    first, second = read.limits
    assert first == LimitRow(
        limit_id="account.FUND-A.gross",
        level=Level.ACCOUNT,
        scope="FUND-A",
        name="gross",
        value=1_000_000_000,
        owner="ann",
        review_date="2027-01-31",
    )
    assert (second.limit_id, second.owner, second.review_date) == ("lunch", "bob", "2027-02-28")
    assert second.from_ns == parse_rfc3339("2026-11-23T17:00:00Z")
    assert second.until_ns == parse_rfc3339("2026-11-23T18:00:00Z")


def test_list_is_itself_and_what_is_on_it() -> None:
    read = parse_limit_file(GOOD.encode(), "limits.toml")
    assert [(row.entry_id, row.instrument_id, row.owner) for row in read.lists] == [
        ("restricted", KEPT, "cy"),
        ("restricted.ACME", "ACME", "cy"),
        ("restricted.BETA", "BETA", "cy"),
        ("do_not_trade.account.FUND-A", KEPT, "ann"),
    ]
    assert read.lists[-1].list_name is ListName.DO_NOT_TRADE


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("value = 7", "value = 7.5", "limits.toml, limit 2, value: 7.5 is not a whole number"),
        ("value = 7", "value = true", "limits.toml, limit 2, value: True is not a whole number"),
        ("value = 7", 'value = "7"', "limits.toml, limit 2, value: '7' is not a whole number"),
        ("value = 7", "", "limits.toml, limit 2, value is missing"),
        ("value = 7", "value = -7", "limits.toml, limit 2 (lunch): [limit_value]"),
        ('level = "order"', "", "limits.toml, limit 2, level is missing"),
        ('level = "order"', 'level = "fund"', "limits.toml, limit 2, level: 'fund' is none of firm, desk, trader"),
        ('name = "child_value"', 'name = "child_valeu"', "limits.toml, limit 2, name: no limit is called"),
        ('owner = "bob"', 'ower = "bob"', "limits.toml, limit 2: there is no field 'ower'"),
        ('owner = "ann"', "", "limits.toml, limit 1 (account.FUND-A.gross): [limit_owner]"),
        ("review_date = 2027-01-31", "", "limits.toml, limit 1, review_date is missing"),
        ('"2027-02-28"', '"someday"', "limits.toml, limit 2 (lunch): [limit_review_date]"),
        ("12:00:00-05:00", "12:00:00", "limits.toml, limit 2, from: 2026-11-23 12:00:00 is not a time with its offset"),
        ("T18:00:00Z", "T16:59:59Z", "limits.toml, limit 2 (lunch): [limit_window]"),
        ('scope = "FUND-A"\nname', "name", "limits.toml, limit 1 (account.gross): [limit_scope]"),
        ('list = "restricted"', 'list = "forbidden"', "limits.toml, list 1, list: 'forbidden' is none of restricted"),
        ('names = ["ACME", "BETA"]', "names = []", "limits.toml, list 1, names: give the instruments, or empty = true"),
        ('names = ["ACME", "BETA"]', "", "limits.toml, list 1, names: give the instruments, or empty = true"),
        ('["ACME", "BETA"]', '["ACME", "ACME"]', "limits.toml, list 1, names: ACME stands there twice"),
        ('["ACME", "BETA"]', '["ACME", 7]', "limits.toml, list 1, names: a list of instrument ids is needed"),
        ("empty = true", "empty = true\nnames = ['ACME']", "limits.toml, list 2, names: give the instruments, or"),
        ("[[limit]]\nid", "[[limits]]\nid", "limits.toml: there is no field 'limits'"),
        ("value = 7", "value = ", "limits.toml: Invalid value (at line 15, column 9)"),
        (GOOD, "", "limits.toml has no [[limit]] and no [[list]]"),
        (GOOD, "limit = 3", "limits.toml: limit must be written as [[limit]] tables"),
    ],
)
def test_fault_names_file_row_and_field(was: str, now: str, said: str) -> None:
    assert was in GOOD
    read = parse_limit_file(GOOD.replace(was, now, 1).encode(), "limits.toml")
    assert any(fault.startswith(said) for fault in read.faults), read.faults


def test_every_fault_is_reported() -> None:
    worse = GOOD.replace("value = 7", "value = 'x'").replace("1_000_000_000", "-1").replace('"restricted"', '"r"')
    assert len(parse_limit_file(worse.encode(), "limits.toml").faults) == 3


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"[" * 100_000, b"a = 1" + b" " * 9_000_000, b"\x00"])
def test_bytes_that_are_no_file_of_limits_are_one_fault(raw: bytes) -> None:
    read = parse_limit_file(raw, "limits.toml")
    assert (read.limits, read.lists, len(read.faults)) == ((), (), 1)


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_faults(raw: bytes) -> None:
    read = parse_limit_file(raw, "limits.toml")
    assert read.faults or read.limits or read.lists


@given(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8"))
def test_one_letter_changed_is_a_file_or_a_fault(place: int, letter: str) -> None:
    read = parse_limit_file((GOOD[:place] + letter + GOOD[place + 1 :]).encode(), "limits.toml")
    assert read.faults or len(read.limits) + len(read.lists) >= 5


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MalformedMessage, match="cannot be read"):
        read_limit_file(tmp_path / "none.toml")
