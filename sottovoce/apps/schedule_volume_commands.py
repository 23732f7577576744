"""`sottovoce schedule …` where the market's volume leads: VWAP, participation, target close, whole lots."""

from __future__ import annotations

from typing import Annotated

import cyclopts

from sottovoce.apps.model_output import show
from sottovoce.apps.numbers_in import Whole, attempted, numbers
from sottovoce.apps.schedule_commands import Json, check_periods
from sottovoce.core.errors import ModelError

app = cyclopts.App()
"""Joined to `sottovoce schedule` by the command line."""

Given = Annotated[str, cyclopts.Parameter(allow_leading_hyphen=True)]


@app.command
def vwap_static(*, day: list[str], as_json: Json = False) -> None:
    """Konishi (2002): the curve that tracks VWAP best when days differ in volume and volatility.

    Args:
        day: a day as CUMULATIVE:VARIANCE, figures by commas: part of the volume done at each time, and the variance
            of the price there, as 0.2,0.6:4,4; give one for each day.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule vwap-static --day 0.60:4 --day 0.45:1
    """
    import numpy as np

    from sottovoce.models.schedule_vwap import static_vwap

    pairs = [_day(text) for text in day]
    if len({len(figures) for pair in pairs for figures in pair}) != 1:
        raise ModelError("Every day needs the same number of times in both lists.", code="shapes_differ")
    curves, variances = (np.array([pair[place] for pair in pairs]) for place in (0, 1))
    best = [float(each) for each in attempted(lambda: static_vwap(curves, variances))]
    plain = [float(each) for each in curves.mean(axis=0)]
    title = f"Part of the order done by each time, from {len(pairs)} days"
    show(title, {}, as_json, {"time": list(range(1, len(best) + 1)), "part": best, "plain_mean": plain})


@app.command
def vwap_weights(*, forecast: list[str], as_json: Json = False) -> None:
    """Dynamic VWAP (Białkowski et al. 2008): what part of the order each bin gets as the forecast changes.

    Args:
        forecast: volume of a bin and all after it as forecast at its start, shares, as 30,20,20,30; give one for each
            bin in turn. After the last given forecast the rest follows it.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule vwap-weights --forecast 30,20,20,30 --forecast 24,24,36 --forecast 25,35
    """
    import numpy as np

    from sottovoce.models.schedule_vwap import next_weight

    forecasts = [np.array(numbers(text, "--forecast")) for text in forecast]
    bins = len(forecasts[0])
    if [len(each) for each in forecasts] != list(range(bins, bins - len(forecasts), -1)):
        raise ModelError("Each forecast has one bin less than the one before.", code="bad_forecast")
    last = len(forecasts) - 1
    weights: list[float] = []
    for bin_at in range(bins):
        seen = forecasts[min(bin_at, last)][max(bin_at - last, 0) :]
        done = sum(weights)
        weights.append(attempted(lambda done=done, seen=seen: next_weight(done, seen)))  # type: ignore[misc]
    show("Part of the order for each bin", {}, as_json, {"bin": list(range(1, bins + 1)), "weight": weights})


@app.command
def volume_update(
    *,
    prior_shares: float,
    implied_shares: float,
    bins: Whole,
    prior_bins: float | None = None,
    bin_variance: float | None = None,
    prior_variance: float | None = None,
    as_json: Json = False,
) -> None:
    """The day's volume, as the bins printed so far correct the prior (Markov et al.).

    Args:
        prior_shares: volume expected before the open, shares.
        implied_shares: daily volume the printed bins imply together, shares.
        bins: how many have printed.
        prior_bins: early in the day, what the prior is worth in bins.
        bin_variance: later, variance of the log of one bin about the day's; with --prior-variance.
        prior_variance: variance of the prior's log error.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule volume-update --prior-shares 1e6 --implied-shares 1.5e6 --bins 5 --prior-bins 10
    """
    from math import log

    from sottovoce.models.guards import positive
    from sottovoce.models.volume_update import early_update, precise_update

    told = log(positive("Implied volume", implied_shares))
    if prior_bins is not None and bin_variance is None and prior_variance is None:
        worth = prior_bins
        volume = attempted(lambda: early_update(prior_shares, told, bins, worth))
    elif prior_bins is None and bin_variance is not None and prior_variance is not None:
        noise, doubt = bin_variance, prior_variance
        volume = attempted(lambda: precise_update(prior_shares, told, bins, noise, doubt))
    else:
        sentence = "Give --prior-bins, or --bin-variance and --prior-variance, not both."
        raise ModelError(sentence, code="conflicting_flags")
    show(f"Volume of the day after {bins} bins", {"volume_shares": volume}, as_json)


@app.command
def pov(*, others_volume: Given, rate: float, quantity: Whole, as_json: Json = False) -> None:
    """Participation: rate/(1 - rate) of what others trade, until the order is done.

    Args:
        others_volume: volume of others in each bin, shares, as 1000,1200.
        rate: our part of the total including ours, above 0 and below 1.
        quantity: shares.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule pov --others-volume 1000,1000,1000 --rate 0.2 --quantity 600
    """
    import numpy as np

    from sottovoce.models.schedule_curves import pov as model

    volume = np.array(numbers(others_volume, "--others-volume"))
    done = attempted(lambda: model(volume, rate, quantity)) * quantity
    children = [float(each) for each in np.diff(done)]
    title = f"{rate:.4g} of volume, {quantity:,} shares"
    figures = {"done_shares": float(done[-1]), "undone_shares": float(quantity - done[-1])}
    show(title, figures, as_json, {"bin": list(range(1, len(children) + 1)), "child_shares": children})


@app.command
def target_close(
    *, quantity: float, horizon_days: float, periods: Whole, kappa_per_day: float, as_json: Json = False
) -> None:
    """The mirror of arrival price: least risk against the price at the end.

    Args:
        quantity: shares.
        horizon_days: days of volume time.
        periods: number of equal periods.
        kappa_per_day: urgency, per day; 0 is even.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule target-close --quantity 1e6 --horizon-days 5 --periods 5 --kappa-per-day 0.60707616
    """
    import numpy as np

    from sottovoce.models.guards import positive
    from sottovoce.models.schedule_curves import target_close as model

    check_periods(periods)
    times = np.linspace(0.0, positive("Horizon", horizon_days), periods + 1)
    done = attempted(lambda: model(times, kappa_per_day)) * positive("Quantity", quantity)
    columns = {"days": [float(each) for each in times], "executed": [float(each) for each in done]}
    show(f"Target close, {quantity:,.0f} shares in {horizon_days:g} days", {}, as_json, columns)


@app.command(name="round")
def whole_lots(*, curve: Given, quantity: Whole, lot: Whole = 1, as_json: Json = False) -> None:
    """Whole lots of a cumulative curve: no bin end off by more than half a lot, the sum exact.

    Args:
        curve: part of the order done by each bin end, never falling, as 0.31,0.64,1.
        quantity: shares.
        lot: shares per lot.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule round --curve 0.31,0.64,1 --quantity 1050 --lot 100
    """
    import numpy as np

    from sottovoce.models.rounding import round_cumulative, slice_sizes

    parts = np.array(numbers(curve, "--curve"))
    done = attempted(lambda: round_cumulative(parts, quantity, lot))
    columns = {"part": parts.tolist(), "done_shares": done.tolist(), "slice_shares": slice_sizes(done).tolist()}
    show(f"{quantity:,} shares in lots of {lot:,}", {}, as_json, columns)


def _day(text: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """CUMULATIVE:VARIANCE. Raises ModelError, code bad_day."""
    done, colon, variance = text.partition(":")
    if not colon:
        raise ModelError(f"{text!r} is not a day; write it as 0.2,0.6:4,4.", code="bad_day")
    return numbers(done, "--day"), numbers(variance, "--day")
