"""What each portfolio manager tolerates: the price of risk, the cost, the share of volume, the venues, the benchmark.

Profiles are dated, versioned data of the desk's configuration. Of those that name the order's manager (who took the
investment decision, else who entered it) or its account, the one in force with the latest date and version applies, the
manager's before the account's; without one the desk's own policy of each urgency stands. A profile only narrows: it
never lifts a cap the desk or the order sets.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.orders import ParentOrder
from sottovoce.core.units import format_ns
from sottovoce.stages.planning.config import PlanningConfig, UrgencyPolicy
from sottovoce.stages.planning.tolerances import RiskProfile

NO_PROFILE = RiskProfile(name="", version=0)


def profile_for(order: ParentOrder, config: PlanningConfig) -> RiskProfile:
    """The profile that applies to an order, NO_PROFILE where none does."""
    manager = order.investment_decision or order.principal
    day = format_ns(order.accepted_ns, 0)[:10]
    named = [each for each in config.profiles if manager in each.managers and each.effective_from <= day]
    held = [each for each in config.profiles if order.account in each.accounts and each.effective_from <= day]
    found = named or held
    return max(found, key=lambda each: (each.effective_from, each.version)) if found else NO_PROFILE


def as_tolerated(config: PlanningConfig, profile: RiskProfile) -> PlanningConfig:
    """The desk's configuration under a profile: its price of risk, and the tighter of both caps on participation.

    A profile's price of risk is that of medium urgency; low and high keep the desk's proportion to it.
    """
    if not profile.name:
        return config
    low, medium, high = (_policy(each, config, profile) for each in (config.low, config.medium, config.high))
    return msgspec.structs.replace(config, low=low, medium=medium, high=high)


def as_preferred(order: ParentOrder, profile: RiskProfile) -> ParentOrder:
    """The order without the venues its manager does not want used, and with those to be taken where little decides."""
    more = tuple(venue for venue in profile.avoid if venue not in order.avoid)
    if not profile.avoid and not profile.prefer:
        return order
    return msgspec.structs.replace(order, avoid=(*order.avoid, *more), prefer=profile.prefer, barred=profile.avoid)


def absent_flags(profile: RiskProfile, venues: frozenset[str]) -> tuple[str, ...]:
    """That a venue the profile names is none of the desk's: a name misspelt would be avoided nowhere."""
    named = (("prefers", profile.prefer), ("avoids", profile.avoid))
    return tuple(
        f"profile {profile.name} {what} {venue}, which is no venue of this market: see that it is spelt as the venue is"
        for what, wished in named
        for venue in wished
        if venues and venue not in venues
    )


def as_capped(order: ParentOrder, profile: RiskProfile) -> ParentOrder:
    """The order with the top of its band under its manager's cap; never below the rate the order itself asks for."""
    cap, top = profile.max_participation_ppm, order.participation_max_ppm
    if cap is None or top is None or top <= cap:
        return order
    return msgspec.structs.replace(order, participation_max_ppm=max(cap, order.participation_ppm or 0))


def cap_flag(asked: ParentOrder, capped: ParentOrder, profile: RiskProfile) -> tuple[str, ...]:
    """That a band was cut, for a person."""
    if asked.participation_max_ppm == capped.participation_max_ppm:
        return ()
    top = (capped.participation_max_ppm or 0) / 1e4
    return (f"the band ends at {top:g} %: profile {profile.name} caps the share of the volume",)


def _policy(policy: UrgencyPolicy, config: PlanningConfig, profile: RiskProfile) -> UrgencyPolicy:
    price, most = policy.risk_price, policy.max_participation_ppm
    if profile.risk_price is not None and config.medium.risk_price > 0:
        price = profile.risk_price * policy.risk_price / config.medium.risk_price
    if profile.max_participation_ppm is not None:
        most = min(most, profile.max_participation_ppm)
    return msgspec.structs.replace(policy, risk_price=price, max_participation_ppm=most)
