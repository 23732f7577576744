"""What the desk decides about planning, with the unit and the origin of every default.

Nothing here was estimated from orders: figures marked *policy* are choices to be reviewed, and the loop from
TCA replaces the ones marked *assumed* once enough fills have been seen.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Urgency
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.volume import US_EQUITY, VolumeCurve

LOW, MEDIUM = Urgency.LOW, Urgency.MEDIUM


class UrgencyPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one degree of urgency means.

    risk_price: bps of expected cost the manager would pay to shed one bp of timing risk (policy).
    crossing: part of the lit quantity expected to cross the spread (assumed). dark_ppm: part of each child
    offered at the midpoint in the dark (policy). max_participation_ppm: most of the market's volume (policy).
    """

    risk_price: float
    crossing: float
    dark_ppm: int
    max_participation_ppm: int


class PlanningConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the planning stage.

    bucket_ns: length of a schedule's bucket. wake_ns: longest time between two looks of the algorithm; a
    horizon has at least wakes_min of them, wake_min_ns apart or more. participation_ppm: rate of a POV order
    that names none (policy).
    close_part_ppm: most of the predicted closing auction, and of its day's part of the order, left for the close
    (12 %: markets reference §3). dark_extra_ppm is added to the dark part above large_order_adv_ppm of ADV (policy).
    child_adv_ppm: most of daily volume in one child, below risk's own limit (policy).
    dark_fill: part of what is offered in the dark that is expected to trade there (assumed).
    take_fee, make_fee, midpoint_fee, auction_fee: 1e-6 currency a share; taking at the access-fee cap of Rule
    610(c), rebates not counted, so that the estimate errs on the dear side; only for fee_currency.
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
    bucket_ns: int = 5 * NS_PER_MINUTE
    wake_ns: int = 60 * NS_PER_SECOND
    wake_min_ns: int = NS_PER_SECOND
    wakes_min: int = 20
    participation_ppm: int = 100_000
    close_part_ppm: int = 120_000
    large_order_adv_ppm: int = 50_000
    dark_extra_ppm: int = 100_000
    dark_fill: float = 0.5
    take_fee: int = 3_000
    make_fee: int = 0
    midpoint_fee: int = 1_000
    auction_fee: int = 1_000
    fee_currency: str = "USD"
    direct_ns: int = 60 * NS_PER_SECOND
    child_adv_ppm: int = 40_000
    sessions_max: int = 30
    volume_curve: VolumeCurve = US_EQUITY
    volume_log_sd: tuple[tuple[int, float], ...] = (
        (1, 0.413), (2, 0.376), (3, 0.357), (5, 0.334), (10, 0.304),
    )  # fmt: skip

    def policy(self, urgency: Urgency) -> UrgencyPolicy:
        """The policy of an urgency."""
        if urgency is MEDIUM:
            return self.medium
        return self.low if urgency is LOW else self.high
