"""What the desk decides about planning, with the unit and the origin of every default.

Nothing here was estimated from orders: figures marked *policy* are choices to be reviewed, and the loop from
TCA replaces the ones marked *assumed* once enough fills have been seen.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Urgency
from sottovoce.core.errors import ModelError
from sottovoce.core.ranges import (
    Bucket,
    Count,
    Draws,
    LogSd,
    Money,
    Nanoseconds,
    NotNegative,
    OverPpm,
    Pace,
    Part,
    PerShare,
    Positive,
    Ppm,
    RatePpm,
    SomePpm,
    TimesPpm,
)
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.cost_interval import NORMAL, CostQuantiles
from sottovoce.models.impact_almgren import ALMGREN_2005, Almgren2005
from sottovoce.models.impact_record import Scale
from sottovoce.models.impact_sqrt import UNIT_LAW, SquareRootLaw
from sottovoce.models.volume import US_EQUITY, VolumeCurve, check_curve
from sottovoce.stages.planning.tolerances import RiskProfile, check_profiles

LOW, MEDIUM = Urgency.LOW, Urgency.MEDIUM
ROUNDING = 1e-9


class UrgencyPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one degree of urgency means.

    risk_price: bps of expected cost the manager would pay to shed one bp of timing risk (policy).
    crossing: part of the lit quantity expected to cross the spread (assumed). dark_ppm: part of each child
    offered at the midpoint in the dark (policy). max_participation_ppm: most of the market's volume (policy).
    """

    risk_price: NotNegative
    crossing: Part
    dark_ppm: Ppm
    max_participation_ppm: SomePpm


class ChoiceConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How candidates are compared (stages/planning/choosing.py).

    seed, paths and steps: of the common prices and volumes; paths in pairs, more steps see finer curves. step_log_sd:
    log error of one step's volume beside the horizon's own (assumed). rates_ppm: rates a POV candidate is costed at.
    margin_bps: gain in utility below which the desk's standard way stands (policy). stretch: how far volatility and
    volume are moved, both ways, in looking for what would change the choice. event_regimes: (probability, multiple of
    volatility) after a scheduled event (assumed).
    """

    seed: Money = 20_250_101
    paths: Draws = 256
    steps: Draws = 24
    step_log_sd: LogSd = 0.4
    rates_ppm: tuple[RatePpm, ...] = (50_000, 100_000, 150_000, 200_000, 250_000)
    margin_bps: NotNegative = 0.25
    stretch: Positive = 4.0
    event_regimes: tuple[tuple[Part, Positive], ...] = ((0.5, 1.0), (0.5, 2.0))

    def __post_init__(self) -> None:
        if self.paths < 2 or self.paths % 2 or self.steps < 2:
            raise ValueError("choice: paths is even and above 0, steps is 2 or more")
        if not self.stretch > 1.0:
            raise ValueError("choice: stretch is above 1")
        if abs(sum(probability for probability, _ in self.event_regimes) - 1.0) > ROUNDING:
            raise ValueError("choice: the probabilities of event_regimes add to 1")


class WatchThresholds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the market departs from a plan (policy). The first four have the rest planned again, the others ask people.

    volume_low_ppm and volume_high_ppm: of the volume the plan expected so far. volatility_high_ppm: of the expected
    volatility. behind_ppm: of the order, below its own curve. replan_move_ppm: of the price, either way, since the plan
    in force. The last three are those of the escalation table (E-PM-2, E-PM-3).
    """

    volume_low_ppm: Ppm = 500_000
    volume_high_ppm: OverPpm = 2_000_000
    volatility_high_ppm: OverPpm = 2_000_000
    behind_ppm: Ppm = 200_000
    replan_move_ppm: Ppm = 20_000
    completion_low_ppm: Ppm = 900_000
    cost_high_ppm: OverPpm = 1_500_000
    move_high_ppm: Ppm = 30_000


class ListPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a released list of orders is worked (stages/planning/lists.py).

    coordinated: as one, under the limits below; else every order by itself. risk_aversion: per unit of currency
    (policy). participation_ppm: most of a name's volume in any bucket. cash_imbalance_max, beta_max, sector_max:
    currency, after every bucket; none where nothing is asked. buckets: of a whole session.
    """

    coordinated: bool = False
    risk_aversion: NotNegative = 1e-6
    participation_ppm: SomePpm = 100_000
    cash_imbalance_max: NotNegative | None = None
    beta_max: NotNegative | None = None
    sector_max: NotNegative | None = None
    buckets: Count = 39

    def __post_init__(self) -> None:
        if not 0 < self.participation_ppm <= 1_000_000:
            raise ValueError("lists.participation_ppm is above 0 and at most 1000000")
        if not 0 < self.buckets <= 390:
            raise ValueError("lists.buckets is between 1 and 390")
        if not 0.0 <= self.risk_aversion < float("inf"):
            raise ValueError("lists.risk_aversion is 0 or more")


class PlanningConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the planning stage.

    bucket_ns: length of a schedule's bucket. wake_ns: longest time between two looks of the algorithm; a
    horizon has at least wakes_min of them, wake_min_ns apart or more. participation_ppm: rate of a POV order
    that names none, and pov_band_ppm how far its part of the volume may leave it over minutes, of the rate (policy).
    close_part_ppm: most of the predicted closing auction, and of its day's part of the order, left for the close
    (12 %: markets reference §3). dark_extra_ppm is added to the dark part above large_order_adv_ppm of ADV (policy).
    child_adv_ppm: most of daily volume in one child, below risk's own limit (policy).
    dark_fill: part of what is offered in the dark that is expected to trade there (assumed).
    take_fee, make_fee, midpoint_fee, auction_fee: 1e-6 currency a share; taking at the access-fee cap of Rule
    610(c), rebates not counted, so that the estimate errs on the dear side; only for fee_currency.
    impact: coefficients of the impact model, and impact_scales what single symbols pay of it; square_root: the law of
    direct orders; a calibration brings a version of its own (Config.model_registry). cost_quantiles: ends of a cost
    interval, learned from finished orders (models/cost_interval.py). follow_ppm: how far a VWAP order may leave its
    curve to follow the volume that prints, parts per million of the order (stages/algos/following.py); 0 stays on it.
    adaptive: whether arrival-price orders look at the price half-way (stages/planning/adaptive.py).
    profiles: managers' tolerances. choice: how candidates are compared. watches: what is watched while an order works.
    direct_ns: time in which a direct order is taken to be done, for its timing risk (assumed).
    volume_log_sd: standard deviation of ln(volume of n days / n × mean of the 20 days before), as (n,
    figure): medians over 286 S&P 500 names, daily volumes 2013-02 to 2018-02 (5th and 95th percentile at n =
    1: 0.35, 0.50).
    """

    low: UrgencyPolicy = UrgencyPolicy(risk_price=0.005, crossing=0.35, dark_ppm=500_000, max_participation_ppm=100_000)
    medium: UrgencyPolicy = UrgencyPolicy(
        risk_price=0.05, crossing=0.55, dark_ppm=350_000, max_participation_ppm=150_000
    )
    high: UrgencyPolicy = UrgencyPolicy(risk_price=0.20, crossing=0.80, dark_ppm=150_000, max_participation_ppm=250_000)
    bucket_ns: Bucket = 5 * NS_PER_MINUTE
    wake_ns: Pace = 60 * NS_PER_SECOND
    wake_min_ns: Pace = NS_PER_SECOND
    wakes_min: Count = 20
    participation_ppm: RatePpm = 100_000
    pov_band_ppm: Ppm = 200_000
    close_part_ppm: Ppm = 120_000
    large_order_adv_ppm: TimesPpm = 50_000
    dark_extra_ppm: Ppm = 100_000
    dark_fill: Part = 0.5
    take_fee: PerShare = 3_000
    make_fee: PerShare = 0
    midpoint_fee: PerShare = 1_000
    auction_fee: PerShare = 1_000
    fee_currency: str = "USD"
    direct_ns: Nanoseconds = 60 * NS_PER_SECOND
    child_adv_ppm: SomePpm = 40_000
    sessions_max: Count = 30
    volume_curve: VolumeCurve = US_EQUITY
    impact: Almgren2005 = ALMGREN_2005
    impact_scales: tuple[Scale, ...] = ()
    square_root: SquareRootLaw = UNIT_LAW
    cost_quantiles: CostQuantiles = NORMAL
    follow_ppm: Ppm = 0
    adaptive: bool = False
    lists: ListPolicy = ListPolicy()
    profiles: tuple[RiskProfile, ...] = ()
    choice: ChoiceConfig = ChoiceConfig()
    watches: WatchThresholds = WatchThresholds()
    volume_log_sd: tuple[tuple[Count, LogSd], ...] = (
        (1, 0.413), (2, 0.376), (3, 0.357), (5, 0.334), (10, 0.304),
    )  # fmt: skip

    def __post_init__(self) -> None:
        if not 0 <= self.follow_ppm <= 1_000_000:
            raise ValueError(f"follow_ppm is between 0 and 1000000, not {self.follow_ppm}")
        if not (self.impact.gamma > 0 and self.impact.eta > 0):
            raise ValueError(f"impact {self.impact.version}: gamma and eta are above 0")
        if not (self.square_root.prefactor > 0 and 0 < self.square_root.exponent <= 1):
            raise ValueError(f"square_root {self.square_root.version}: prefactor above 0, exponent above 0, at most 1")
        try:
            check_curve(self.volume_curve)
        except ModelError as error:
            raise ValueError(str(error)) from error

        if not 0 < self.wake_min_ns <= self.wake_ns:
            raise ValueError("wake_min_ns is above 0 and at most wake_ns")
        if not self.volume_log_sd:
            raise ValueError("volume_log_sd has a row or more")
        check_profiles(self.profiles)

    def policy(self, urgency: Urgency) -> UrgencyPolicy:
        """The policy of an urgency."""
        if urgency is MEDIUM:
            return self.medium
        return self.low if urgency is LOW else self.high
