"""The gates a simulated market must pass to be believed, as data, and the judgement of a figure against one.

Ranges and facts are those of the reference text simulation.md §6. Where it says a thing in words ("decreasing",
"monotone"), the figure chosen to stand for it is said in `measure`.
"""

from __future__ import annotations

from math import inf

import msgspec

from sottovoce.analytics.market_facts.pooling import Estimate


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement: low <= figure <= high, or, where strict, low < figure < high."""

    key: str
    fact: str
    measure: str
    low: float = -inf
    high: float = inf
    strict: bool = False
    decimals: int = 2

    @property
    def allowed(self) -> str:
        """The range in words."""
        if self.low == self.high:
            return f"{self.low:g}"
        if self.high == inf:
            return f"{'>' if self.strict else '≥'} {self.low:g}"
        if self.low == -inf:
            return f"{'<' if self.strict else '≤'} {self.high:g}"
        left, right = ("(", ")") if self.strict else ("[", "]")
        return f"{left}{self.low:.4g}, {self.high:.4g}{right}"

    def admits(self, value: float) -> bool:
        """Whether a figure is within the range."""
        return self.low < value < self.high if self.strict else self.low <= value <= self.high


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A gate, what was measured, and whether it passed; explanation is shown where it did not."""

    gate: Gate
    got: Estimate
    passed: bool
    explanation: str = ""

    @property
    def verdict(self) -> str:
        """passed, explained, or failed."""
        if self.passed:
            return "passed"
        return "explained" if self.explanation else "failed"


RISE_MAX = 2.6
"""Of the ten pairs of fifths none may rise by more standard errors: 5 % for all of them together (Bonferroni)."""

GATES: tuple[Gate, ...] = (
    Gate(key="impact_exponent", fact="Impact exponent", measure="δ of I/σ = Y (Q/V)^δ", low=0.4, high=0.7),
    Gate(key="impact_prefactor", fact="Impact exponent", measure="Y of the same fit", low=0.3, high=3.0),
    Gate(key="decay", fact="Decay", measure="I(2T)/I(T)", low=0.3, high=0.95, strict=True),
    Gate(key="sign_memory", fact="Sign memory", measure="γ of C(ℓ) ~ ℓ^−γ, lags 10–500", low=0.3, high=0.8),
    Gate(key="diffusivity", fact="Diffusivity", measure="variance ratio of the mid, 10 min to 10 s", low=0.8, high=1.2),
    Gate(
        key="signature_fall",
        fact="Signature plot",
        measure="largest rise of the trade-price curve, 1 s to 10 min",
        high=0.1,
    ),
    Gate(
        key="signature_start",
        fact="Signature plot",
        measure="trade-price over mid variance at 1 s",
        low=1.0,
        strict=True,
    ),
    Gate(
        key="signature_meet",
        fact="Signature plot",
        measure="trade-price over mid variance at 10 min",
        low=0.9,
        high=1.1,
    ),
    Gate(
        key="signature_flat",
        fact="Signature plot",
        measure="largest departure of the mid's curve from flat, 1 to 20 min",
        high=0.25,
    ),
    Gate(key="volume_open", fact="Volume curve", measure="first half hour over mid-day", low=1.5, strict=True),
    Gate(key="volume_close", fact="Volume curve", measure="last half hour over mid-day", low=1.5, strict=True),
    Gate(
        key="auction_share",
        fact="Volume curve",
        measure="closing auction, part of the day",
        low=0.05,
        high=0.15,
        decimals=3,
    ),
    Gate(key="spread", fact="Spread", measure="time-weighted spread, bps", low=0.0, high=inf),
    Gate(
        key="spread_link",
        fact="Spread",
        measure="correlation of spread and volatility, 5 min",
        low=0.0,
        strict=True,
    ),
    Gate(key="fat_tails", fact="Fat tails", measure="Hill exponent of 1-min returns", low=2.5, high=5.0),
    Gate(
        key="clustering",
        fact="Volatility clustering",
        measure="autocorrelation of |1-min returns| at lag 30",
        low=0.05,
        strict=True,
        decimals=3,
    ),
    Gate(key="flow_r_squared", fact="Order-flow imbalance", measure="R² on 10 s", low=0.4, strict=True),
    Gate(key="flow_slope", fact="Order-flow imbalance", measure="slope × 2 × depth", low=0.5, high=2.0),
    Gate(
        key="queue_rise",
        fact="Fill realism",
        measure="largest rise of fill probability towards the back, SE",
        high=RISE_MAX,
    ),
    Gate(
        key="queue_front",
        fact="Fill realism",
        measure="fill probability, front fifth of the queue less back fifth",
        low=0.0,
        strict=True,
    ),
    Gate(key="markout", fact="Fill realism", measure="markout of passive fills, bps", high=0.0, strict=True),
    Gate(
        key="markout_back",
        fact="Fill realism",
        measure="markout, back fifth less front fifth, bps",
        high=0.0,
        strict=True,
    ),
    Gate(
        key="react_zero",
        fact="Reactivity",
        measure="sessions whose tape differs with an order of quantity 0",
        low=0.0,
        high=0.0,
        decimals=0,
    ),
    Gate(
        key="react_cost",
        fact="Reactivity",
        measure="mean cost of orders, daily volatilities",
        low=0.0,
        strict=True,
        decimals=4,
    ),
)


def gates_for(spread_low: float, spread_high: float) -> tuple[Gate, ...]:
    """The gates of a name whose time-weighted spread should lie between two figures in bps."""
    return tuple(
        msgspec.structs.replace(gate, low=spread_low, high=spread_high) if gate.key == "spread" else gate
        for gate in GATES
    )


def judge(gate: Gate, got: Estimate, explanation: str = "") -> Judged:
    """A figure against its gate; what could not be measured has not passed."""
    passed = got.value is not None and gate.admits(got.value)
    return Judged(gate=gate, got=got, passed=passed, explanation="" if passed else explanation)
