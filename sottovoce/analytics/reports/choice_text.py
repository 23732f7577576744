"""The choice for a terminal: every candidate and which are on the frontier, what would change it, the conditions, and
what is watched.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.reports.plan_layout import labelled, table, wrapped
from sottovoce.core.choices import Choice, PlanCandidate, Reading, Watch
from sottovoce.core.units import format_ns

ON, OFF = "frontier", "dominated by"
PERCENT = 1e4
THEN = {
    "replan": "the desk plans the rest again",
    "ask": "a person is asked",
    "stop": "no more is sent",
}
FORMS = {
    "risk_price": "{:.3g} bp of cost a bp of risk",
    "volatility": "{:.2%} a day",
    "volume": "{:,.0f} shares a day",
}
MEANS = {
    "volume": "of the volume expected so far",
    "volatility": "of the volatility expected so far",
    "progress": "of the order, against its own timetable",
    "cost so far": "of the order's value in moves of the price",
    "price": "from the price the plan began at",
    "participation": "of the volume",
    "completion": "of the order projected to be done by its end",
    "cost": "of the cost the plan expects",
    "move against": "of the price, against the order",
}


def choice_lines(choice: Choice) -> list[str]:
    """The candidates as a table, the cheapest first, and on whose tolerance they were compared."""
    cheapest = sorted(choice.candidates, key=lambda each: each.expected_cost_bps)
    rows = [_row(each, choice) for each in cheapest]
    header = ["  Candidate", "cost", "risk", "80 % outcome", "done", "cost + risk", "± to chosen", "standing"]
    return ["", *wrapped(basis(choice), 2), "", *table(header, rows), "", *flip_lines(choice)]


def basis(choice: Choice) -> str:
    """What the candidates have in common."""
    whose = f"profile {choice.profile} (version {choice.profile_version})" if choice.profile else "the desk's policy"
    tolerated = "" if choice.cost_tolerance_bps is None else f", up to {choice.cost_tolerance_bps:g} bps tolerated"
    wished = (("prefers", choice.prefer), ("avoids", choice.avoid))
    venues = "".join(f"; {word} {', '.join(names)}" for word, names in wished if names)
    usual = f", better by {choice.margin_bps:g} bp if it is none of the desk's usual ones" if choice.margin_bps else ""
    return (
        f"Candidates on the same {choice.paths} paths of price and volume (seed {choice.seed}), bps against "
        f"{choice.benchmark.value}. By {whose} a bp of risk is worth {choice.risk_price:g} bp of cost, and a way has "
        f"to be {choice.completion_min:.0%} likely to finish{usual}{tolerated}{venues}."
    )


def flip_lines(choice: Choice) -> list[str]:
    """What would change the choice, a line each."""
    if choice.instructed:
        return labelled("What would change it", freely(choice))
    if not choice.flips:
        return labelled("What would change it", "nothing that was looked at")
    lines: list[str] = []
    for label, each in zip(("What would change it", *[""] * len(choice.flips)), flips(choice), strict=False):
        lines += labelled(label, each)
    return lines


def freely(choice: Choice) -> str:
    """What the desk would take were the order not to name its way."""
    taken = "it too" if choice.best == choice.chosen else choice.best
    return f"the order names {choice.chosen}; free to choose, the desk would take {taken}"


def flips(choice: Choice) -> list[str]:
    """Each flip in words."""
    named = {"risk_price": "price of risk"}
    found = []
    for each in choice.flips:
        way, form = "above" if each.at > each.now else "below", FORMS[each.figure]
        name = named.get(each.figure, each.figure)
        found.append(f"{name} {way} {form.format(each.at)} (now {form.format(each.now)}): {each.becomes}")
    return found


def condition_lines(conditions: Sequence[Reading]) -> list[str]:
    """The market the plan was made in: figure, regime, time and source."""
    if not conditions:
        return []
    lines = ["", "  Conditions"]
    for each in conditions:
        lines += labelled(f"  {each.name}", condition(each))
    return lines


def condition(each: Reading) -> str:
    """One reading in words."""
    told = each.value or "not known"
    regime = f" ({each.regime})" if each.regime else ""
    as_of = f", as of {each.as_of}" if each.as_of else ""
    return f"{told}{regime}{as_of}: {each.source}"


def watch_lines(watches: Sequence[Watch]) -> list[str]:
    """What is watched while the order works, and what follows."""
    if not watches:
        return []
    lines = [line for each in watches for line in labelled(f"  {each.figure}", watched(each))]
    return ["", "  Watched while it works", *lines]


def watched(each: Watch) -> str:
    """One watch in words."""
    bounds = [f"below {each.low_ppm / PERCENT:g} %" if each.low_ppm is not None else ""]
    bounds.append(f"above {each.high_ppm / PERCENT:g} %" if each.high_ppm is not None else "")
    once = f", looked at once at {format_ns(each.at_ns, 0)}" if each.at_ns else ""
    return f"{' or '.join(bound for bound in bounds if bound)} {MEANS[each.figure]}{once}: {THEN[each.then]}"


def standing(each: PlanCandidate, choice: Choice) -> str:
    """On the frontier or not, and whether it could have been chosen."""
    told = f"{OFF} {each.dominated_by}" if each.dominated_by else ON
    unlikely = each.completion_probability < choice.completion_min
    return f"{told}, unlikely to finish" if unlikely else told


def _row(each: PlanCandidate, choice: Choice) -> list[str]:
    mark = "▶ " if each.name == choice.chosen else "  "
    return [
        mark + each.name, f"{each.expected_cost_bps:.2f}", f"{each.risk_bps:.1f}",
        f"{each.cost_low_bps:.0f} … {each.cost_high_bps:.0f}", f"{each.completion_probability:.0%}",
        f"{each.utility_bps:.2f}", f"{each.difference_error_bps:.3f}", standing(each, choice),
    ]  # fmt: skip
