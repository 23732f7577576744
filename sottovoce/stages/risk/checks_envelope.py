"""Does a running order stay within its plan: no larger a part of the market than it was allowed (AT-06)."""

from __future__ import annotations

from sottovoce.core.enums import Tactic
from sottovoce.stages.risk.case import PPM, Case, Found, broken
from sottovoce.stages.risk.state import Running, Sample
from sottovoce.stages.risk.tight import NEVER

SAMPLES = 10
"""So many samples a window are kept, and one from before it."""


def participation(case: Case) -> Found:
    """AT-06: our part of all that traded over the window, above the plan's cap by more than the envelope."""
    window_ns = case.levels.tight.envelope_ns
    return None if window_ns == NEVER else _over(case, window_ns)


def participation_early(case: Case) -> Found:
    """AT-06, a warning: the same over the last third of the window."""
    window_ns = case.levels.tight.envelope_ns
    return None if window_ns == NEVER else _over(case, window_ns // 3)


def _over(case: Case, window_ns: int) -> Found:
    child, running = case.child, case.running
    if child is None or running is None or running.cap_ppm <= 0 or child.tactic is Tactic.AUCTION:
        return None
    bound, market = case.levels.tight.get("envelope_ppm"), case.market
    then = sample_before(running, case.ts_ns - window_ns)
    if bound is None or market is None or then is None:
        return None
    ours = running.filled - then.filled
    # A block of another order of ours is no market to hide in: what all of ours printed is not volume.
    own = max(case.state.own.get(case.path.instrument_id, 0) - then.own_qty, ours)
    all_traded = ours + max(market.volume - then.market_volume - own, 0)
    most = running.cap_ppm + bound.value
    if ours <= 0 or ours * PPM <= all_traded * most:
        return None
    part = "all" if all_traded <= 0 else f"{100 * ours / all_traded:.1f} %"
    return [broken("participation_over", f"{part} of {all_traded}", f"{most / 10_000:.1f} %", "0", bound)]


def sample_before(running: Running, ts_ns: int) -> Sample | None:
    """The newest sample that is old enough, or None while there is none."""
    found = None
    for sample in running.flow:
        if sample.ts_ns > ts_ns:
            break
        found = sample
    return found


def sampled(running: Running, ts_ns: int, market_volume: int, window_ns: int, own_qty: int = 0) -> None:
    """Take a sample, a tenth of a window after the last; keep those of a window and the one before."""
    flow = running.flow
    if flow and ts_ns - flow[-1].ts_ns < window_ns // SAMPLES:
        return
    flow.append(Sample(ts_ns=ts_ns, market_volume=market_volume, filled=running.filled, own_qty=own_qty))
    while len(flow) > 2 and flow[1].ts_ns <= ts_ns - window_ns:
        del flow[0]
