"""From finished parents to a calibrated model: choose, fit, guard, test out of sample, shrink, write it all down."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from math import isnan

import msgspec
import numpy as np

from sottovoce.analytics.calibration.factors import factor_estimates
from sottovoce.analytics.calibration.measured import Measured, measured
from sottovoce.analytics.calibration.parents import FinishedParent
from sottovoce.analytics.calibration.scales import bucket_scales, symbol_scales
from sottovoce.analytics.calibration.selection import Chosen, choose
from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.clustered_bootstrap import DRAWS, LEVEL
from sottovoce.models.impact_fit_bins import BINS, IN_A_BIN, SizeBin, bin_figures, quantile_places
from sottovoce.models.impact_record import CalibratedImpact, Form, OutOfSample

FOLDS = 5
ADV_BUCKETS = ("thin", "middle", "liquid")
"""Thirds of the symbols by dollar volume, where no bucket came with the orders."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How to calibrate. free: exponents as fitted, not the published ones; such a model often fails the guard."""

    form: Form = "square_root"
    draws: int = DRAWS
    seed: int = 0
    free: bool = False
    keep_events: bool = False


def calibrate(
    parents: Iterable[FinishedParent], settings: Settings, *, notes: tuple[str, ...] = (), created_ns: int = 0
) -> CalibratedImpact:
    """Fit a form of impact to finished parents.

    Raises: ModelError `too_few_orders`, `too_few_clusters`, `bad_orders`, `no_fit`, `no_interval`; `price_manipulation`
        naming the round trip, and `bad_fit`, for a model that must not plan.
    """
    chosen = choose(parents, settings.form, keep_events=settings.keep_events)
    if not chosen.parents:
        why = "; ".join(f"{count} {reason}" for reason, count in chosen.dropped.items()) or "there were none"
        raise ModelError(f"No order is left to fit: {why}.", code="too_few_orders")
    found = measured(chosen.parents, settings.form, draws=settings.draws, seed=settings.seed, free=settings.free)
    return _record(chosen, found, settings, notes, created_ns)


def _record(
    chosen: Chosen, found: Measured, settings: Settings, notes: tuple[str, ...], created_ns: int
) -> CalibratedImpact:
    parents = chosen.parents
    symbols, buckets = [each.symbol for each in parents], buckets_of(parents)
    about = (found.cost, found.fitted, found.weight, found.cluster)
    return CalibratedImpact(
        form=found.form,
        parameters=found.parameters,
        level=LEVEL,
        window=(parents[0].date, parents[-1].date),
        n=len(parents),
        clusters=int(found.cluster.max()) + 1,
        size_range=(float(found.size.min()), float(found.size.max())),
        duration_max=found.duration_max,
        r_squared=None if isnan(found.r_squared) else found.r_squared,
        out_of_sample=out_of_sample(found),
        bins=size_bins(found),
        buckets=bucket_scales(buckets, *about),
        symbols=symbol_scales(symbols, buckets, *about),
        factors=factor_estimates(
            parents, found.cost - found.fitted, found.weight, found.cluster, settings.draws, settings.seed
        ),
        dropped=chosen.dropped,
        notes=notes,
        guard=found.trip.sentence(),
        data_digest=sha256(msgspec.json.encode(parents)).hexdigest(),
        draws=settings.draws,
        seed=settings.seed,
        created_ns=created_ns,
        covariance=found.covariance,
    )


def buckets_of(parents: tuple[FinishedParent, ...]) -> list[str]:
    """Each parent's bucket: as it came, else its symbol's third by median dollar volume."""
    worth: dict[str, list[float]] = {}
    for each in parents:
        worth.setdefault(each.symbol, []).append(each.arrival_px * (each.adv or 0.0))
    ranked = sorted(worth, key=lambda symbol: (float(np.median(worth[symbol])), symbol))
    third = {symbol: ADV_BUCKETS[len(ADV_BUCKETS) * place // len(ranked)] for place, symbol in enumerate(ranked)}
    return [each.bucket or third[each.symbol] for each in parents]


def size_bins(found: Measured) -> tuple[SizeBin, ...]:
    """Mean cost and mean fitted cost of the orders by size."""
    place = quantile_places(found.size, found.cost)
    number, mean, error, centre = bin_figures(found.size, found.cost, place)
    law = np.bincount(place, found.fitted) / number
    rows = zip(centre.tolist(), mean.tolist(), error.tolist(), number.tolist(), law.tolist(), strict=True)
    return tuple(SizeBin(size=q, mean=m, error=e, n=int(k), fitted=f) for q, m, e, k, f in rows)


def out_of_sample(found: Measured, folds: int = FOLDS) -> OutOfSample | None:
    """Fit to all symbol-days but a fifth, compare with that fifth's bins, and so for each fifth.

    Days are dealt to fifths in turn. None where a fold has too few orders to be fitted or binned.
    """
    fold, rows = found.cluster % folds, []
    for each in range(folds):
        aside = fold == each
        try:
            rows.append(_bin_misses(found, found.trained(~aside), np.flatnonzero(aside).astype(np.int64)))
        except ModelError:
            return None
    miss, noise, nothing, published = np.sqrt(np.mean(np.concatenate(rows, axis=1) ** 2, axis=1)).tolist()
    return OutOfSample(miss=miss, noise=noise, nothing=nothing, published=published, folds=folds)


def _bin_misses(found: Measured, forecast: FloatArray, aside: IntArray) -> FloatArray:
    """Of each bin of the orders set aside: the model's miss, the bin's own error, what no model, and the published one
    would miss; shape (4, bins).
    """
    size, cost = found.size[aside], found.cost[aside]
    place = quantile_places(size, cost, max(2, min(BINS // 2, size.size // (2 * IN_A_BIN))))
    number, mean, error, _ = bin_figures(size, cost, place)
    said, published = (np.bincount(place, each[aside]) / number for each in (forecast, found.published))
    return np.stack([mean - said, error, mean, mean - published])
