"""T-SCH-1 to 5 and 8 to 10: schedules of one asset that weigh impact against risk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import sqrt

from msgspec.structs import replace

from sottovoce.models.schedule_ac import AlmgrenChrissMarket, optimal_schedule
from sottovoce.models.schedule_ac_closed import closed_expected_cost, closed_variance
from tools.figure_row import Row, exact, near, relative, within
from tools.planning_rows.asking import ask

MARKET = "--quantity 1e6 --horizon-days 5 --periods 5 --gamma 2.5e-7 --eta 2.5e-6 --epsilon 0.0625"
PAPER = f"schedule almgren-chriss {MARKET} --sigma-price 0.95"
DAY = (
    "schedule almgren-chriss --quantity 250000 --horizon-days 1 --periods 13 --sigma-price 2 --gamma 4e-8 --eta 4e-7 "
    "--epsilon 0.01"
)
TABLE = (
    ("1e-6", (541_955.55, 289_854.22, 147_897.49, 62_141.80), 911_226.99, 3.641286e11),
    ("5e-7", (636_913.22, 394_839.96, 227_786.28, 104_012.00), 768_132.81, 5.633966e11),
    ("1e-7", (757_882.39, 544_564.31, 351_939.68, 172_688.75), 670_057.46, 9.247186e11),
    ("1e-5", (177_868.31, 31_636.20, 5_621.63, 969.25), 1_845_211.26, 2.948515e10),
    ("0", (800_000.0, 600_000.0, 400_000.0, 200_000.0), 662_500.00, 1.083000e12),
)
POWER = (
    (0.5, 0.726639, 0.322161, 0.141846, 786_949.73, 3.934749e11),
    (0.6, 0.918671, 0.381831, 0.175838, 789_619.64, 4.737718e11),
    (1.0, 1.664357, 0.548355, 0.300693, 751_040.94, 7.510409e11),
    (2.0, 3.025735, 0.704574, 0.473946, 585_155.60, 1.170311e12),
)
FLOW = (
    "schedule order-flow --held 1 --left-days 1 --temporary 1e-3 --permanent 1e-4 --running 0.01 --terminal 0.1 "
    "--reversion-per-day 5"
)


def rows() -> Iterator[Row]:
    """Closed forms and one-dimensional searches."""
    yield from _almgren_chriss()
    yield from _consistency()
    yield from _intraday()
    yield from _event()
    yield from _power_law()
    yield from _adaptive()
    for part, expected in (("for_the_schedule", 3.172933), ("for_the_flow", -0.006096), ("rate_per_day", 3.166837)):
        yield near("T-SCH-10", f"sell speed, {part}", ask(f"{FLOW} --flow-per-day 1")[part], expected, 1e-6, 6)


def _almgren_chriss() -> Iterator[Row]:
    for risk, held, cost, variance in TABLE:
        found = ask(f"{PAPER} --risk-aversion {risk}")
        for number, expected in enumerate(held, 1):
            yield near("T-SCH-1", f"lambda {risk}: x_{number}", found["holdings"][number], expected, 0.01, 2)
        yield near("T-SCH-1", f"lambda {risk}: E", found["expected_cost"], cost, 0.01, 2)
        yield relative("T-SCH-1", f"lambda {risk}: V", found["variance"], variance, 1e-6)
    kappa = ask(f"{PAPER} --risk-aversion 1e-6")["kappa"]
    yield near("T-SCH-1", "kappa a day", kappa, 0.60707616, 5e-9, 8)


def _consistency() -> Iterator[Row]:
    market = AlmgrenChrissMarket(
        quantity=1e6, horizon=5, periods=5, sigma_price=0.95, gamma=2.5e-7, eta=2.5e-6, epsilon=0.0625
    )
    for risk in (1e-6, 5e-7, 1e-7, 1e-5):
        summed = optimal_schedule(market, risk)
        off = abs(closed_expected_cost(market, risk) / summed.expected_cost - 1)
        yield within("T-SCH-2", f"lambda {risk:g}: E of (20) off the sums of (8) by", off, None, 1e-9, 12)
        off = abs(closed_variance(market, risk) / summed.variance - 1)
        yield within("T-SCH-2", f"lambda {risk:g}: V of (20) off the sums of (5) by", off, None, 1e-9, 12)
    whole = optimal_schedule(market, 1e-6)
    tail = optimal_schedule(replace(market, quantity=whole.holdings[2], horizon=3, periods=3), 1e-6)
    off = max(abs(a - b) for a, b in zip(tail.holdings, whole.holdings[2:], strict=True)) / 1e6
    yield within("T-SCH-3", "solved again from day 2: off the same tail by", off, None, 1e-9, 12)
    up, down = (optimal_schedule(market, 1e-6 * (1 + step)) for step in (1e-4, -1e-4))
    slope = (up.expected_cost - down.expected_cost) / (up.variance - down.variance)
    yield near("T-SCH-3", "frontier slope dE/dV over -lambda", slope / -1e-6, 1.0, 1e-4, 6)
    along = [optimal_schedule(market, risk) for risk in (0.0, 1e-7, 5e-7, 1e-6, 1e-5)]
    rising = all(a.expected_cost < b.expected_cost and a.variance > b.variance for a, b in pairwise(along))
    yield exact("T-SCH-3", "E rises and V falls with lambda", rising, True)
    curve = ",".join(repr(min(1 - x / 1e6, 1.0)) for x in whole.holdings[1:])
    lots = ask(f"schedule round --curve {curve} --quantity 1000050 --lot 100")["done_shares"]
    yield exact("T-SCH-3", "whole lots add up to", lots[-1], 1_000_050)
    exactly = [float(part) * 1_000_050 for part in curve.split(",")]
    off = max(abs(done - want) for done, want in zip(lots[:-1], exactly[:-1], strict=True))
    yield within("T-SCH-3", "bin ends off by at most half a lot, shares", off, None, 50.000001)


def _intraday() -> Iterator[Row]:
    found, even = (ask(f"{DAY} --risk-aversion {risk}") for risk in ("1e-6", "0"))
    for what, got, expected, tolerance, places in (
        ("kappa", found["kappa"], 3.160587, 5e-7, 6),
        ("x_1", found["holdings"][1], 195_822.8, 0.05, 1),
        ("x_6", found["holdings"][6], 56_301.0, 0.05, 1),
        ("E", found["expected_cost"], 43_955.90, 0.01, 2),
        ("square root of V", sqrt(found["variance"]), 173_070.85, 0.01, 2),
        ("TWAP: E", even["expected_cost"], 28_653.85, 0.01, 2),
        ("TWAP: square root of V", sqrt(even["variance"]), 271_964.15, 0.01, 2),
    ):
        yield near("T-SCH-4", f"250,000 in a day, {what}", got, expected, tolerance, places)


def _event() -> Iterator[Row]:
    unit = 50 / sqrt(250)
    regimes = f"--regime 0.5:{0.05 * unit!r} --regime 0.5:{0.4 * unit!r}"
    words = f"schedule event {MARKET} --sigma-price {0.1 * unit!r} --event-period 2 --risk-aversion 1e-6 {regimes}"
    found = ask(words)
    calm, wild = (each["holdings"] for each in found["regimes"])
    before = next(column for name, column in found.items() if name.startswith("0.5:"))
    for what, got, expected, tolerance in (
        ("held at the event", found["held_at_event"], 486_451.2, 1.0),
        ("U", found["utility"], 833_142.63, 0.01),
        ("E", found["expected_cost"], 713_488.24, 0.01),
        ("x_1 before", before[1], 727_901.4, 0.1),
        ("calm: x_3", calm[1], 321_483.7, 0.1),
        ("calm: x_4", calm[2], 159_900.3, 0.1),
        ("wild: x_3", wild[1], 211_531.0, 0.1),
        ("wild: x_4", wild[2], 79_115.9, 0.1),
        ("ignoring it: held", found["held_ignoring_event"], 539_154.5, 0.1),
        ("ignoring it: U", found["utility_ignoring_event"], 839_814.33, 0.01),
    ):
        yield near("T-SCH-5", f"event after day 2, {what}", got, expected, tolerance, 2)
    yield relative("T-SCH-5", "event after day 2, V", found["variance"], 1.196544e11, 1e-6)


def _power_law() -> Iterator[Row]:
    for k, time, one, two, cost, variance in POWER:
        words = f"schedule power-law --quantity 1e6 --sigma-price 0.95 --exponent {k} --risk-aversion 1e-6"
        found = ask(f"{words} --eta {0.5 / 200_000**k!r} --days 1,2")
        for what, got, expected, tolerance, places in (
            ("T*, days", found["characteristic_days"], time, 1e-6, 6),
            ("x(1)/X", found["held"][0] / 1e6, one, 1e-6, 6),
            ("x(2)/X", found["held"][1] / 1e6, two, 1e-6, 6),
            ("E", found["temporary_cost"], cost, 0.01, 2),
        ):
            yield near("T-SCH-8", f"exponent {k}: {what}", got, expected, tolerance, places)
        yield relative("T-SCH-8", f"exponent {k}: V", found["variance"], variance, 1e-6)


def _adaptive() -> Iterator[Row]:
    found = ask("schedule adaptive --market-power 0.15 --risk-aversion-normalised 1.35")
    for what, expected, tolerance in (
        ("utility_fixed", 0.452236, 1e-6),
        ("held_at_half_time", 0.2570, 5e-5),
        ("kappa_before", 2.7742, 5e-5),
        ("threshold_sd", -1.106, 5e-4),
        ("kappa_after_a_gain", 60.0, 1e-9),
        ("kappa_otherwise", 2.7638, 1e-4),
        ("expected_cost", 0.25021, 5e-6),
        ("variance", 0.13751, 5e-6),
        ("utility", 0.43585, 5e-6),
    ):
        yield near("T-SCH-9", f"adaptive, {what}", found[what], expected, tolerance, 5)
    for power, gain, tolerance in ((0.05, 0.0002, 5e-5), (0.15, 0.036, 5e-4), (0.5, 0.18, 0.005)):
        got = ask(f"schedule adaptive --market-power {power} --risk-aversion-normalised {9 * power!r}")["gain"]
        yield near("T-SCH-9", f"gain at market power {power}", got, gain, tolerance, 5)
