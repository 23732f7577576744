"""A manager's profile as the desk's configuration writes it."""

from __future__ import annotations

import msgspec

from sottovoce.core.choices import Benchmark
from sottovoce.core.ranges import CountOrNone, NotNegative, Ppm, Signed, SomePpm
from sottovoce.core.text import is_identifier, is_iso_date


class RiskProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one manager, or the manager of an account, tolerates (stages/planning/profiles.py).

    managers and accounts: whom it is for. effective_from: ISO date, in force from the start of that UTC day.
    risk_price: bps of expected cost a bp of risk is worth at medium urgency, None for the desk's own.
    cost_tolerance_bps: expected cost above which the plan warns. prefer and avoid: venues by MIC. completion_min_ppm: a
    way less likely to finish is not recommended while another is likelier.
    """

    name: str
    version: CountOrNone = 1
    effective_from: str = ""
    managers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    risk_price: NotNegative | None = None
    cost_tolerance_bps: Signed | None = None
    max_participation_ppm: SomePpm | None = None
    prefer: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    benchmark: Benchmark = Benchmark.ARRIVAL
    completion_min_ppm: Ppm = 900_000

    def __post_init__(self) -> None:
        since = self.effective_from
        if since and not is_iso_date(since):
            raise ValueError(f"profile {self.name}: effective_from is a date as 2018-02-07, not {since!r}")
        unusable = [venue for venue in (*self.prefer, *self.avoid) if not is_identifier(venue)]
        if unusable:
            raise ValueError(f"profile {self.name}: {unusable[0]!r} is not the name of a venue")
        if set(self.prefer) & set(self.avoid):
            raise ValueError(f"profile {self.name}: a venue is preferred and avoided at once")


def check_profiles(profiles: tuple[RiskProfile, ...]) -> None:
    """That each says whom it is for, and that never two apply to one person alike. Raises: ValueError."""
    seen: set[tuple[str, str, str, int]] = set()
    for each in profiles:
        if not each.name or not (each.managers or each.accounts):
            raise ValueError(f"profile {each.name!r}: it has a name, and managers or accounts it is for")
        whose = [("manager", name) for name in each.managers] + [("account", name) for name in each.accounts]
        for kind, name in whose:
            place = (kind, name, each.effective_from, each.version)
            if place in seen:
                raise ValueError(
                    f"profile {each.name}: {kind} {name} has another of version {each.version} and that day"
                )
            seen.add(place)
