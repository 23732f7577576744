"""`sottovoce impact …`: the impact models, each on its own inputs."""

from __future__ import annotations

from typing import Annotated

import cyclopts
import msgspec

from sottovoce.apps.numbers_in import computed
from sottovoce.apps.output import emit

app = cyclopts.App(name="impact", help="Expected market impact by a published model, in basis points.")

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


@app.command
def almgren2005(
    *,
    adv: float,
    shares_outstanding: float,
    sigma_daily: float,
    quantity: float,
    duration: Annotated[float, cyclopts.Parameter(name=("--duration-volume-days", "--duration"))],
    as_json: Json = False,
) -> None:
    """Almgren, Thum, Hauptmann and Li (2005): permanent and temporary impact of one order.

    Args:
        adv: average daily volume, shares.
        shares_outstanding: shares.
        sigma_daily: daily volatility, a fraction (0.0157 is 1.57 %).
        quantity: shares; negative to sell, the cost is the same.
        duration: part of an average day's volume over which the order trades (volume time, days).
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact almgren2005 --adv 6.561e6 --shares-outstanding 1.728e9 --sigma-daily 0.0157
        --quantity 656100 --duration-volume-days 0.1
    """
    from sottovoce.models.impact_almgren import almgren2005 as model

    cost = computed(lambda: model(quantity, adv, shares_outstanding, sigma_daily, duration))
    _show(f"Almgren et al. 2005, {quantity:,.0f} shares over {duration:g} volume days", cost, as_json)


@app.command
def istar(*, size: float, sigma_annual: float, pov: float, as_json: Json = False) -> None:
    """Kissell's I-Star with the all-stock parameters.

    Args:
        size: order size as a fraction of average daily volume.
        sigma_annual: annualised volatility, a fraction.
        pov: our share of total volume while trading, above 0 and at most 1.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact istar --size 0.1 --sigma-annual 0.25 --pov 0.1
    """
    from sottovoce.models.impact_istar import istar as model

    cost = computed(lambda: model(size, sigma_annual, pov))
    _show(f"I-Star, {size:.2%} of ADV at {pov:.0%} of volume", cost, as_json)


@app.command
def sqrt(
    *, size: float, sigma_daily: float, prefactor: float = 1.0, exponent: float = 0.5, as_json: Json = False
) -> None:
    """The square-root law: peak impact at completion and average cost.

    Args:
        size: order size as a fraction of daily volume.
        sigma_daily: daily volatility, a fraction.
        prefactor: Y, of order one.
        exponent: delta, about one half.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact sqrt --size 0.01 --sigma-daily 0.02
    """
    from sottovoce.models.impact_sqrt import sqrt_law

    cost = computed(lambda: sqrt_law(size, sigma_daily, prefactor, exponent))
    _show(f"Square-root law, {size:.2%} of ADV", cost, as_json)


def _show(title: str, result: msgspec.Struct, as_json: bool) -> None:
    document = msgspec.to_builtins(result)

    def text() -> str:
        rows = [f"  {name:<24} {_figure(value)}" for name, value in document.items()]
        return "\n".join([title, *rows])

    emit(document, as_json, text)


def _figure(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
