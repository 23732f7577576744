"""What an amendment may ask for: syntax and sense of each change, before approval and risk look at it."""

from __future__ import annotations

from sottovoce.core.commands import AmendOrder
from sottovoce.core.orders import AmendedTerms, Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.core.text import is_identifier, shown
from sottovoce.stages.gateway.syntax import TIME_MAX_NS
from sottovoce.stages.gateway.written import PPM, QTY_MAX, read_ppm, whole

SYNTAX, STATE = "syntax", "state"
AVOIDED_MAX = 32


def bad_size(command: AmendOrder, done_qty: int) -> list[Failure]:
    """A new size is above zero, and no less than what has traded already."""
    qty = command.order_qty
    if qty is not None and qty > QTY_MAX:
        return [failure(SYNTAX, "bad_quantity", whole(qty), f"1 to {QTY_MAX}")]
    if qty is None or (qty > 0 and qty >= done_qty):
        return []
    return [failure(SYNTAX if qty <= 0 else STATE, "below_done", whole(qty), f"{max(done_qty, 1)} or more")]


def bad_terms(command: AmendOrder, now_ns: int) -> list[Failure]:
    """An end in the future, rates that are rates, a sensible list of venues."""
    found = [
        failure(SYNTAX, "bad_participation", shown(text), "above 0, at most 0.5")
        for text in (command.participation, command.max_participation)
        if text is not None and read_ppm(text) is None
    ]
    found += [
        failure(SYNTAX, "bad_identifier", shown(venue))
        for venue in command.avoid_venues or ()
        if not is_identifier(venue)
    ]
    if command.end_ns is not None and not 0 < command.end_ns < TIME_MAX_NS:
        return [*found, failure(SYNTAX, "bad_time", whole(command.end_ns), "nanoseconds since 1970 UTC")]
    if command.end_ns is not None and command.end_ns <= now_ns:
        found.append(failure(STATE, "horizon_past", command.end_ns, now_ns))
    if command.avoid_venues is not None and len(command.avoid_venues) > AVOIDED_MAX:
        found.append(failure(SYNTAX, "too_many_venues", len(command.avoid_venues), AVOIDED_MAX))
    return found


def band_of(order: ParentOrder) -> tuple[int, int] | None:
    """The order's own band, parts per million."""
    low, high = order.participation_min_ppm, order.participation_max_ppm
    return None if low is None or high is None else (low, high)


def outside_band(command: AmendOrder, band: tuple[int, int] | None) -> list[Failure]:
    """A new rate stays in the order's band and a new maximum does not cut it: a band is changed by a new order."""
    if band is None:
        return []
    low, high = band
    ends = f"{low / PPM:g} to {high / PPM:g}"
    asked = (command.participation, command.max_participation)
    rate, most = (None if text is None else read_ppm(text) for text in asked)
    found = [] if rate is None or low <= rate <= high else [failure(STATE, "bad_band", rate / PPM, ends)]
    return found if most is None or most >= high else [*found, failure(STATE, "bad_band", most / PPM, ends)]


def terms_of(command: AmendOrder) -> AmendedTerms:
    """What a sound amendment changes beside size and limit."""
    avoid = command.avoid_venues
    return AmendedTerms(
        end_ns=command.end_ns,
        urgency=command.urgency,
        dark=command.dark,
        avoid=None if avoid is None else tuple(sorted(set(avoid))),
        participation_ppm=None if command.participation is None else read_ppm(command.participation),
        max_participation_ppm=None if command.max_participation is None else read_ppm(command.max_participation),
    )
