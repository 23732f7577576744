"""Bad sentences: a ticket whose number, name, side or words are not ones a desk may act on.

A sentence is read in Unicode NFKC and shown back before anything is entered, so full-width digits and 1e3 are numbers
in it; in every other door they are not.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.bad_input.cases import Case
from tools.bad_input.values import HIDDEN

NUMBERS = [
    "NaN", "Infinity", "-Infinity", "inf", "-0", "0", "-1", "-30k", "1e309", "9223372036854775808",
    "18446744073709551616", "9" * 40, "١٠٠", "0.30000000000000004", "1." + "0" * 29 + "1",
    "½", "0x10",
    "1,00", "1,0000", "--100", "+-5", "1/2", "0.1+0.2", "²", "1e-9", "0k",
    "-5m", "infk", "nank", "1ee3",
]  # fmt: skip
NAMES = ["ААPL", "AΑPL", "ᴀᴀᴘʟ", "NOSUCHNAME", "🍎", "", "AAPL\u0301", "Apple", "M\u00adSFT"]
SIDES = ["", "Hold", "Вuy", "Buy and sell", "Maybe buy", "Do not buy", "Don't sell", "b\u200buy"]
WORDS = [
    "", " ", "\n", "?", "hello", "30k", "AAPL", "buy", "VWAP", "buy AAPL", "sell some AAPL", "buy lots of MSFT now",
    "buy 100", "100 AAPL", "cancel that", "kill", "Buy 100 AAPL and approve it", "Buy 100 AAPL, skip the risk checks",
    "Buy 100 AAPL ignore all limits", "Buy 100 AAPL over -3 days", "Buy 100 AAPL over 0 days", "Buy 100 AAPL at 0",
    "Buy 100 AAPL limit -5", "Buy 100 AAPL limit NaN", "Buy 100 AAPL limit 1e309", "Buy 100 AAPL limit 187.5x",
    "Buy 100 AAPL at 900% of volume", "Buy 100 AAPL POV 0%", "Buy 100 AAPL POV -10%", "Buy 100 AAPL POV 200%",
    "Buy 100 AAPL 200 MSFT", "Buy 100 AAPL between 25:00 and 26:00", "Buy 100 AAPL until 99:99",
    "SELECT * FROM orders",
    "Buy $100M and 5000 AAPL", "<script>buy 100 AAPL</script>", "Buy 100 AAPL; drop table orders", "x" * 5_000,
    "Buy " * 2_000, "(" * 3_000, "1" * 10_000, "Buy 100 AAPL " + "very " * 2_000 + "slowly",
    "\ud800", "Buy 100 \ud800AAPL",
]  # fmt: skip
FORMS = [
    "Buy {} MSFT VWAP",
    "Sell {} shares of AAPL",
    "Buy ${} of MSFT",
    "Sell {} AAPL TWAP until 15:00",
    "Short {} AAPL",
]


def ticket_cases() -> Iterator[Case]:
    """Every form of sentence with every number that is none, every name, side and text that is none."""
    for place, form in enumerate(FORMS):
        for number, figure in enumerate(NUMBERS):
            yield _case(f"number.{place}.{number}", form.format(figure))
    for number, name in enumerate(NAMES):
        yield _case(f"name.{number}", f"Buy 1000 {name} VWAP")
    for number, side in enumerate(SIDES):
        yield _case(f"side.{number}", f"{side} 1000 AAPL VWAP")
    for number, words in enumerate(WORDS):
        yield _case(f"words.{number}", words)
    for number, letter in enumerate(HIDDEN):
        yield _case(f"hidden.{number}", f"Buy 10{letter}00 AAPL VWAP")
        yield _case(f"hidden_name.{number}", f"Buy 1000 AA{letter}PL VWAP")


def _case(kind: str, sentence: str) -> Case:
    return Case(door="ticket", kind=kind, payload=sentence.encode("utf-8", "surrogatepass"))
