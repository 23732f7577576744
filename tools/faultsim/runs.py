"""Seeds, one by one: run, judge, repeat, shrink."""

from __future__ import annotations

import time

import msgspec

from sottovoce.core.errors import SottovoceError
from tools.faultsim.faults import ALL, NONE, SINGLES, Faults
from tools.faultsim.invariants import Breach
from tools.faultsim.world import World

MIXED = "all"
"""Name of the mixture of all faults."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: a seed, the faults by name, without some of them, and until how many events."""

    seed: int
    fault: str = MIXED
    events: int = 20_000
    without: tuple[str, ...] = ()

    @property
    def faults(self) -> Faults:
        """The rates of the faults. Raises KeyError for a name that is not in the table."""
        whole = ALL if self.fault == MIXED else SINGLES[self.fault]
        return msgspec.structs.replace(whole, **dict.fromkeys(self.without, 0.0))

    @property
    def command(self) -> str:
        """The line that repeats this run."""
        without = f" WITHOUT={','.join(self.without)}" if self.without else ""
        fault = f' FAULT="{self.fault}"' if self.fault != MIXED else ""
        return f"make sim SEED={self.seed} EVENTS={self.events}{fault}{without}"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a run went: invariant "" when all held, else the one that did not and what was wrong."""

    run: Run
    figures: dict[str, int | str]
    seconds: float
    cpu_seconds: float
    invariant: str = ""
    what: str = ""

    @property
    def events(self) -> int:
        return int(self.figures["events"])


def play(run: Run) -> Outcome:
    """Run one seed to its end, or to the first breach."""
    began, cpu_began = time.perf_counter(), time.process_time()
    invariant = what = ""
    world = World(run.seed, run.faults)
    try:
        world.start()
        world.run(run.events)
    except Breach as breach:
        invariant, what = breach.invariant, str(breach)
    except (SottovoceError, ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        invariant, what = "engine", f"{type(error).__name__}: {error}"
    return Outcome(
        run=run,
        figures=world.figures(),
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() - cpu_began,
        invariant=invariant,
        what=what,
    )


def shrink(failed: Outcome) -> Outcome:
    """A shorter run that breaks the same invariant: fewer events, then fewer faults."""
    smallest = failed
    shorter = msgspec.structs.replace(failed.run, events=max(failed.events, 1))
    for run in (shorter, *_with_less(shorter)):
        smaller = msgspec.structs.replace(run, without=(*smallest.run.without, *run.without))
        tried = play(smaller)
        if tried.invariant == failed.invariant and tried.events <= smallest.events:
            smallest = tried
    return smallest


def _with_less(run: Run) -> list[Run]:
    """The run without each fault it has."""
    names = [name for name in Faults.__struct_fields__ if getattr(run.faults, name) != getattr(NONE, name)]
    return [msgspec.structs.replace(run, without=(name,)) for name in names]
