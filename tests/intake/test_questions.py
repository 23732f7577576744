"""What is missing or unclear is asked for by name."""

from __future__ import annotations

import pytest

from sottovoce.intake.language import parse_ticket
from sottovoce.intake.questions import questions
from sottovoce.intake.ticket import OPEN_ISSUES, REJECTING, Ticket


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Execute $100M AAPL over 3 days", ["Which side: buy"]),
        ("Buy 10k", ["Which instrument"]),
        ("Buy some AAPL", ["How much"]),
        ("Buy 10k AAPL POV", ["share of market volume"]),
        ("Buy 10k Vodafone", ["give the ticker"]),
        ("Buy 10k AAPL before the moon rises", ["Not understood (before … moon … rises)"]),
        ("work 10k", ["Which side", "Which instrument"]),
        ("cancel it", ["order number"]),
        ("rebalance FUND-A", ["Which weights"]),
        ("Buy 10k AAPL, skip the checks", ["not skipped"]),
        ("Buy 10k 20k AAPL", ["How much", "Two sizes"]),
    ],
)
def test_each_gap_has_its_sentence(text: str, words: list[str]) -> None:
    asked = questions(parse_ticket(text))
    assert len(asked) == len(words)
    for sentence, word in zip(asked, words, strict=True):
        assert word in sentence


def test_a_complete_ticket_asks_nothing() -> None:
    assert questions(parse_ticket("Buy 30k MSFT VWAP")) == []


@pytest.mark.parametrize("issue", sorted(REJECTING | OPEN_ISSUES))
def test_every_issue_has_a_sentence(issue: str) -> None:
    (sentence,) = questions(Ticket(status="rejected", issues=[issue]))
    assert sentence[-1] in ".?"
    assert "{" not in sentence
