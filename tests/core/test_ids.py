"""Ids derive from their cause, and tell a venue nothing."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core import ids

SECRET, OTHER = b"one secret of the firm", b"another secret"


def test_same_cause_gives_the_same_parent() -> None:
    assert ids.parent_id("FUND-A", "c-1") == ids.parent_id("FUND-A", "c-1")
    assert re.fullmatch(r"P-[0-9A-F]{16}", ids.parent_id("FUND-A", "c-1"))


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_different_causes_give_different_parents(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (ids.parent_id(*one) == ids.parent_id(*other)) is (one == other)


def test_account_and_client_id_do_not_run_into_each_other() -> None:
    assert ids.parent_id("A:1", "x") != ids.parent_id("A", "1:x")


def test_child_and_route_are_readable_paths() -> None:
    assert ids.route_id(ids.child_id("P-1", 3), 2) == "P-1.3/2"


def test_venue_sees_twenty_characters_that_only_the_secret_explains() -> None:
    first, second = (ids.venue_cl_ord_id(SECRET, f"P-1.{n}/1") for n in (1, 2))
    assert re.fullmatch(r"[0-9A-F]{20}", first)
    assert first == ids.venue_cl_ord_id(SECRET, "P-1.1/1")
    assert len({first, second, ids.venue_cl_ord_id(OTHER, "P-1.1/1")}) == 3


def test_jitter_seed_depends_on_parent_and_secret() -> None:
    seeds = {ids.jitter_seed(secret, parent) for secret in (SECRET, OTHER) for parent in ("P-1", "P-2")}
    assert len(seeds) == 4
    assert all(0 <= seed < 1 << 64 for seed in seeds)


def test_jitter_is_repeatable_even_and_within_bounds() -> None:
    draws = [ids.jitter(7, "size", number) for number in range(4_000)]
    assert draws == [ids.jitter(7, "size", number) for number in range(4_000)]
    assert all(0.0 <= draw < 1.0 for draw in draws)
    assert abs(sum(draws) / len(draws) - 0.5) < 0.02
    assert ids.jitter(7, "size", 0) != ids.jitter(7, "time", 0)
