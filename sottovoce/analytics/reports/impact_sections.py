"""The sections of the market-impact document, as values: every figure with its unit, or why there is none."""

from __future__ import annotations

import msgspec


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """One factor: its figure with unit, what it means here, or why it is not estimated (value None)."""

    name: str
    value: float | None
    unit: str
    meaning: str = ""
    not_estimated: str = ""


class Coefficient(msgspec.Struct, frozen=True, kw_only=True):
    """A model's figure with its standard error; None where none is published."""

    name: str
    value: float
    standard_error: float | None


class ImpactPart(msgspec.Struct, frozen=True, kw_only=True):
    """The temporary or the permanent part. bps: the model's part; paid_bps: what of it the average fill
    pays.
    """

    bps: float | None
    paid_bps: float | None
    formula: str
    coefficients: tuple[Coefficient, ...]
    not_estimated: str = ""


class TotalImpact(msgspec.Struct, frozen=True, kw_only=True):
    """Expected impact of the average fill against arrival; plus_minus_bps is half the interval's width."""

    bps: float | None
    plus_minus_bps: float | None
    low_bps: float | None
    high_bps: float | None
    confidence: float
    not_estimated: str = ""


class ModelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one model says of the same order."""

    model: str
    cost_bps: float | None
    note: str


class BestStrategy(msgspec.Struct, frozen=True, kw_only=True):
    strategy: str
    name: str
    reason: str


class ImpactDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document. quantity in shares; adv in shares a day, dated and sourced; percentages as
    percent.
    """

    title: str
    symbol: str
    horizon_days: float | None
    model_version: str
    adv: float | None
    adv_as_of: str
    adv_source: str
    quantity: int
    pct_of_adv: float | None
    pct_of_market_cap: float | None
    temporary: ImpactPart
    permanent: ImpactPart
    volatility_adjustment: Factor
    momentum: Factor
    volatility_regime: Factor
    time_of_day: Factor
    sector_concentration: Factor
    total: TotalImpact
    models: tuple[ModelAnswer, ...]
    best_strategy: BestStrategy
    flags: tuple[str, ...]
