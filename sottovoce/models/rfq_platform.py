"""A platform for bond requests: asks the dealers, collects their quotes, lets the client hit one.

Smaller than a Venue, since nothing rests: a request lives for its window, a quote for its own life within it. The
client may hit any live quote; what he traded is reported with the cover, the best price among the others received.
Every request ends once: done, canceled, or expired when its window ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Protocol

import msgspec

from sottovoce.core.ports import VenueFacts
from sottovoce.models.rfq import Dealer, DealerDraw, Quote, QuoteRequest, answer_ns, quoted_px, ranked


class RequestEvent(Enum):
    """What happened to a request."""

    SENT = "sent"
    QUOTED = "quoted"
    REFUSED = "refused"
    DONE = "done"
    CANCELED = "canceled"
    EXPIRED = "expired"


class RequestNews(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that happened. px and dealer with QUOTED and DONE; cover_px with DONE, 0 when nobody else quoted."""

    request_id: str
    event: RequestEvent
    at_ns: int
    dealer: str = ""
    px: int = 0
    cover_px: int = 0
    reason: str = ""


class RequestVenue(Protocol):
    """Where bonds are asked for. Calls come in order of time."""

    @property
    def facts(self) -> VenueFacts: ...

    def request(
        self, request: QuoteRequest, dealers: Sequence[str], draws: Sequence[DealerDraw], at_ns: int
    ) -> Sequence[RequestNews]:
        """Ask these dealers; one draw for each, in the same order."""
        ...

    def hit(self, request_id: str, dealer: str, at_ns: int) -> Sequence[RequestNews]:
        """Trade on a dealer's live quote; refused with a reason when there is none or it is through the limit."""
        ...

    def cancel(self, request_id: str, at_ns: int) -> Sequence[RequestNews]:
        """Withdraw a request."""
        ...

    def advance(self, at_ns: int) -> Sequence[RequestNews]:
        """Time passed: quotes that arrived by now, windows that ended."""
        ...


class DealerRecord(msgspec.Struct, kw_only=True):
    """One dealer's side of it: requests received, answered in time, won, and lost as the cover."""

    asked: int = 0
    answered: int = 0
    won: int = 0
    covered: int = 0

    @property
    def hit_ratio(self) -> float | None:
        """Part of his quotes that traded, None before the first."""
        return self.won / self.answered if self.answered else None


class _Open:
    """A request under way: quotes received, and those still to come in order of arrival."""

    def __init__(self, request: QuoteRequest, coming: list[Quote], until_ns: int) -> None:
        self.request = request
        self.coming = sorted(coming, key=lambda quote: (quote.at_ns, quote.dealer))
        self.until_ns = until_ns
        self.quotes: list[Quote] = []


class RequestPlatform:
    """The simulated platform. Dealers' inventories follow what they trade.

    tick: of quotes, units per 100 of par. quote_life_ns: how long a quote is firm.
    """

    def __init__(self, facts: VenueFacts, dealers: Iterable[Dealer], tick: int, quote_life_ns: int) -> None:
        self._facts = facts
        self._dealers = {dealer.name: dealer for dealer in dealers}
        self._tick = tick
        self._life_ns = quote_life_ns
        self._open: dict[str, _Open] = {}
        self.records = {name: DealerRecord() for name in self._dealers}

    @property
    def facts(self) -> VenueFacts:
        """The platform's dated facts; min_qty is its least par."""
        return self._facts

    @property
    def dealers(self) -> Mapping[str, Dealer]:
        """The dealers as they stand, with what they hold."""
        return self._dealers

    def request(
        self, request: QuoteRequest, dealers: Sequence[str], draws: Sequence[DealerDraw], at_ns: int
    ) -> Sequence[RequestNews]:
        """Ask these dealers; see RequestVenue."""
        news = list(self.advance(at_ns))
        fault = self._fault(request, dealers, draws)
        if fault:
            return [*news, _refused(request.request_id, fault, at_ns)]
        until_ns = at_ns + request.window_ns
        coming = [
            self._quote(name, request, len(dealers), draw, at_ns) for name, draw in zip(dealers, draws, strict=True)
        ]
        in_time = [quote for quote in coming if quote is not None and quote.at_ns < until_ns]
        self._open[request.request_id] = _Open(request, in_time, until_ns)
        for name in dealers:
            self.records[name].asked += 1
        sent = RequestNews(request_id=request.request_id, event=RequestEvent.SENT, at_ns=at_ns)
        return [*news, sent, *self.advance(at_ns)]

    def hit(self, request_id: str, dealer: str, at_ns: int) -> Sequence[RequestNews]:
        """Trade on a dealer's live quote; see RequestVenue."""
        news = list(self.advance(at_ns))
        under_way = self._open.get(request_id)
        if under_way is None:
            return [*news, _refused(request_id, "unknown_request", at_ns)]
        quote = next((each for each in under_way.quotes if each.dealer == dealer and at_ns < each.until_ns), None)
        if quote is None:
            return [*news, _refused(request_id, "quote_gone", at_ns)]
        limit_px, sign = under_way.request.limit_px, under_way.request.side.sign
        if limit_px and sign * (quote.px - limit_px) > 0:
            return [*news, _refused(request_id, "through_limit", at_ns)]
        return [*news, self._trade(under_way, quote, at_ns)]

    def cancel(self, request_id: str, at_ns: int) -> Sequence[RequestNews]:
        """Withdraw a request; see RequestVenue."""
        news = list(self.advance(at_ns))
        if self._open.pop(request_id, None) is None:
            return [*news, _refused(request_id, "unknown_request", at_ns)]
        return [*news, RequestNews(request_id=request_id, event=RequestEvent.CANCELED, at_ns=at_ns)]

    def advance(self, at_ns: int) -> Sequence[RequestNews]:
        """Quotes that arrived by now and windows that ended, in order of time."""
        news: list[RequestNews] = []
        for name, under_way in list(self._open.items()):
            while under_way.coming and under_way.coming[0].at_ns <= at_ns:
                quote = under_way.coming.pop(0)
                under_way.quotes.append(quote)
                self.records[quote.dealer].answered += 1
                news.append(_quoted(name, quote))
            if at_ns >= under_way.until_ns:
                del self._open[name]
                news.append(RequestNews(request_id=name, event=RequestEvent.EXPIRED, at_ns=under_way.until_ns))
        return sorted(news, key=lambda each: each.at_ns)

    def quotes(self, request_id: str, at_ns: int) -> Sequence[Quote]:
        """The live quotes of a request, the best for the client first; empty when it is over."""
        under_way = self._open.get(request_id)
        if under_way is None:
            return ()
        live = [quote for quote in under_way.quotes if quote.at_ns <= at_ns < quote.until_ns]
        return ranked(live, under_way.request.side)

    def _trade(self, under_way: _Open, quote: Quote, at_ns: int) -> RequestNews:
        request = under_way.request
        others = ranked([each for each in under_way.quotes if each.dealer != quote.dealer], request.side)
        self.records[quote.dealer].won += 1
        if others:
            self.records[others[0].dealer].covered += 1
        dealer = self._dealers[quote.dealer]
        held = dealer.inventory - request.side.sign * request.par
        self._dealers[quote.dealer] = msgspec.structs.replace(dealer, inventory=held)
        del self._open[request.request_id]
        return RequestNews(
            request_id=request.request_id,
            event=RequestEvent.DONE,
            at_ns=at_ns,
            dealer=quote.dealer,
            px=quote.px,
            cover_px=others[0].px if others else 0,
        )

    def _quote(self, name: str, request: QuoteRequest, asked: int, draw: DealerDraw, at_ns: int) -> Quote | None:
        wait_ns = answer_ns(self._dealers[name], request, draw)
        if wait_ns is None:
            return None
        px = quoted_px(self._dealers[name], request, asked, self._tick, draw.noise)
        arrives_ns = at_ns + wait_ns
        until_ns = min(arrives_ns + self._life_ns, at_ns + request.window_ns)
        return Quote(dealer=name, px=px, at_ns=arrives_ns, until_ns=until_ns)

    def _fault(self, request: QuoteRequest, dealers: Sequence[str], draws: Sequence[DealerDraw]) -> str:
        if request.request_id in self._open:
            return "duplicate_request"
        if request.par <= 0 or request.par % self._facts.min_qty:
            return "par_not_in_lots"
        if request.window_ns <= 0:
            return "window_not_positive"
        if not dealers or len(set(dealers)) < len(dealers) or any(name not in self._dealers for name in dealers):
            return "bad_dealers"
        return "" if len(draws) == len(dealers) else "bad_draws"


def _quoted(request_id: str, quote: Quote) -> RequestNews:
    return RequestNews(
        request_id=request_id, event=RequestEvent.QUOTED, at_ns=quote.at_ns, dealer=quote.dealer, px=quote.px
    )


def _refused(request_id: str, reason: str, at_ns: int) -> RequestNews:
    return RequestNews(request_id=request_id, event=RequestEvent.REFUSED, at_ns=at_ns, reason=reason)
