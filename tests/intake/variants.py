"""Other ways to write the reference phrasings: case, spacing, number forms, synonyms, order of clauses.

Each keeps the meaning, so each has the expectation of the phrasing it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from tests.intake.comparing import Expected
from tests.intake.phrasings import PHRASINGS

Variant = tuple[str, str, Mapping[str, object], Expected]

SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"^Buy\b", ("Purchase", "Pick up", "Accumulate", "Please buy", "I want to buy", "Go long", "Can you buy")),
    (r"^[Ss]ell\b", ("Offload", "Unload", "Dump", "Please sell", "We need to sell", "Get rid of")),
    (r"^short\b", ("sell short", "ss", "short sell", "go short")),
    (r"^cover\b", ("buy to cover", "BTC", "please cover")),
    (r"^Execute\b", ("Work", "Trade", "Please execute", "Do", "Send")),
    (r"^work\b", ("execute", "trade", "do")),
    (r"\bcancel (?=1042)", ("cxl ", "pull ", "kill ", "please cancel ", "cancel order ", "cancel #", "scratch ")),
    (r"^pull\b", ("cancel", "cxl", "please pull", "kill")),
    (r"^pause\b", ("hold", "suspend", "please pause", "freeze", "halt")),
    (r"^change order 1042\b", ("amend order 1042", "modify 1042", "update order 1042", "adjust ord 1042")),
    (r"^cut order 1042\b", ("reduce 1042", "change order 1042", "lower order 1042", "please cut 1042")),
    (r"^Rebalance\b", ("Please rebalance", "rebal", "Rebalance account", "Reweight")),
    (r"\b(?:limit|lmt) (?=\d)", ("limit ", "lmt ", "@ ", "at ", "limit of ", "with a limit of ", "limit at ", "px ")),
    (r"\bover 3 days", ("over three days", "over the next 3 days", "with a 3-day horizon", "across 3 trading days")),
    (r"\bover two days", ("over 2 days", "spread over two days", "with a two-day horizon", "over the next 2 days")),
    (r"\btill close", ("until the close", "into the close", "to the close", "by close", "till end of day", "all day")),
    (r"\ball day", ("today", "until the close", "over the day", "full day", "through the close")),
    (r"\bdone by the close", ("until the close", "by end of day", "completed by the close", "today")),
    (r"\bover the next 90 minutes", ("over 90 mins", "for 90 min", "over 1.5 hours", "in the next 90 minutes")),
    (
        r"10:00-15:30",
        ("10:00 - 15:30", "from 10:00 to 15:30", "between 10:00 and 15:30", "10am to 3:30pm", "10:00–15:30"),
    ),
    (r"by 2pm NY time", ("by 14:00 NY", "until 2pm ET", "by 2 pm New York time", "before 2:00pm ET", "by 2:00 NY")),
    (r"with minimal market impact", ("with minimal impact", "low urgency", "minimise impact", "patiently", "no rush")),
    (r"\bpassively\b", ("patiently", "slowly", "quietly", "carefully")),
    (r"\basap\b", ("urgent", "immediately", "right now", "quickly", "as soon as possible")),
    (r"\burgent\b", ("asap", "urgently", "immediately", "aggressively", "high urgency")),
    (r"\b10% POV", ("POV 10%", "at 10% POV", "10% of volume", "10 pct POV", "POV at 10%")),
    (r"\bat 10% of volume", ("10% POV", "at 10% of the volume", "POV 10%", "at 10 percent of volume")),
    (
        r"\bnever above 15%",
        ("max 15%", "max 15% of volume", "cap at 15%", "no more than 15% of volume", "never over 15%"),
    ),
    (r"\bno dark", ("lit only", "avoid dark pools", "no dark pools", "not in the dark")),
    (r"\bdark only", ("dark pools only", "only in the dark", "only dark")),
    (r"\bat arrival", ("vs arrival", "arrival price", "implementation shortfall", "IS")),
    (r"\bfloor 182", ("no lower than 182", "not below 182", "limit 182", "182 or better", "down to 182")),
    (
        r"\bpay up to 24.10",
        ("up to 24.10", "no higher than 24.10", "limit 24.10", "top 24.10", "don't pay more than 24.10"),
    ),
    (r"\bgood till cancelled", ("GTC", "good til canceled", "good until cancelled", "good-till-cancelled")),
    (r"\bgood for the day", ("day only", "day order", "good for day", "GFD")),
    (r"\bpost only", ("post-only", "maker only", "add liquidity only")),
    (r"\bshowing 5k", ("show 5k", "displaying 5k", "display size 5k", "clips of 5k", "showing only 5k")),
    (r"\bmin fill 500", ("minimum fill 500", "minimum 500", "nothing smaller than 500", "min qty 500", "MEQ 500")),
    (r"\bpegged to mid", ("peg mid", "midpoint peg", "pegged to the midpoint", "peg to mid")),
    (r"\bstop 720", ("stop at 720", "stop price 720", "stp 720", "with a stop of 720")),
    (
        r"\bwould do it all at 690 or better",
        ("would do all at 690", "would at 690", ("would complete it all at 690 or better")),
    ),
    (r"\b8-12% of volume", ("8% to 12% of volume", "between 8 and 12% of volume", "8-12% POV", "POV 8-12%")),
    (
        r"\bhalf of our AMZN position",
        ("half our AMZN", "50% of our AMZN position", "half of my AMZN holding", "1/2 of our AMZN position"),
    ),
    (r"\bVWAP\b", ("vwap", "using VWAP", "via VWAP")),
    (r"\bTWAP\b", ("twap", "using TWAP", "time weighted")),
    (r"\bMOC\b", ("market on close", "at the close", "on the close")),
    (
        r"\bskip the risk checks",
        ("bypass the risk checks", "ignore risk limits", "override the limits", "without compliance checks"),
    ),
    (
        r"\bthen approve it yourself",
        ("and approve it", "and sign it off yourself", "then self-approve", "and approve it for me"),
    ),
    (r"\bsome\b", ("a bit of", "a few", "some more")),
    (r"\bslow it down", ("slow down", "take it slow", "be more patient", "make it slower")),
    (r"\bvs arrival\?", ("against arrival?", "versus arrival", "relative to arrival?", "compared to arrival?")),
    (r"\bcash neutral", ("cash-neutral", "neutral in cash")),
    (r"\band sell 8k", ("; sell 8k", ", sell 8k", "& sell 8k", "and offload 8k")),
    (r"\bshares of HSBA LN", ("HSBA LN", "HSBA.L", "HSBA LN shares", "sh HSBA LN")),
    (r"\bVOD LN", ("VOD.L", "vod ln")),
    (r"\bsell 12k BARC LN", ("BARC LN sell 12k", "sell BARC LN 12k", "12k BARC LN sell", "BARC LN 12k sell")),
    (r"^Buy 10k Vodafone", ("Buy Vodafone 10k", "Buy 10k of Vodafone", "Buy 10,000 Vodafone shares")),
)


def variants() -> list[Variant]:
    """All variants in a fixed order, no text twice for one phrasing."""
    seen: set[tuple[str, str]] = set()
    found: list[Variant] = []
    for name, text, context, expected in PHRASINGS:
        for other in chain.from_iterable(make(text) for make in _MAKERS):
            if other != text and (name, other) not in seen:
                seen.add((name, other))
                found.append((name, other, context, expected))
    return found


def _case(text: str) -> Iterator[str]:
    yield text.lower()
    yield text.upper()
    yield text[:1].swapcase() + text[1:]


def _spacing(text: str) -> Iterator[str]:
    yield f"  {text.replace(' ', '   ')}\t\n"
    yield text.replace(", ", ",")
    yield text.replace(", ", " ")
    yield text.replace(", ", "; ") if "and sell" not in text else text
    yield text.replace(" ", "\u00a0")
    yield f"{text}." if not text.endswith("?") else text
    yield f"{text} please" if not text.endswith("?") else text
    yield f"Hi, {text}"


def _numbers(text: str) -> Iterator[str]:
    yield re.sub(r"\b(\d+)k\b", r"\1,000", text)
    yield re.sub(r"\b(\d+)k\b", r"\1 k", text)
    yield re.sub(r"\b(\d+)k\b", r"\1_000", text)
    yield re.sub(r"\b(\d+)k\b", r"\1K", text)
    yield re.sub(r"\b(\d+)k\b", r"\1 thousand", text)
    yield re.sub(r"\$(\d+)[mM]+\b", r"$\1 million", text)
    yield re.sub(r"\$(\d+)[mM]+\b", r"USD \1mm", text)
    yield re.sub(r"\$(\d+)[mM]+\b", r"\1m USD", text)
    yield re.sub(r"(\d)%", r"\1 %", text)
    yield re.sub(r"\b(\d+),(\d{3})\b", r"\1\2", text)
    yield text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


def _synonyms(text: str) -> Iterator[str]:
    for pattern, others in SYNONYMS:
        for other in others:
            yield re.sub(pattern, other, text, count=1)


def _clauses(text: str) -> Iterator[str]:
    """Clauses behind the first, in another order; only where a comma parts clauses and not legs."""
    if "and sell" in text or text.startswith("Rebalance"):
        return
    first, *rest = text.split(", ")
    if len(rest) > 1:
        yield ", ".join([first, *reversed(rest)])
        yield ", ".join([first, *rest[1:], rest[0]])
    if len(rest) == 1 and not rest[0].startswith("good"):
        yield f"{rest[0]}, {first}"


_MAKERS: tuple[Callable[[str], Iterator[str]], ...] = (_case, _spacing, _numbers, _synonyms, _clauses)
