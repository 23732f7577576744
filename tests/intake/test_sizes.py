"""Oversized input is refused early, and what it took does not stay: memory grows by less than its bound (F-35)."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable

import pytest

from sottovoce.core.errors import MalformedMessage
from sottovoce.intake.basket_file import read_basket
from sottovoce.intake.command_json import read_command

MIB = 1024 * 1024
BOUND = 64 * MIB
HEAD = b'{"type":"new_order","principal":"t","account":"A","cl_ord_id":"c","symbol":"X","side":"buy","note":'
ROWS = b"symbol,side,quantity\n" + b"AAPL US,buy,1\n" * 100_000


def request(raw: bytes) -> str:
    with pytest.raises(MalformedMessage) as caught:
        read_command(raw)
    return caught.value.code


def listed(raw: bytes) -> str:
    (fault,) = read_basket(raw, "list.csv").faults
    return fault.code


@pytest.mark.parametrize(
    ("read", "raw", "code"),
    [
        (request, b"x" * (64 * MIB), "body_too_large"),
        (request, HEAD + b'"' + b"x" * MIB + b'"}', "body_too_large"),
        (request, HEAD + b"[" * 10_000 + b"]" * 10_000 + b"}", "json_too_deep"),
        (request, HEAD + b"[" * MIB, "json_too_deep"),
        (listed, ROWS, "file_too_long"),
        (listed, b"x" * (64 * MIB), "file_too_large"),
    ],
    ids=["64 MiB", "1 MiB string", "10,000 deep", "a million deep", "100,000 legs", "64 MiB list"],
)
def test_oversized_input_is_refused_and_leaves_nothing(read: Callable[[bytes], str], raw: bytes, code: str) -> None:
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    assert read(raw) == code
    peak = tracemalloc.get_traced_memory()[1]
    gc.collect()  # an exception and its frames hold each other
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert peak - before < BOUND
    assert kept - before < MIB
