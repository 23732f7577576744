"""`sottovoce impact …`: the impact models, each on its own inputs.

Every answer says its interval, model, version and sample, and whether the order lies outside it (impact_output.py).
With --version the coefficients are those of a calibrated version, and the registry keeps that it was asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
import msgspec

from sottovoce.apps.calibrate_command import REGISTRY
from sottovoce.apps.model_output import show
from sottovoce.apps.numbers_in import computed
from sottovoce.core.errors import ConfigError

if TYPE_CHECKING:
    from sottovoce.apps.impact_output import Stated
    from sottovoce.models.impact_sqrt import SqrtCost

app = cyclopts.App(name="impact", help="Expected market impact by a published or a calibrated model.")

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


@app.command
def almgren2005(
    *,
    adv: float,
    shares_outstanding: float,
    sigma_daily: float,
    quantity: float,
    duration: Annotated[float, cyclopts.Parameter(name=("--duration-volume-days", "--duration"))],
    version: str | None = None,
    registry: Path = REGISTRY,
    as_json: Json = False,
) -> None:
    """Almgren, Thum, Hauptmann and Li (2005): permanent and temporary impact of one order.

    Args:
        adv: average daily volume, shares.
        shares_outstanding: shares.
        sigma_daily: daily volatility, a fraction (0.0157 is 1.57 %).
        quantity: shares; negative to sell, the cost is the same.
        duration: part of an average day's volume over which the order trades (volume time, days).
        version: of our own calibration instead of the published coefficients: its name, or a beginning or an end of it.
        registry: the file of models the version is in; the use is recorded there.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact almgren2005 --adv 6.561e6 --shares-outstanding 1.728e9 --sigma-daily 0.0157
        --quantity 656100 --duration-volume-days 0.1
    """
    from sottovoce.apps.impact_output import stated
    from sottovoce.apps.impact_versions import Asked
    from sottovoce.models.impact_almgren import ALMGREN_2005
    from sottovoce.models.impact_almgren import almgren2005 as model
    from sottovoce.models.impact_answer import almgren_answer, outside_words
    from sottovoce.models.impact_record import almgren_of

    asked = None if version is None else Asked.of(version, registry)
    p = ALMGREN_2005 if asked is None else almgren_of(asked.record)
    cost = computed(lambda: model(quantity, adv, shares_outstanding, sigma_daily, duration, p))
    if asked is not None:
        said = asked.says(cost.size, sigma_daily, duration, cost.turnover_inverse)
    else:
        words = outside_words(cost.outside, cost.size, (p.size_min, p.size_max), duration)
        said = stated(computed(lambda: almgren_answer(cost)), cost.outside, words)
    title = f"Almgren et al. 2005, {quantity:,.0f} shares over {duration:g} volume days"
    show(title, msgspec.to_builtins(cost), as_json, said=said)


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
    from sottovoce.apps.impact_output import NO_SAMPLE, SAMPLES, Stated
    from sottovoce.models.impact_istar import istar as model

    cost = computed(lambda: model(size, sigma_annual, pov))
    version = cost.parameters.version
    said = Stated(
        value_bps=cost.cost_bps, model="istar", version=version, sample=SAMPLES[version], extrapolation=NO_SAMPLE
    )
    show(f"I-Star, {size:.2%} of ADV at {pov:.0%} of volume", msgspec.to_builtins(cost), as_json, said=said)


@app.command
def sqrt(
    *,
    size: float,
    sigma_daily: float,
    prefactor: float | None = None,
    exponent: float | None = None,
    version: str | None = None,
    registry: Path = REGISTRY,
    as_json: Json = False,
) -> None:
    """The square-root law: peak impact at completion and average cost.

    Args:
        size: order size as a fraction of daily volume.
        sigma_daily: daily volatility, a fraction.
        prefactor: Y, of order one; 1 when not given.
        exponent: delta, about one half; one half when not given.
        version: of our own calibration instead: its name, or a beginning or an end of it.
        registry: the file of models the version is in; the use is recorded there.
        as_json: one JSON object on standard output.

    Example:
        sottovoce impact sqrt --size 0.01 --sigma-daily 0.02
    """
    if version is not None and (prefactor is not None or exponent is not None):
        sentence = "A version has its own prefactor and exponent; give either --version or those."
        raise ConfigError(sentence, code="figures_twice")
    cost, said = (
        _law(size, sigma_daily, prefactor, exponent)
        if version is None
        else _calibrated_law(size, sigma_daily, version, registry)
    )
    show(f"Square-root law, {size:.2%} of ADV", msgspec.to_builtins(cost), as_json, said=said)


def _law(size: float, sigma_daily: float, prefactor: float | None, exponent: float | None) -> tuple[SqrtCost, Stated]:
    """The law as published where nothing is given; it has no sample, and is told from sizes it was never tested at."""
    from sottovoce.apps.impact_output import GIVEN, stated
    from sottovoce.core.impact_estimate import ImpactEstimate
    from sottovoce.models.impact_answer import outside_words, size_outside
    from sottovoce.models.impact_sqrt import CALIBRATED_SIZE, UNIT_LAW, sqrt_law

    published = prefactor is None and exponent is None
    factor = UNIT_LAW.prefactor if prefactor is None else prefactor
    power = UNIT_LAW.exponent if exponent is None else exponent
    cost = computed(lambda: sqrt_law(size, sigma_daily, factor, power))
    version = UNIT_LAW.version if published else GIVEN
    estimate = ImpactEstimate(value_bps=cost.average_bps, model="square_root", version=version)
    outside = size_outside(size, CALIBRATED_SIZE)
    low, high = CALIBRATED_SIZE
    within = f"no: within the {low:.2%} to {high:.0%} of ADV the law was tested at"
    words = outside_words(outside, size, CALIBRATED_SIZE, how="tested")
    return cost, stated(estimate, outside, words, within=within)


def _calibrated_law(size: float, sigma_daily: float, version: str, registry: Path) -> tuple[SqrtCost, Stated]:
    """The law of a calibrated version, with its interval."""
    from sottovoce.apps.impact_versions import Asked
    from sottovoce.models.impact_record import square_root_of
    from sottovoce.models.impact_sqrt import sqrt_law

    asked = Asked.of(version, registry)
    law, ends = square_root_of(asked.record), asked.record.size_range
    cost = computed(lambda: sqrt_law(size, sigma_daily, law.prefactor, law.exponent, ends))
    return cost, asked.says(size, sigma_daily)
