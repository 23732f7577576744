"""A websocket capture as a playback: the book rebuilt from snapshot and differences, every quote checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sottovoce.adapters.feeds.binance import BinanceCapture
from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.adapters.feeds.feed_size import unpacked_bytes
from sottovoce.adapters.feeds.level_replay import LevelReplay
from sottovoce.core.playback import PlayedBook, PlayedFigures, PlayedUnits
from sottovoce.core.units import NS_PER_DAY
from sottovoce.models.touch_meter import TouchMeter


class LevelPlayback:
    """One instrument's capture. Times are those of receipt. Raises as BinanceCapture does."""

    def __init__(self, path: Path, faults: FaultLog) -> None:
        self._capture = BinanceCapture(path, faults)
        self._replay = LevelReplay()
        self._meter = TouchMeter()
        self._file = str(path)
        self._total = unpacked_bytes(path)
        self.passed = False
        units = self._capture.units
        self.units = PlayedUnits(
            px_scale=units.px_scale, qty_scale=units.qty_scale, qty_name=units.qty_name,
            origin_ns=self._capture.first_ns // NS_PER_DAY * NS_PER_DAY, zone="UTC", dated=True,
        )  # fmt: skip

    @property
    def instruments(self) -> tuple[str, ...]:
        """The exchange's symbol."""
        return (self._capture.symbol,)

    def play(self, until_ns: int | None = None) -> Iterator[int]:
        """Message by message; see Playback."""
        for message in self._capture.messages():
            if until_ns is not None and message.receive_ns > until_ns:
                self.passed = True
                return
            self._replay.take(message)
            bid, ask = self._replay.sync.book.touch() if self._replay.sync.usable else (None, None)
            self._meter.take(message.receive_ns, bid and bid[0], ask and ask[0])
            yield message.receive_ns

    def progress(self) -> tuple[int, int]:
        """Bytes read, of the bytes of the unpacked file."""
        return self._capture.bytes_read, self._total

    def figures(self) -> PlayedFigures:
        """Running figures; details carry the checks of quotes and the feed's clock."""
        replay, clock = self._replay, self._replay.clock.figures()
        details = {
            "quotes confirmed by the book": f"{replay.agreed:,} of {replay.checked:,}",
            "crossed after a difference": f"{replay.crossed:,}",
            "differences waiting for a snapshot": f"{replay.sync.waited:,}",
            "longest silence": f"{clock.longest_silence_ms:,.0f} ms",
            "silences above a second": f"{clock.silences:,}",
        }
        if clock.skew_ms is not None:
            ahead = "exchange ahead" if clock.skew_ms < 0 else "exchange behind"
            details["clock skew"] = f"{abs(clock.skew_ms):,} ms, {ahead}"
            details["delay above the quickest"] = (
                f"p50 {clock.delay_p50_ms} ms, p99 {clock.delay_p99_ms} ms, worst {clock.delay_max_ms} ms"
            )
        counts = dict(replay.counts) | dict(self._capture.others)
        return PlayedFigures(
            kind=f"{self._capture.units.market} websocket capture",
            instruments=self.instruments,
            first_ns=replay.clock.first_ns,
            last_ns=replay.clock.last_ns,
            messages=sum(counts.values()),
            counts=counts,
            trades=replay.trades,
            volume=replay.volume,
            value=replay.value,
            spread_sum=self._meter.spread_sum,
            spread_ns=self._meter.spread_ns,
            gaps=tuple(gap.sentence(self._file) for gap in replay.sync.gaps),
            details=details,
        )

    def book(self, instrument: str, depth: int | None = None) -> PlayedBook:
        """The rebuilt book; unusable before a snapshot and after a gap."""
        sync = self._replay.sync
        if instrument != self._capture.symbol:
            return PlayedBook(bids=(), asks=())
        why = ""
        if not sync.usable:
            why = sync.gaps[-1].sentence(self._file) if sync.gaps else "No snapshot has been received yet."
        return PlayedBook(bids=tuple(sync.book.bids.levels(depth)), asks=tuple(sync.book.asks.levels(depth)), why=why)
