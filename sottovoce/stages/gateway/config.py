"""What the gateway can be told: the windows of duplicates, how unusual is unusual, venue profiles, basket bounds."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.ranges import Count, CountOrNone, Positive, Span
from sottovoce.core.units import NS_PER_SECOND


class Flag(Word):
    """A compliance flag of an order (PT-21); the names are those of NewOrder, short_flag is its side."""

    CAPACITY = "capacity"
    CLIENT_ID = "client_id"
    INVESTMENT_DECISION = "investment_decision"
    EXECUTION_DECISION = "execution_decision"
    ALGO_ID = "algo_id"
    SHORT_FLAG = "short_flag"


class VenueProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the listing venues of some MICs, or of whole countries, ask of an order.

    required: flags without which it is refused. odd_lots: whether a size need not be a multiple of the lot.
    """

    name: str
    mics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    required: tuple[Flag, ...] = ()
    odd_lots: bool = True


EUROPE = VenueProfile(
    name="RTS 24",
    mics=tuple("XPAR XAMS XBRU XLIS XDUB XMIL XETR XMAD XSTO XHEL XCSE XWBO".split()),
    countries=tuple("FR NL BE PT IE IT DE ES SE FI DK AT".split()),
    required=tuple(Flag),
)
ROUND_LOTS = VenueProfile(name="round lots only", mics=("XTKS", "XHKG"), countries=("JP", "HK"), odd_lots=False)


class DuplicateConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PT-08: two of one fingerprint within window_s seconds are held, and `repeats` of them within repeat_s seconds."""

    window_s: Span = 30.0
    repeats: Count = 3
    repeat_s: Span = 300.0

    def __post_init__(self) -> None:
        if not (0 < self.window_s <= self.repeat_s and self.repeats >= 2):
            raise ValueError("duplicates: 0 < window_s <= repeat_s, and repeats of 2 or more")

    @property
    def window_ns(self) -> int:
        return int(self.window_s * NS_PER_SECOND)

    @property
    def repeat_ns(self) -> int:
        return int(self.repeat_s * NS_PER_SECOND)


class IntentConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PT-25: a quantity must be worth between agree_low and agree_high times the notional given with it.

    An order is unusual above median_multiple times the median or max_multiple times the largest order of the same
    trader in `days` days, once there are orders_min of them.
    """

    agree_low: Positive = 0.8
    agree_high: Positive = 1.25
    median_multiple: Count = 20
    max_multiple: Count = 5
    days: Count = 60
    orders_min: Count = 20

    def __post_init__(self) -> None:
        if not 0 < self.agree_low <= 1 <= self.agree_high:
            raise ValueError("intent: agree_low above 0 and at most 1, agree_high 1 or more")


class BasketConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PT-04, what the gateway can say of a list before risk looks at it.

    computed / declared notional outside hold_low … hold_high waits for the role, outside refuse_low … refuse_high
    it is refused. The same content again within same_content_s seconds waits, as do rows given twice.
    """

    legs_max: Count = 2_000
    hold_low: Positive = 0.8
    hold_high: Positive = 1.25
    refuse_low: Positive = 0.5
    refuse_high: Positive = 2.0
    same_content_s: Span = 86_400.0
    expires_s: Span = 900.0
    role: str = "risk"

    def __post_init__(self) -> None:
        if not 0 < self.refuse_low <= self.hold_low <= 1 <= self.hold_high <= self.refuse_high:
            raise ValueError("basket: 0 < refuse_low <= hold_low <= 1 <= hold_high <= refuse_high")


class GatewayConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything the gateway can be told.

    house_flags: flags every order must carry, whatever its venue. excluded_venues: MICs nothing is sent to.
    adv_age_days: weekdays after which average daily volume is too old to judge a size by (PT-26).
    """

    duplicates: DuplicateConfig = DuplicateConfig()
    intent: IntentConfig = IntentConfig()
    baskets: BasketConfig = BasketConfig()
    house_flags: tuple[Flag, ...] = ()
    profiles: tuple[VenueProfile, ...] = (EUROPE, ROUND_LOTS)
    excluded_venues: tuple[str, ...] = ()
    adv_age_days: CountOrNone = 3


def profiles_of(profiles: Sequence[VenueProfile], mic: str | None, country: str) -> tuple[VenueProfile, ...]:
    """The profiles that apply to a listing: by its MIC where one is known, else by its country."""
    if mic is not None:
        return tuple(profile for profile in profiles if mic in profile.mics)
    return tuple(profile for profile in profiles if country in profile.countries)
