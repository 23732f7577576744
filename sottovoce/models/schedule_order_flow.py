"""Execution that leans on order flow: Cartea and Jaimungal 2016.

Source: "Incorporating order-flow into optimal execution", Math. Financial Economics 10; T-SCH-10. The price drifts
with the net flow of others μ, which reverts to zero at rate κ_μ; our own rate ν moves it the other way and pays kν. φ
punishes what is held along the way, α what is left at the end. A sell is shown; for a buy pass minus the flow.
"""

from __future__ import annotations

from math import exp, expm1, sqrt

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.models.guards import finite, not_negative, positive


class FlowMarket(msgspec.Struct, frozen=True, kw_only=True):
    """temporary k, permanent b: price per unit of rate; running φ, terminal α: punishments; reversion κ_μ: per day.

    k, φ and α above zero, b and κ_μ zero or more; α − b/2 above √(kφ), else the terminal punishment does not bind.
    """

    temporary: float
    permanent: float
    running: float
    terminal: float
    reversion: float

    def __post_init__(self) -> None:
        positive("Temporary impact", self.temporary)
        not_negative("Permanent impact", self.permanent)
        positive("Running punishment", self.running)
        positive("Terminal punishment", self.terminal)
        not_negative("Reversion of flow", self.reversion)
        if self.terminal - self.permanent / 2 <= sqrt(self.temporary * self.running):
            raise ModelError(
                "The terminal punishment less half of the permanent impact must be above √(kφ); raise it.",
                code="terminal_too_low",
            )

    @property
    def urgency(self) -> float:
        """γ = √(φ/k), per day."""
        return sqrt(self.running / self.temporary)

    @property
    def zeta(self) -> float:
        """ζ, above 1: how strictly the end binds."""
        root, bound = sqrt(self.temporary * self.running), self.terminal - self.permanent / 2
        return (bound + root) / (bound - root)


class SellSpeed(msgspec.Struct, frozen=True, kw_only=True):
    """schedule: units a day for what is held; flow: units a day for the flow, negative while others buy."""

    schedule: float
    flow: float

    @property
    def rate(self) -> float:
        """Both together."""
        return self.schedule + self.flow


def sell_speed(market: FlowMarket, held: float, flow: float, left: float) -> SellSpeed:
    """How fast to sell now.

    Args:
        held: units still to sell, >= 0; flow: net order flow μ of others, units a day, positive when they buy.
        left: days to the end, > 0.
    """
    gamma, zeta = market.urgency, market.zeta
    not_negative("Units held", held)
    finite("Order flow", flow)
    fade = exp(-2.0 * gamma * positive("Time left", left))
    schedule = gamma * held * (zeta + fade) / (zeta - fade)
    # The integral of [ζe^{γ(T−s)} − e^{−γ(T−s)}] e^{−κ(s−t)} over s, over the same bracket at s = t.
    falling, rising = gamma + market.reversion, market.reversion - gamma
    integral = zeta * _decay(falling, left) - fade * _decay(rising, left)
    leaning = market.permanent / (2.0 * market.temporary) * flow * integral / (zeta - fade)
    return SellSpeed(schedule=schedule, flow=-leaning)


def _decay(rate: float, left: float) -> float:
    """∫_0^left e^{−rate u} du."""
    return left if rate == 0.0 else -expm1(-rate * left) / rate
