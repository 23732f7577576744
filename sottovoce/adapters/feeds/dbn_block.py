"""Records of one DBN kind that follow each other, as typed columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sottovoce.models.arrays import BoolArray, IntArray

LAST_OF_EVENT, SNAPSHOT = 128, 32
"""Flag bits: the record ends its event; it is part of a snapshot."""

PX_SCALE = 1_000_000_000
"""Price units in one currency unit."""

Rows = npt.NDArray[np.void]


class DbnBlock(NamedTuple):
    """The kind's name (MBOMsg, TradeMsg, …), each record's number in the file from 1, and the records.

    rows is a numpy record array, shape (n,), with the schema's field names.
    """

    kind: str
    numbers: IntArray
    rows: Rows

    def where(self, kept: BoolArray) -> DbnBlock:
        """The records a mask of shape (n,) picks."""
        return DbnBlock(self.kind, self.numbers[kept], self.rows[kept])
