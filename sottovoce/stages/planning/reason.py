"""The sentence beside a recommendation: what it rests on, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.choices import Choice, Flip, PlanCandidate
from sottovoce.core.enums import Strategy
from sottovoce.core.orders import Alternative, ParentOrder
from sottovoce.stages.planning.config import PlanningConfig

DIRECT = "Sent now to every eligible venue, as asked: no schedule is costed against it."
ALONE = "The only way that can be planned from the figures known; costs leave out what the flags name."
AGAINST_CLOSE = "That is against arrival; against the close itself a CLOSE order carries impact but no timing risk."
NOTHING = 0.05
"""A gain in utility, bps, too small to mention."""
CHANGE = "It would change with another urgency, size or window."


def reason_for(chosen: Alternative, others: Sequence[Alternative], order: ParentOrder, config: PlanningConfig) -> str:
    """Why this one: as instructed, or least cost plus priced risk; and the nearest rival."""
    rivals = [each for each in others if each is not chosen]
    if not rivals:
        return ALONE
    price = config.policy(order.urgency).risk_price
    rival = min(rivals, key=lambda each: each.utility_bps)
    if order.strategy is not None:
        return _as_instructed(chosen, rival, order)
    return (
        f"{_opening(_named(chosen))} costs {_figures(chosen)}; at {order.urgency.value} urgency a bp of risk is worth "
        f"{price:g} bp of cost, so it beats {_named(rival)} with {_figures(rival)}. "
        f"{_switch(chosen, rival, price)}"
    )


def reason_of(choice: Choice) -> str:
    """Why this candidate, out of all of them, and what would change it."""
    chosen = next(each for each in choice.candidates if each.name == choice.chosen)
    worth = f"a bp of risk is worth {choice.risk_price:g} bp of cost"
    whose = f"profile {choice.profile} says {worth}" if choice.profile else worth
    rivals = [each for each in choice.candidates if each is not chosen]
    likely = [each for each in rivals if each.completion_probability >= choice.completion_min]
    told = f"{chosen.name} costs {_priced(chosen)} against {choice.benchmark.value}; {whose}"
    if likely:
        rival = min(likely, key=lambda each: each.utility_bps)
        told += f", so that it is {_beside(chosen, rival)} {rival.name} with {_priced(rival)}"
    unlikely = sum(each.completion_probability < choice.completion_min for each in choice.candidates)
    if unlikely == len(choice.candidates):
        told += f". No way is {choice.completion_min:.0%} likely to finish, so the likeliest counts"
    elif unlikely:
        are = "is" if unlikely == 1 else "are"
        told += f". {unlikely} of {len(choice.candidates)} ways {are}"
        told += f" less than {choice.completion_min:.0%} likely to finish"
    return f"{told}. {flips_told(choice)}"


def flips_told(choice: Choice) -> str:
    """What would change the choice, in a sentence."""
    if choice.instructed:
        taken = "it too" if choice.best == choice.chosen else choice.best
        return f"The order names its way; free to choose, the desk would take {taken}."
    if not choice.flips:
        return "No price of risk, volatility or volume looked at changes it."
    said = [f"{each.becomes} {_where(each)}" for each in choice.flips]
    return f"The choice becomes {'; '.join(said)}."


def _where(flip: Flip) -> str:
    way = "above" if flip.at > flip.now else "below"
    if flip.figure == "risk_price":
        return f"{way} {flip.at:.3g} bp of cost a bp of risk"
    if flip.figure == "volatility":
        return f"if volatility is {way} {flip.at:.2%} a day (now {flip.now:.2%})"
    return f"if volume is {way} {flip.at:,.0f} shares a day (now {flip.now:,.0f})"


def _beside(chosen: PlanCandidate, rival: PlanCandidate) -> str:
    """How much better, or that the two cannot be told apart."""
    gain = rival.utility_bps - chosen.utility_bps
    return f"{gain:.1f} bps better than" if gain >= NOTHING else "as good as"


def _priced(each: PlanCandidate) -> str:
    return f"{each.expected_cost_bps:.1f} bps at {each.risk_bps:.0f} bps of risk"


def _as_instructed(chosen: Alternative, rival: Alternative, order: ParentOrder) -> str:
    asked = f"{_opening(_named(chosen))} is what the order asks for: {_figures(chosen)}."
    gain = chosen.utility_bps - rival.utility_bps
    if chosen.strategy is Strategy.CLOSE:
        return f"{asked} {AGAINST_CLOSE}"
    if gain < NOTHING:
        return f"{asked} At {order.urgency.value} urgency no other way shown does better."
    return (
        f"{asked} {_opening(_named(rival))} with {_figures(rival)} would be {gain:.1f} bps better at "
        f"{order.urgency.value} urgency; it needs another instruction."
    )


def _switch(chosen: Alternative, rival: Alternative, price: float) -> str:
    """The price of risk at which both are equal, where there is one."""
    risk = chosen.timing_risk_bps - rival.timing_risk_bps
    cost = rival.expected_cost_bps - chosen.expected_cost_bps
    if risk * cost <= 0:
        return CHANGE
    even = cost / risk
    way = "more" if even > price else "less"
    return (
        f"{_opening(rival.name)} becomes the choice where a bp of risk is worth {way} than {even:.2g} bp; "
        "another urgency says so."
    )


def _opening(words: str) -> str:
    return words[:1].upper() + words[1:]


def _named(each: Alternative) -> str:
    rate = f" at {each.participation:.1%}" if each.strategy is Strategy.POV else ""
    return f"{each.name} ({each.strategy.value}{rate})"


def _figures(each: Alternative) -> str:
    return f"{each.expected_cost_bps:.1f} bps expected and {each.timing_risk_bps:.0f} bps of timing risk"
