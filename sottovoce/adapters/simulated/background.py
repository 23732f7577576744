"""One session's background played against the floor: the loop in which every simulated day is spent.

Each drawn event first lets the makers follow the price, then does what its agent does. The price they follow is the
fundamental plus their offset, which only surprising net flow moves.
"""

from __future__ import annotations

from bisect import bisect_right

from sottovoce.adapters.simulated.crowd import Crowd
from sottovoce.adapters.simulated.floor import Floor
from sottovoce.adapters.simulated.makers import Makers
from sottovoce.adapters.simulated.profile import OVERNIGHT_VARIANCE
from sottovoce.adapters.simulated.quoting import NO_ASK, NO_BID
from sottovoce.adapters.simulated.streams import ASK, BUYER, CANCEL, LIMIT, Flow, HiddenOrder
from sottovoce.adapters.simulated.tape import TapeRecorder
from sottovoce.adapters.simulated.toxic import Toxic
from sottovoce.core.commands import VenueMessage
from sottovoce.core.units import NEVER_NS

CHUNK = 8192
"""Rows turned from arrays into lists at a time."""

REFORM_MASK = 15
"""Latent interest comes back after every sixteenth market order, for all of them."""

SESSION_S = 23_400.0
"""Seconds of a full session, over which a day's variance is usually spread."""

_Rows = tuple[list[int], list[int], list[float], list[int], list[float], list[int]]


class Background:
    """Lit events row by row, and hidden orders for the dark venues, of one session.

    In ticks: base, what the name is worth at the open, and scale, a daily volatility.
    """

    def __init__(
        self,
        flow: Flow,
        dark: list[HiddenOrder],
        floor: Floor,
        makers: Makers,
        toxic: Toxic,
        tape: TapeRecorder,
        news: list[tuple[int, VenueMessage]],
        base: float,
        scale: float,
    ) -> None:
        self.events = 0
        self._flow = flow
        self._floor = floor
        self._makers = makers
        self._toxic = toxic
        self._crowd = Crowd()
        self._passed = 0
        self._tape = tape
        self._news = news
        self.scale = scale
        self._base = base
        self._usual = (1.0 - OVERNIGHT_VARIANCE) / SESSION_S
        self.alarm = (NO_BID, NO_ASK)
        self.alarmed = False
        self._rows: _Rows = ([], [], [], [], [], [])
        self._row = self._loaded = 0
        self._hidden = dark
        self._next_hidden = 0

    def next_ns(self) -> int:
        """When the next lit event happens, NEVER_NS after the last."""
        if self._row == len(self._rows[0]) and not self._load():
            return NEVER_NS
        return self._rows[0][self._row]

    def next_hidden_ns(self) -> int:
        """When the next hidden order arrives, NEVER_NS after the last."""
        return self._hidden[self._next_hidden].at_ns if self._next_hidden < len(self._hidden) else NEVER_NS

    def hide(self) -> None:
        """The next hidden order arrives."""
        order = self._hidden[self._next_hidden]
        self._next_hidden += 1
        self.events += 1
        self._floor.hidden_order(order)

    def skip(self, until_ns: int) -> None:
        """Let lit events up to a time pass without effect: nobody trades in a halt."""
        while True:
            self._row = bisect_right(self._rows[0], until_ns, self._row)
            if self._row < len(self._rows[0]) or not self._load():
                return

    def skip_hidden(self) -> None:
        """Let the next hidden order pass without effect."""
        self._next_hidden += 1

    def value(self) -> float:
        """What the name is worth now, in ticks."""
        number = self._loaded - len(self._rows[0]) + self._row
        return self._base + self.scale * (float(self._flow.drift[number - 1]) if number else 0.0)

    def reference(self) -> float:
        """The price in ticks that providers quote around: the value, and what flow has moved them off it."""
        return self.value() + self.scale * self._makers.offset

    def finish(self) -> None:
        """The session is over: what has not been played passes without effect."""
        while self._load():
            pass
        self._row = len(self._rows[0])

    def run(self, until_ns: int) -> int:
        """Play lit events up to a time, our first news or a band; returns the time of the last event, 0 if none."""
        last_ns = 0
        while True:
            end = bisect_right(self._rows[0], until_ns, self._row)
            if end > self._row:
                last_ns = self._play(self._row, end)
                if self._news or self.alarmed:
                    return last_ns
            if end < len(self._rows[0]) or not self._load():
                return last_ns

    def _load(self) -> bool:
        """Turn the next rows into lists; False when there are none."""
        flow, start = self._flow, self._loaded
        if start >= len(flow.times_ns):
            return False
        part = slice(start, start + CHUNK)
        self._rows = (
            flow.times_ns[part].tolist(),
            flow.code[part].tolist(),
            flow.drift[part].tolist(),
            flow.qty[part].tolist(),
            flow.chance[part].tolist(),
            flow.back[part].tolist(),
        )
        self._row = 0
        self._loaded = start + len(self._rows[0])
        return True

    def _play(self, start: int, end: int) -> int:
        """Play rows start to end, or until something of ours is news; returns the time of the last."""
        floor, makers, news, tape, lit = self._floor, self._makers, self._news, self._tape, self._floor.lit
        base, scale, tick, touch = self._base, self.scale, floor.profile.tick, lit.touch
        share, passed = (REFORM_MASK + 1) / floor.profile.trades, self._passed
        alarm_low, alarm_high = self.alarm
        crowd, toxic, adv, every_quote = self._crowd, self._toxic, floor.profile.adv, tape.every_quote
        row, at_ns = start, 0
        rows = zip(*(column[start:end] for column in self._rows), strict=True)
        for at_ns, code, drift, qty, chance, back in rows:
            row += 1
            moved = False
            if at_ns >= makers.next_look_ns:
                makers.look(at_ns, drift, self._usual)
                crowd.look(drift + makers.offset)
                lit.width = makers.width
            if at_ns >= toxic.next_ns:
                toxic.act(at_ns)
                moved = True
            reference = base + scale * (drift + makers.offset)
            if reference > lit.high or reference < lit.low:
                traded, moved = lit.requote(reference, at_ns), True
                if traded:
                    floor.provided(at_ns, traded)
            if code < LIMIT:
                buy = back == BUYER if back <= BUYER else crowd.buys(back, chance, makers.offset, qty / adv)
                passed += 1
                if not passed & REFORM_MASK:
                    makers.reform(share)
                floor.market_order(at_ns, qty, code, buy=buy)
            elif not (self._passive(at_ns, code, qty, chance, back) or moved):
                continue
            floor.bid, floor.ask = bid, ask = touch()
            if every_quote:
                tape.change(at_ns, bid * tick, ask * tick, *lit.touch_sizes(bid, ask))
            elif at_ns >= tape.next_quote_ns and (bid * tick != tape.bid or ask * tick != tape.ask):
                tape.quote(at_ns, bid * tick, ask * tick, *lit.touch_sizes(bid, ask))
            if bid >= alarm_high or ask <= alarm_low:
                self.alarmed = True
                break
            if news:
                break
        self.events += row - start
        self._row, self._passed = row, passed
        return at_ns

    def _passive(self, at_ns: int, code: int, qty: int, chance: float, back: int) -> bool:
        """A limit order or a cancel; returns whether the touch may have moved."""
        lit = self._floor.lit
        if code >= CANCEL:
            place = code - CANCEL
            lit.withdraw(place & 31, back, chance, qty, buy=place < ASK)
            return back == 0
        place = code - LIMIT
        traded = lit.provide(place & 31, back, qty, at_ns, buy=place < ASK)
        if traded:
            self._floor.provided(at_ns, traded)
        return back == 0 or bool(traded)
