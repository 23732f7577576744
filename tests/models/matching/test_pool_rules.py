"""Rule books: who may meet whom, least matches, days of effect, and that every rule names its filing."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.matching.dark_facts import DARK_VENUES
from sottovoce.models.matching.dark_rules import BLOCK_POOL, GRADED_POOL, RULE_BOOKS
from sottovoce.models.matching.pool_rules import (
    ConditionalRules,
    PoolRules,
    Segment,
    SmallRest,
    least_match,
    may_meet,
    rules_on,
)


def test_both_classes_must_be_willing() -> None:
    open_minded, choosy = Segment(name="a", meets=("a", "b")), Segment(name="b", meets=("b",))
    assert may_meet(open_minded, open_minded)
    assert not may_meet(open_minded, choosy)
    assert not may_meet(choosy, open_minded)


@pytest.mark.parametrize(
    ("minimum", "leaves", "rule", "lot", "least"),
    [
        (500, 800, SmallRest.ALL_OR_NONE, 1, 500),
        (500, 500, SmallRest.FREE, 1, 500),
        (500, 300, SmallRest.ALL_OR_NONE, 1, 300),
        (500, 300, SmallRest.FREE, 1, 1),
        (500, 300, SmallRest.FREE, 100, 100),
        (0, 300, SmallRest.FREE, 100, 100),
    ],
)
def test_least_match(minimum: int, leaves: int, rule: SmallRest, lot: int, least: int) -> None:
    assert least_match(minimum, leaves, rule, lot) == least


def test_book_in_force_is_the_latest_begun() -> None:
    newer = msgspec.structs.replace(BLOCK_POOL, effective_from="2026-01-01")
    assert rules_on((newer, *RULE_BOOKS), "SIMD", "2025-12-31") == BLOCK_POOL
    assert rules_on((newer, *RULE_BOOKS), "SIMD", "2026-01-01") == newer
    with pytest.raises(ModelError) as refused:
        rules_on(RULE_BOOKS, "SIMD", "2024-12-31")
    assert refused.value.code == "no_pool_rules"


@pytest.mark.parametrize("book", RULE_BOOKS, ids=lambda book: book.venue)
def test_every_rule_names_the_filing_it_follows(book: PoolRules) -> None:
    told = {source.rule for source in book.sources}
    rules = set(PoolRules.__struct_fields__) - {"venue", "effective_from", "sources", "conditionals"}
    rules |= {f"conditionals.{name}" for name in ConditionalRules.__struct_fields__}
    assert rules - told == set()
    assert all(source.operator and source.filing and source.item for source in book.sources)


def test_the_pools_differ_where_their_filings_do() -> None:
    for rule in ("priority", "small_rest", "round_lots", "halt_cancels", "segments", "conditionals"):
        assert getattr(BLOCK_POOL, rule) != getattr(GRADED_POOL, rule)


def test_default_class_is_one_of_the_classes() -> None:
    for book in RULE_BOOKS:
        assert book.segment("") == book.segment(book.default_segment) is not None
        assert book.segment("nobody") is None


def test_facts_are_dated_and_in_order() -> None:
    codes = [facts.venue for facts in DARK_VENUES]
    assert codes == sorted(set(codes))
    assert all(facts.effective_from and facts.source for facts in DARK_VENUES)
