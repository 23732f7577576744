"""`sottovoce frontier`: every way of working an order, costed on common paths, and which of them is worth its risk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import cyclopts

from sottovoce.apps.numbers_in import Whole

if TYPE_CHECKING:
    from sottovoce.core.enums import Word

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


Named = TypeVar("Named", bound="Word")


def frontier(
    *,
    quantity: Whole,
    price: float,
    adv: float,
    sigma_daily: float,
    spread_bps: float,
    days: Annotated[Whole, cyclopts.Parameter(name=("--horizon-days", "--days"))] = 1,
    shares_outstanding: float | None = None,
    forecast_volume_shares: float | None = None,
    urgency: str = "medium",
    risk_price: float | None = None,
    max_participation: float | None = None,
    benchmark: str = "arrival",
    limit_bps: float | None = None,
    event_day: Whole | None = None,
    completion_min: float = 0.9,
    paths: Whole = 1_024,
    seed: Whole = 20_250_101,
    plot: Path | None = None,
    as_json: Json = False,
) -> None:
    """The cost–risk frontier of an order: candidates on common paths, the choice, and what would change it.

    Args:
        quantity: shares to trade.
        price: currency a share.
        adv: average daily volume, shares.
        sigma_daily: volatility of a day's return, a fraction (0.02 is 2 %).
        spread_bps: quoted spread, bps.
        days: sessions to trade in, up to 20.
        shares_outstanding: shares; with them the impact is Almgren's of 2005, without them I-Star.
        forecast_volume_shares: what each session is expected to trade, where that is not the average daily volume.
        urgency: low, medium or high: what crosses the spread, and the price of risk unless one is given.
        risk_price: bps of expected cost a bp of risk is worth.
        max_participation: most of the volume, a fraction.
        benchmark: arrival, vwap or close: what risk is measured against.
        limit_bps: how far the price may go against the order before its limit stops it.
        event_day: the session, 2 or later, that is the first to trade on scheduled news.
        completion_min: a way less likely to finish is chosen only where none is likelier.
        paths: of price and volume, an even number.
        seed: of the paths.
        plot: also draw it, as .svg, .png or .html.
        as_json: one JSON object on standard output.

    Example:
        sottovoce frontier --quantity 500000 --price 159.54 --adv 42e6 --sigma-daily 0.0131 --spread-bps 1.2
        --shares-outstanding 5.2e9
    """
    from sottovoce.apps.frontier_output import show
    from sottovoce.core.choices import Benchmark
    from sottovoce.core.enums import Urgency

    show({
        "quantity": quantity, "price": price, "adv": adv, "sigma_daily": sigma_daily, "spread_bps": spread_bps,
        "days": days, "shares_outstanding": shares_outstanding, "urgency": _word(Urgency, urgency, "urgency"),
        "risk_price": risk_price, "max_participation": max_participation, "room_bps": limit_bps, "paths": paths,
        "benchmark": _word(Benchmark, benchmark, "benchmark"), "event_day": event_day, "seed": seed,
        "completion_min": completion_min, "forecast_volume": forecast_volume_shares,
    }, plot, as_json)  # fmt: skip


def _word(kind: type[Named], text: str, name: str) -> Named:
    """A word out of a list. Raises ConfigError, code bad_choice, naming the flag and the words there are."""
    from sottovoce.core.errors import ConfigError

    try:
        return kind(text)
    except ValueError:
        words = ", ".join(each.value for each in kind)
        raise ConfigError(f"--{name} {text!r:.40}: choose one of {words}.", code="bad_choice") from None
