"""The request platform: quotes arrive in time or not at all, one hit ends a request, the cover is told."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import Side
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.matching.dark_facts import REQUEST_FACTS
from sottovoce.models.rfq import Dealer, DealerDraw, QuoteRequest
from sottovoce.models.rfq_platform import RequestEvent, RequestNews, RequestPlatform, RequestVenue

MM = 1_000_000
NAMES = ("D1", "D2", "D3")
ASK = QuoteRequest(request_id="R", side=Side.BUY, par=10 * MM, mid=100.0, dv01=0.08, window_ns=30 * NS_PER_SECOND)
PROMPT = DealerDraw(0.0, 0.0, 0.0)
ENDS = (RequestEvent.DONE, RequestEvent.CANCELED, RequestEvent.EXPIRED)


def platform() -> RequestPlatform:
    """Three dealers at 0.3, 0.5 and 0.9 bp; answers take up to ten seconds, quotes live five."""
    dealers = [
        Dealer(name=name, half_spread_bp=width, slowest_ns=10 * NS_PER_SECOND, answer_probability=0.9, holding_bp=0.001)
        for name, width in zip(NAMES, (0.3, 0.5, 0.9), strict=True)
    ]
    return RequestPlatform(REQUEST_FACTS, dealers, 1_000, 5 * NS_PER_SECOND)


def said(news: Sequence[RequestNews]) -> list[tuple[RequestEvent, str]]:
    return [(each.event, each.dealer or each.reason) for each in news]


def test_it_is_a_request_venue() -> None:
    venue: RequestVenue = platform()
    assert venue.facts.venue == "SIMR"


def test_best_quote_is_hit_and_the_cover_told() -> None:
    venue = platform()
    news = venue.request(ASK, NAMES, [PROMPT, DealerDraw(0.0, 0.1, 0.0), PROMPT], 0)
    assert said(news) == [(RequestEvent.SENT, ""), (RequestEvent.QUOTED, "D1"), (RequestEvent.QUOTED, "D3")]
    assert said(venue.advance(NS_PER_SECOND)) == [(RequestEvent.QUOTED, "D2")]
    sheet = venue.quotes("R", NS_PER_SECOND)
    assert [quote.dealer for quote in sheet] == ["D1", "D2", "D3"]
    done = venue.hit("R", "D1", 2 * NS_PER_SECOND)[-1]
    assert (done.event, done.dealer, done.px, done.cover_px) == (RequestEvent.DONE, "D1", sheet[0].px, sheet[1].px)
    assert venue.dealers["D1"].inventory == -10 * MM
    assert (venue.records["D1"].won, venue.records["D2"].covered) == (1, 1)
    assert venue.records["D1"].hit_ratio == 1.0
    assert said(venue.hit("R", "D2", 3 * NS_PER_SECOND)) == [(RequestEvent.REFUSED, "unknown_request")]


def test_sold_inventory_makes_the_next_offer_dearer() -> None:
    venue = platform()
    venue.request(ASK, ("D1",), [PROMPT], 0)
    first = venue.hit("R", "D1", 1)[-1].px
    venue.request(ASK, ("D1",), [PROMPT], 2)
    assert venue.hit("R", "D1", 3)[-1].px > first


def test_silent_and_late_dealers_do_not_quote() -> None:
    venue = platform()
    short = msgspec.structs.replace(ASK, window_ns=3 * NS_PER_SECOND)
    venue.request(short, NAMES, [DealerDraw(0.95, 0, 0), DealerDraw(0, 0.5, 0), PROMPT], 0)
    news = venue.advance(10 * NS_PER_SECOND)
    assert said(news) == [(RequestEvent.EXPIRED, "")]
    assert news[0].at_ns == 3 * NS_PER_SECOND
    assert [venue.records[name].answered for name in NAMES] == [0, 0, 1]
    assert venue.records["D1"].hit_ratio is None


def test_quote_is_gone_after_its_life() -> None:
    venue = platform()
    venue.request(ASK, NAMES, [PROMPT] * 3, 0)
    assert said(venue.hit("R", "D1", 5 * NS_PER_SECOND)) == [(RequestEvent.REFUSED, "quote_gone")]
    assert venue.quotes("R", 5 * NS_PER_SECOND) == []


def test_limit_is_kept() -> None:
    venue = platform()
    venue.request(msgspec.structs.replace(ASK, limit_px=100_024_999), NAMES, [PROMPT] * 3, 0)
    assert said(venue.hit("R", "D1", 1)) == [(RequestEvent.REFUSED, "through_limit")]
    venue.cancel("R", 1)
    venue.request(msgspec.structs.replace(ASK, limit_px=100_025_000), NAMES, [PROMPT] * 3, 2)
    assert venue.hit("R", "D1", 3)[-1].event is RequestEvent.DONE


def test_lone_quote_has_no_cover() -> None:
    venue = platform()
    venue.request(ASK, ("D1",), [PROMPT], 0)
    assert venue.hit("R", "D1", 1)[-1].cover_px == 0


def test_canceled_request_is_over() -> None:
    venue = platform()
    venue.request(ASK, NAMES, [DealerDraw(0, 0.5, 0)] * 3, 0)
    assert said(venue.cancel("R", 1)) == [(RequestEvent.CANCELED, "")]
    assert said(venue.cancel("R", 2)) == [(RequestEvent.REFUSED, "unknown_request")]
    assert venue.advance(60 * NS_PER_SECOND) == []
    assert venue.quotes("R", 2) == ()


@pytest.mark.parametrize(
    ("change", "names", "draws", "reason"),
    [
        ({"par": 1_500}, NAMES, 3, "par_not_in_lots"),
        ({"par": 0}, NAMES, 3, "par_not_in_lots"),
        ({"window_ns": 0}, NAMES, 3, "window_not_positive"),
        ({}, (), 0, "bad_dealers"),
        ({}, ("D1", "D1"), 2, "bad_dealers"),
        ({}, ("D1", "D9"), 2, "bad_dealers"),
        ({}, NAMES, 2, "bad_draws"),
    ],
)
def test_what_a_platform_does_not_take(change: dict[str, int], names: tuple[str, ...], draws: int, reason: str) -> None:
    request = msgspec.structs.replace(ASK, **change)
    assert said(platform().request(request, names, [PROMPT] * draws, 0)) == [(RequestEvent.REFUSED, reason)]


def test_second_request_of_a_live_name_is_refused() -> None:
    venue = platform()
    venue.request(ASK, NAMES, [PROMPT] * 3, 0)
    assert said(venue.request(ASK, NAMES, [PROMPT] * 3, 1))[-1] == (RequestEvent.REFUSED, "duplicate_request")


@given(seed=st.integers(0, 2**32))
def test_every_request_ends_once_and_inventories_add_up(seed: int) -> None:
    """Random requests, hits and cancels; the same seed gives the same news."""
    assert played(seed) == played(seed)
    venue, news = played_on(platform(), seed)
    ended = [each.request_id for each in news if each.event in ENDS]
    sent = [each.request_id for each in news if each.event is RequestEvent.SENT]
    assert sorted(ended) == sorted(sent)
    done = {each.request_id: each for each in news if each.event is RequestEvent.DONE}
    quoted = {(each.request_id, each.dealer): each.px for each in news if each.event is RequestEvent.QUOTED}
    assert all(each.px == quoted[each.request_id, each.dealer] for each in done.values())
    assert sum(dealer.inventory for dealer in venue.dealers.values()) == -10 * MM * len(done)
    assert [each.at_ns for each in news] == sorted(each.at_ns for each in news)


def played(seed: int) -> list[RequestNews]:
    return played_on(platform(), seed)[1]


def played_on(venue: RequestPlatform, seed: int) -> tuple[RequestPlatform, list[RequestNews]]:
    dice, at_ns = Random(seed), 0
    news: list[RequestNews] = []
    for number in range(25):
        at_ns += dice.randrange(8 * NS_PER_SECOND)
        name, word = f"R{dice.randrange(number + 1)}", dice.choice(("request", "hit", "hit", "cancel"))
        if word == "request":
            draws = [DealerDraw(dice.random(), dice.random(), dice.gauss(0, 1)) for _ in NAMES]
            request = msgspec.structs.replace(ASK, request_id=f"R{number}")
            news.extend(venue.request(request, NAMES, draws, at_ns))
        elif word == "hit":
            best = venue.quotes(name, at_ns)
            news.extend(venue.hit(name, best[0].dealer if best else "D1", at_ns))
        else:
            news.extend(venue.cancel(name, at_ns))
    news.extend(venue.advance(at_ns + 60 * NS_PER_SECOND))
    return venue, news
