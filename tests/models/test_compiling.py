"""Families of kernels: compiled together, known by their code, absent without numba."""

from __future__ import annotations

import sys
from types import FunctionType

import numpy as np
import pytest

from sottovoce.models.compiling import Family, _digest

STEP = 3


def grown(values: list[int], place: int) -> int:
    """Adds a number named in capitals."""
    values[place] += STEP
    return values[place]


def total(values: list[int]) -> int:
    """Calls another kernel of its family."""
    out = 0
    for place in range(len(values)):
        out += grown(values, place)
    return out


def test_family_calls_its_own_compiled_kernels() -> None:
    pytest.importorskip("numba")
    kernels = Family(grown, total, allocates=False).compiled()
    assert kernels is not None
    assert kernels["total"](np.arange(4)) == total([0, 1, 2, 3])


def test_name_on_disk_changes_with_a_number_it_reads() -> None:
    assert isinstance(grown, FunctionType)
    same = FunctionType(grown.__code__, {**grown.__globals__}, "grown")
    other = FunctionType(grown.__code__, {**grown.__globals__, "STEP": 4}, "grown")
    assert _digest([grown]) == _digest([same]) != _digest([other])


def test_without_numba_there_is_nothing_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert Family(grown, total, allocates=False).compiled() is None
