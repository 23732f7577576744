"""The study as tables and plain sentences: the same words for the page, the text and the terminal."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.analytics.paired import DEPENDENT, GAIN, LOSS, NONE, Difference
from tools.execution_bench.arms import ARMS, COMPARED, PAIRS, SIZES
from tools.execution_bench.findings import POOLED, RISK_PRICES, ArmFigures, Compared, Covered
from tools.execution_bench.study import Found
from tools.execution_bench.tapes import TapeDifference

TITLES = {arm.name: arm.title for arm in ARMS}
MEASURE_TITLES = {
    "cost": "mean cost",
    "risk": "risk (SD of cost)",
    "tracking": "mean absolute tracking error",
    "utility_medium": f"cost + {RISK_PRICES['medium']:g} × risk (medium urgency)",
    "utility_high": f"cost + {RISK_PRICES['high']:g} × risk (high urgency)",
}
SAID = {
    GAIN: "Better on both generators",
    LOSS: "Worse on both generators",
    DEPENDENT: "Model-dependent: the generators disagree",
    NONE: "No gain: the interval contains zero on both generators",
}


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table as it is printed: a title, the heads, rows of text, a note under it."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def signed(found: Difference) -> str:
    """A difference with its interval, bps."""
    return f"{found.value:+.2f} [{found.low:+.2f}, {found.high:+.2f}]"


def arm_table(figures: Sequence[ArmFigures], where: str) -> Table:
    """Every arm's figures on every market."""
    rows = tuple(
        (
            each.market, TITLES[each.arm], f"{each.n}", f"{each.cost:+.2f} ± {each.cost_error:.2f}", f"{each.risk:.1f}",
            f"{each.tracking:.2f}", f"{each.participation:.1%}", f"{each.completion:.2%}", f"{each.held}",
            f"{each.plans:.2f}",
        )
        for each in figures
    )  # fmt: skip
    return Table(
        title=f"Each arm {where}, orders of {COMPARED.part:.0%} of the window's volume",
        heads=(
            "market", "arm", "sessions", "cost, bps", "risk, bps", "|tracking|, bps", "part", "done", "held", "replans",
        ),
        rows=rows,
        note="Cost is implementation shortfall against arrival, fees and what was left undone included, mean and "
        "standard error; risk its standard deviation over orders, a buy and a sell of each session; tracking the "
        "average fill against all others' average price over the window; part: of the volume in it; held: orders a "
        "simulated person released a minute late; replans: new plans an order.",
    )  # fmt: skip


def difference_table(compared: Sequence[Compared], measure: str) -> Table:
    """The paired differences of one measure: one row a pair, one column a market."""
    markets = list(dict.fromkeys(each.market for each in compared))
    rows = []
    for arm, other in PAIRS:
        chosen = {
            each.market: each
            for each in compared
            if (each.arm, each.against, each.measure) == (arm.name, other.name, measure)
        }
        cells = (f"{signed(chosen[market].found)}" for market in markets)
        rows.append((f"{arm.title} − {other.title}", *cells, chosen[POOLED].verdict))
    return Table(
        title=f"Paired differences: {MEASURE_TITLES[measure]}, bps",
        heads=("first less second", *markets, "verdict"),
        rows=tuple(rows),
        note="Less is better; 95 % intervals of the difference over the same sessions.",
    )


def coverage_table(covered: Sequence[Covered]) -> Table:
    """Coverage of the plans' 80 % intervals by size and market, with the learned ends and the normal ones."""
    normal = {(each.market, each.size): each for each in covered if each.ends == "normal"}
    rows = tuple(
        (
            each.size, each.market, f"{each.found.n}", f"{each.found.part:.1%} ± {each.found.error:.1%}",
            "within 80 ± 4" if each.within else "outside 80 ± 4", f"{each.width_bps:.0f}",
            f"{normal[each.market, each.size].found.part:.1%}", f"{normal[each.market, each.size].width_bps:.0f}",
        )
        for each in covered
        if each.ends == "learned"
    )  # fmt: skip
    sizes = ", ".join(f"{size.name} {size.part:.0%}" for size in SIZES)
    return Table(
        title="How often the realised cost fell in the plan's 80 % interval",
        heads=("size", "market", "orders", "inside", "verdict", "width, bps", "inside, normal ends", "width"),
        rows=rows,
        note=f"Sizes are parts of the window's usual volume: {sizes}. Standard errors are of "
        "sessions: the orders of one share its prices.",
    )


def learned_table(found: Sequence[Found]) -> Table:
    """What each generator's desk had learned before the test."""
    rows = tuple(
        (
            each.generator, f"{len(each.training)}", f"{impact.gamma:.3f} ± {impact.gamma_se:.3f}",
            f"{impact.eta:.3f} ± {impact.eta_se:.3f}", impact.version, f"{ends.low:+.2f} … {ends.high:+.2f}",
            f"{ends.orders}",
        )
        for each in found
        for impact, ends in ((each.learned.impact, each.learned.quantiles),)
    )  # fmt: skip
    return Table(
        title="What the desk had learned from sessions before the test",
        heads=("market", "orders", "γ", "η", "version", "ends of the interval", "from orders"),
        rows=rows,
        note="γ and η are the regression's, weighted by precision with the published 0.314 and 0.142, which count with "
        "a relative error of one half. The ends are in units of the plan's own scale; the normal ones are ∓1.28. "
        "Training seeds and test seeds never meet.",
    )


def tape_table(found: Sequence[TapeDifference]) -> Table:
    """The recorded days."""
    rows = tuple(
        (
            f"{TITLES[each.arm]} − {TITLES[each.against]}", MEASURE_TITLES[each.measure], signed(each.found),
            f"{each.found.n}", f"{each.days}", each.found.verdict,
        )
        for each in found
    )  # fmt: skip
    return Table(
        title="Recorded days, paired differences, bps",
        heads=("first less second", "measure", "difference", "pairs", "days", "verdict"),
        rows=rows,
        note="Our orders do not move a tape, so impact is absent and speed is flattered. Intervals are Student's over "
        "days, two degrees of freedom with three days: an illustration, no evidence.",
    )


def sentences(compared: Sequence[Compared]) -> dict[str, list[str]]:
    """Every comparison as a sentence, under what the generators say of it together."""
    said: dict[str, list[str]] = {title: [] for title in SAID.values()}
    for each in compared:
        if each.market != POOLED:
            continue
        words = f"{TITLES[each.arm]} against {TITLES[each.against]}, {MEASURE_TITLES[each.measure]}"
        said[SAID[each.verdict]].append(f"{words}: {signed(each.found)} bps, {each.found.n} sessions.")
    return said
