"""The row in force on a day."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.dated_rules import in_force


class Row(NamedTuple):
    effective_from: str
    value: int


ROWS = (Row("2020-01-01", 2), Row("2010-01-01", 1))


@pytest.mark.parametrize(
    ("date", "value"), [("2010-01-01", 1), ("2019-12-31", 1), ("2020-01-01", 2), ("2030-01-01", 2)]
)
def test_latest_begun_row_whatever_their_order(date: str, value: int) -> None:
    assert in_force(ROWS, date, "rows", "no_row").value == value


def test_before_the_first_row_nothing_is_assumed() -> None:
    with pytest.raises(ModelError) as refused:
        in_force(ROWS, "2009-12-31", "fees of SIMA", "no_row")
    assert refused.value.code == "no_row"
    assert "fees of SIMA" in str(refused.value)
