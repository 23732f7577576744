"""One name in one generator: sessions alone, the same with parents, with probes and with orders of nothing.

A seed is one task and one fresh market for each of its runs; two processes share the seeds. What comes back is
small: facts of the session and what each order did.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

import msgspec

from sottovoce.analytics.market_facts.columns import AUCTION_LATE_NS, cut_sessions
from sottovoce.analytics.market_facts.tape_facts import SessionFacts, session_facts
from sottovoce.core.enums import Side, TimeInForce
from sottovoce.core.instrument import Instrument, tick_at
from sottovoce.core.ports import Market, Session, Tape
from tools.market_study.generators import maker
from tools.market_study.parents import SIZES, Parent, RawOrder, parent_of, run_parent
from tools.market_study.playing import SECOND_NS, column, limit_order, lit_venues, play, tape_digest
from tools.market_study.probes import RawProbe, run_probes

PROCESSES = 2
ZERO_SEEDS = 5
"""In so many seeds the whole session is run again with orders of quantity 0."""

LONG_EVERY = 2
"""Every so many seeds has the order that takes two sessions."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to study: sizes are Q/V of the parents, sessions those they may be worked in, seeds how many from first."""

    generator: str
    instrument: Instrument
    sessions: tuple[Session, ...]
    seeds: int
    first_seed: int = 1
    sizes: tuple[float, ...] = SIZES


class SeedResult(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Everything one seed said. differs is None where orders of nothing were not tried."""

    seed: int
    facts: SessionFacts
    orders: tuple[RawOrder, ...]
    probes: tuple[RawProbe, ...]
    differs: bool | None


def run_seed(plan: Plan, seed: int) -> SeedResult:
    """All runs of one seed."""
    first = plan.sessions[0]
    name = plan.instrument.instrument_id
    market = fresh(plan, seed)
    play(market, first.close_ns + AUCTION_LATE_NS)
    tape = market.tape(name)
    tick = tick_at(plan.instrument, int(column(tape.trade_px)[-1]), first.date)
    facts = session_facts(cut_sessions(tape, [(first.open_ns, first.close_ns)], tick)[0])
    digest = tape_digest(tape)
    parents = parents_of(plan, seed)
    play(market, max([first.close_ns + AUCTION_LATE_NS, *(parent.end_ns for parent in parents)]))
    alone = market.tape(name)
    orders = [run_parent(fresh(plan, seed), plan.instrument, plan.sessions, parent, alone, seed) for parent in parents]
    return SeedResult(
        seed=seed,
        facts=facts,
        orders=tuple(orders),
        probes=tuple(run_probes(fresh(plan, seed), name, first, seed)),
        differs=_differs(plan, seed, digest, tape) if seed < plan.first_seed + ZERO_SEEDS else None,
    )


def fresh(plan: Plan, seed: int) -> Market:
    """A market that has not begun."""
    return maker(plan.generator)([plan.instrument], plan.sessions, seed)


def parents_of(plan: Plan, seed: int) -> list[Parent]:
    """The parents of a seed: one of each size, of more than one session only in some seeds."""
    days = plan.sessions if seed % LONG_EVERY == 0 else plan.sessions[:1]
    found = (parent_of(plan.instrument, days, seed, place, size) for place, size in enumerate(plan.sizes))
    return [parent for parent in found if parent is not None]


def _differs(plan: Plan, seed: int, digest: str, alone: Tape) -> bool:
    """Whether a market that is asked often and sent orders of quantity 0 prints another tape."""
    first, name = plan.sessions[0], plan.instrument.instrument_id
    market = fresh(plan, seed)
    px = int(column(alone.trade_px)[0])
    for number, at_ns in enumerate(range(first.open_ns + SECOND_NS, first.close_ns, 600 * SECOND_NS)):
        play(market, at_ns)
        for venue in lit_venues(market):
            nothing = limit_order(
                name, f"{venue}{number}", venue, Side.BUY, 0, px, TimeInForce.IMMEDIATE_OR_CANCEL, at_ns
            )
            market.send(nothing, at_ns)
    play(market, first.close_ns + AUCTION_LATE_NS)
    return tape_digest(market.tape(name)) != digest


def run(plan: Plan, processes: int = PROCESSES) -> list[SeedResult]:
    """Every seed, in order, with a progress line on standard error."""
    found = []
    for result in _results(plan, range(plan.first_seed, plan.first_seed + plan.seeds), processes):
        found.append(result)
        _progress(plan, len(found))
    return sorted(found, key=lambda result: result.seed)


def _results(plan: Plan, seeds: Sequence[int], processes: int) -> Iterator[SeedResult]:
    workers = min(processes, PROCESSES, len(seeds))
    if workers < 2:
        yield from (run_seed(plan, seed) for seed in seeds)
        return
    # Unlike multiprocessing.Pool, this raises when a process dies instead of waiting for it for ever.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(run_seed, plan, seed) for seed in seeds]):
            yield done.result()


def _progress(plan: Plan, done: int) -> None:
    if not sys.stderr.isatty():
        return
    filled = round(30 * done / plan.seeds)
    bar = "█" * filled + "·" * (30 - filled)
    end = "\n" if done == plan.seeds else ""
    print(f"\r{plan.generator:<8} {bar} {done} of {plan.seeds} sessions", end=end, file=sys.stderr, flush=True)
