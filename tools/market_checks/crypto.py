"""What the websocket captures give: books rebuilt and checked against every quote, and a deleted line found."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from sottovoce.adapters.feeds.binance import BinanceCapture
from sottovoce.adapters.feeds.level_replay import LevelReplay
from sottovoce.core.units import NS_PER_SECOND

Figure = tuple[str, str, str | None]
"""Name, what was got, and what must be where that is found by reading the file another way (None: it is published)."""

FOLDER = "crypto_l2_binance"
BOOKS = ("cm_btcusd_perp_20240808", "spot_btcusdt_20240808", "usdm_btcusdt_20240808")
FILES = (*BOOKS, "spot_ethusdt_20240808")


def figures(data: Path) -> Iterator[Figure]:
    """Every figure of the captures."""
    checked = agreed = gaps = crossed = 0
    for name in FILES:
        path = data / FOLDER / f"{name}.jsonl.gz"
        capture, replay = replayed(path)
        yield from _file_figures(name, capture, replay)
        if name in BOOKS:
            yield from _book_figures(name, replay)
            yield from deleted_line(name, path)
            checked, agreed = checked + replay.checked, agreed + replay.agreed
            gaps, crossed = gaps + len(replay.sync.gaps), crossed + replay.crossed
    yield "three books quotes_agree", f"{agreed:,} of {checked:,}", None
    yield "three books gaps", str(gaps), None
    yield "three books crossed", str(crossed), None


def replayed(source: Path | bytes) -> tuple[BinanceCapture, LevelReplay]:
    """A capture read to its end, and its replay."""
    capture, replay = BinanceCapture(source), LevelReplay()
    for message in capture.messages():
        replay.take(message)
    return capture, replay


def deleted_line(name: str, path: Path) -> Iterator[Figure]:
    """The middle difference taken out of a capture: where the gap must show, read from the JSON, and where it does."""
    with gzip.open(path) as file:
        lines = file.readlines()
    places = [place for place, line in enumerate(lines) if b"@depth" in line]
    middle = len(places) // 2
    before, gone, after = (
        json.loads(lines[places[at]].split(b" ", 1)[1])["data"] for at in (middle - 1, middle, middle + 1)
    )
    del lines[places[middle]]
    _, replay = replayed(b"".join(lines))
    must = f"line {places[middle + 1]}: {before['u']} then {after['U']}, {gone['u']} missing"
    got = "; ".join(
        f"line {gap.line}: {gap.after_id} then {gap.next_first_id}, {gap.before_id} missing" for gap in replay.sync.gaps
    )
    yield f"{name} deleted line", got, must


def _file_figures(name: str, capture: BinanceCapture, replay: LevelReplay) -> Iterator[Figure]:
    units, clock = capture.units, replay.clock
    spread = (replay.median_spread or 0.0) / units.px_scale
    yield f"{name} lines", f"{capture.lines:,}", None
    yield f"{name} seconds", f"{(clock.last_ns - clock.first_ns) / NS_PER_SECOND:.1f}", None
    yield f"{name} trades", f"{replay.trades:,}", None
    yield f"{name} traded", f"{replay.volume / units.qty_scale:,.5g} {units.qty_name}", None
    yield f"{name} median_spread", f"{spread:.4f}", None


def _book_figures(name: str, replay: LevelReplay) -> Iterator[Figure]:
    yield f"{name} quotes_agree", f"{replay.agreed:,} of {replay.checked:,}", None
    yield f"{name} gaps", str(len(replay.sync.gaps)), None
    yield f"{name} crossed", str(replay.crossed), None
