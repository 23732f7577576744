"""A calibrated model for a person: figures with intervals, bins, buckets, factors, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.models.impact_record import CalibratedImpact, FactorEstimate, Parameter, Scale
from sottovoce.models.impact_sqrt import CALIBRATED_SIZE

LAWS = {
    "square_root": "average cost / daily volatility = prefactor (Q/V)^exponent",
    "almgren": "J = I/2 + eta sigma (X/(V T))^beta, I = gamma sigma T (X/(V T))^alpha (shares outstanding/V)^delta",
}
SYMBOLS_SHOWN = 12


def model_text(record: CalibratedImpact) -> str:
    """Everything a record says."""
    low, high = record.size_range
    lines = [
        record.version,
        f"  {LAWS[record.form]}",
        f"  {record.n:,} orders on {record.clusters:,} symbol-days, {record.window[0]} to {record.window[1]}; "
        f"Q/V {low:.4%} to {high:.2%}; {record.draws:,} draws of symbol-days",
        *(_parameter(each, record.level) for each in record.parameters),
        *_fit(record),
        f"  cheapest round trip: {record.guard}",
        *_bins(record),
        *_scales("buckets, times the model's cost", record.buckets),
        *_scales("symbols, times the model's cost", record.symbols[:SYMBOLS_SHOWN]),
        *([f"  … {len(record.symbols) - SYMBOLS_SHOWN} symbols more with --json"] if _more(record) else []),
        "factors, daily volatilities for one more of the unit",
        *(_factor(each) for each in record.factors),
        *([f"left out: {_dropped(record)}"] if record.dropped else []),
        *(f"note: {note}" for note in record.notes),
    ]
    return "\n".join(lines)


def _parameter(each: Parameter, level: float) -> str:
    outside = "" if each.low <= each.value <= each.high else ", which does not contain it"
    note = f"  held; interval of the free fit{outside}" if each.held else ""
    ends = f"{level:.0%} [{each.low:.4f}, {each.high:.4f}]"
    return f"  {each.name:<10}{each.value:>10.4f}  ± {each.error:.4f}  {ends}{note}"


def _fit(record: CalibratedImpact) -> list[str]:
    explained = "not defined" if record.r_squared is None else f"{record.r_squared:.4f}"
    over = "of the bins" if record.form == "square_root" else "of single orders"
    found = [f"  R² {over}: {explained}"]
    out = record.out_of_sample
    if out is None:
        return [*found, "  out of sample: too few orders to set some aside"]
    return [
        *found,
        f"  out of sample ({out.folds} folds), root mean square miss of a bin, daily volatilities: {out.miss:.4f}; "
        f"its own error {out.noise:.4f}; published parameters {out.published:.4f}; no model {out.nothing:.4f}",
    ]


def _bins(record: CalibratedImpact) -> list[str]:
    head = f"{'Q/V':>10}{'n':>7}{'mean cost':>12}{'error':>9}{'model':>9}"
    low, high = CALIBRATED_SIZE
    rows = [
        f"{each.size:>10.4%}{each.n:>7,}{each.mean:>12.4f}{each.error:>9.4f}{each.fitted:>9.4f}"
        + ("" if low <= each.size <= high else "  beyond the sizes the law is published for")
        for each in record.bins
    ]
    return ["bins by size, daily volatilities", head, *rows]


def _scales(title: str, scales: Sequence[Scale]) -> list[str]:
    if not scales:
        return [f"{title}: none has enough days"]
    rows = [
        f"  {each.name:<14}{each.n:>7,}{each.value:>9.3f} ± {each.error:.3f}   drawn to {each.shrunk:.3f} ±"
        f" {each.shrunk_error:.3f} ({each.towards})"
        for each in scales
    ]
    return [title, *rows]


def _factor(each: FactorEstimate) -> str:
    if each.effect is None:
        return f"  {each.name}: {each.why}"
    found = each.effect
    figures = f"{found.value:+.4f} ± {found.error:.4f} [{found.low:+.4f}, {found.high:+.4f}]"
    return f"  {each.name} ({each.unit}), {each.n:,} orders: {figures}" + (f"; {each.why}" if each.why else "")


def _dropped(record: CalibratedImpact) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in record.dropped.items())


def _more(record: CalibratedImpact) -> bool:
    return len(record.symbols) > SYMBOLS_SHOWN
