"""`sottovoce impact …` for impact that fades: resilient books, propagators, and the guard against free round trips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import cyclopts

from sottovoce.apps.impact_commands import Json
from sottovoce.apps.model_output import show
from sottovoce.apps.numbers_in import Whole, attempted, numbers
from sottovoce.core.errors import ModelError

if TYPE_CHECKING:
    from sottovoce.models.arrays import FloatArray
    from sottovoce.models.impact_transient import Kernel

app = cyclopts.App()
"""Joined to `sottovoce impact` by the command line."""

INTERVALS_MAX = 10_000
ROUNDING = 1e-12
"""Of the shares traded: below it a net quantity is what floating point left, which differs from machine to machine."""

KernelName = Literal["exponential", "power", "bounded-power"]
Given = Annotated[str, cyclopts.Parameter(allow_leading_hyphen=True)]


@app.command
def obizhaeva_wang(
    *,
    quantity: float,
    density_shares_per_price: float,
    permanent_price_per_share: float,
    resilience_per_day: float,
    horizon_days: float,
    intervals: Whole = 10,
    price: float | None = None,
    as_json: Json = False,
) -> None:
    """Obizhaeva and Wang (2013): what is cheapest in a book that refills, and what equal slices would cost.

    Args:
        quantity: shares to buy.
        density_shares_per_price: depth q of the book, shares per unit of price.
        permanent_price_per_share: lasting impact, price per share; below 1/q.
        resilience_per_day: how fast the book refills, per day.
        horizon_days: days.
        intervals: between the equal dates of the discrete plan.
        price: currency a share, to say the cost of the cheapest plan in bps too.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact obizhaeva-wang --quantity 100000 --density-shares-per-price 5000
        --permanent-price-per-share 1e-4 --resilience-per-day 2.231 --horizon-days 1 --intervals 10 --price 100
    """
    from sottovoce.apps.impact_output import given
    from sottovoce.models import impact_obizhaeva_wang as model

    if intervals > INTERVALS_MAX:
        sentence = f"{intervals:,} intervals are too many; take at most {INTERVALS_MAX:,}."
        raise ModelError(sentence, code="too_many_periods")
    book = model.ResilientBook(
        density=density_shares_per_price, permanent=permanent_price_per_share, resilience=resilience_per_day
    )
    best = attempted(lambda: model.continuous_plan(book, quantity, horizon_days))
    dates = attempted(lambda: model.discrete_plan(book, quantity, horizon_days, intervals))
    slices = attempted(lambda: model.cost_of(book, model.equal_slices(quantity, intervals), horizon_days))
    figures = {
        "block_at_each_end": best.block,
        "rate_per_day": best.rate,
        "cost": best.cost,
        "discrete_cost": dates.cost,
        "equal_slices_cost": slices,
    }
    days = [horizon_days * number / intervals for number in range(intervals + 1)]
    title = f"Resilient book, {quantity:,.0f} shares in {horizon_days:g} days; costs in currency above the first price"
    said = given("obizhaeva_wang", best.cost, quantity, price)
    show(title, figures, as_json, {"days": days, "trades": list(dates.trades)}, said=said)


@app.command
def propagator(
    *,
    kernel: KernelName,
    decay: float,
    edges_days: Given,
    rates: Given,
    exponent: float = 1.0,
    prefactor: float = 1.0,
    t0_days: float = 1.0,
    price: float | None = None,
    as_json: Json = False,
) -> None:
    """Cost of trading at given rates when impact fades by a kernel, integrated exactly (Gatheral 2010).

    Args:
        kernel: exponential e^(-decay t), power t^(-decay), or bounded-power (1 + t/t0)^(-decay).
        decay: per day for the exponential kernel, without unit for the others.
        edges_days: times where the rate changes, days, as 0,0.5,1.
        rates: shares a day between them, as 1000,2000; negative sells.
        exponent: of the instant impact f(v) = |v|^exponent.
        prefactor: price for one unit of f.
        t0_days: time scale of the bounded power kernel, days.
        price: currency a share, to say the cost in bps too.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact propagator --kernel power --decay 0.5 --exponent 0.5 --edges-days 0,0.1 --rates 10 --price 100
    """
    import numpy as np

    from sottovoce.apps.impact_output import given
    from sottovoce.models.impact_transient import power_impact, transient_cost

    fading = kernel_of(kernel, decay, t0_days)
    edges, speeds = np.array(numbers(edges_days, "--edges-days")), np.array(numbers(rates, "--rates"))
    cost = attempted(lambda: transient_cost(fading, edges, speeds, power_impact(exponent), prefactor))
    traded = net_shares(np.diff(edges), speeds)
    figures = {"quantity": traded, "cost": cost, "cost_per_share": cost / abs(traded) if traded else 0.0}
    title = f"Propagator, {kernel} kernel, decay {decay:g}, impact exponent {exponent:g}"
    show(title, figures, as_json, said=given("propagator", cost, traded, price))


@app.command
def diffusive_decay(*, sign_exponent: float, as_json: Json = False) -> None:
    """How fast impact must fade for prices to diffuse when the signs of trades remember (Bouchaud et al. 2004).

    Args:
        sign_exponent: gamma, the autocorrelation of signs falling as lag^(-gamma), 0 to 1.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact diffusive-decay --sign-exponent 0.5
    """
    from sottovoce.models.impact_transient import diffusive_decay as model

    show(f"Signs that fade as lag^-{sign_exponent:g}", {"decay_exponent": model(sign_exponent)}, as_json)


@app.command
def round_trip(
    *,
    kernel: KernelName,
    decay: float,
    exponent: float = 1.0,
    scale_shares_per_day: float = 1.0,
    half_spread: float = 0.0,
    t0_days: float = 1.0,
    as_json: Json = False,
) -> None:
    """The guard against price manipulation: the cheapest round trip of a model; refused where it earns (Gatheral 2010).

    Args:
        kernel: exponential e^(-decay t), power t^(-decay), or bounded-power (1 + t/t0)^(-decay).
        decay: per day for the exponential kernel, without unit for the others.
        exponent: of the instant impact f(v) = |v|^exponent.
        scale_shares_per_day: rates around which the search looks, shares a day.
        half_spread: price paid on every share on top.
        t0_days: time scale of the bounded power kernel, days.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact round-trip --kernel power --decay 0.5 --exponent 0.6
    """
    import numpy as np

    from sottovoce.models.impact_transient import power_impact
    from sottovoce.models.no_manipulation import refuse_manipulation, smallest_eigenvalue

    fading = kernel_of(kernel, decay, t0_days)
    trip = attempted(
        lambda: refuse_manipulation(
            fading, power_impact(exponent), scale_rate=scale_shares_per_day, half_spread=half_spread
        )
    )
    figures: dict[str, object] = {"cheapest_cost": trip.cost}
    if exponent == 1.0:
        figures["smallest_eigenvalue"] = attempted(lambda: smallest_eigenvalue(fading, np.linspace(0.0, 1.0, 41)))
    legs = {"days": list(trip.durations), "shares_per_day": list(trip.rates)}
    show("No round trip earns; the cheapest one tried:", figures, as_json, legs)


@app.command
def order_flow_imbalance(quotes: list[str], *, as_json: Json = False) -> None:
    """Order-flow imbalance of a series of best quotes (Cont, Kukanov and Stoikov 2014).

    Args:
        quotes: two or more quotes as BIDxSIZE/ASKxSIZE, such as 100x10/101x10.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact order-flow-imbalance 100x10/101x10 101x5/102x8
    """
    import numpy as np

    from sottovoce.analytics.market_facts.order_flow import contributions

    if len(quotes) < 2:
        raise ModelError("One quote has no change; give two or more.", code="too_few_quotes")
    columns = np.array([_quote(text) for text in quotes]).T
    events = [float(each) for each in contributions(*columns)]
    figures = {"imbalance": sum(events)}
    show(f"Order-flow imbalance of {len(quotes)} quotes", figures, as_json, {"quote": quotes[1:], "event": events})


def kernel_of(name: KernelName, decay: float, t0_days: float) -> Kernel:
    """The kernel by its name. Raises ModelError where a figure does not fit it."""
    from sottovoce.models.impact_transient import BoundedPowerKernel, ExponentialKernel, PowerKernel

    if name == "exponential":
        return ExponentialKernel(rho=decay)
    return PowerKernel(gamma=decay) if name == "power" else BoundedPowerKernel(gamma=decay, t0=t0_days)


def net_shares(days: FloatArray, rates: FloatArray) -> float:
    """Bought less sold, shares; 0 where what remains is the rounding of a trip there and back.

    Args:
        days: how long each rate lasts, shape (n,). rates: shares a day, shape (n,); negative sells.
    """
    traded = days * rates
    net = float(traded.sum())
    return net if abs(net) > ROUNDING * float(abs(traded).sum()) else 0.0


def _quote(text: str) -> tuple[float, ...]:
    """Bid, its size, ask, its size. Raises ModelError, code bad_quote."""
    figures = text.replace("/", ",").replace("x", ",").split(",")
    try:
        found = tuple(float(each) for each in figures)
    except ValueError:
        found = ()
    written_so = (text.count("x"), text.count("/")) == (2, 1)
    if not written_so or len(found) != 4 or not all(0.0 <= each < float("inf") for each in found):
        raise ModelError(f"{text!r} is not a quote; write it as 100x10/101x10.", code="bad_quote")
    return found
