"""The study: history, then what it teaches, then the test, each a list of tasks shared by two processes.

Every finished task is a line of a file, so a study that was stopped is taken up where it stopped. What training
teaches goes into the tasks after it. A file is named by what had been learned and by the code that ran, so that
outcomes of another desk never mix with these.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import msgspec

from tools.execution_bench.calibrating import impact_of, quantiles_of
from tools.execution_bench.history import curve_of
from tools.execution_bench.learned import Learned
from tools.execution_bench.playing import Played
from tools.execution_bench.sessions import TEST_SEED, TRAIN_SEED
from tools.execution_bench.tasks import Done, Task, do

PROCESSES = 2
ROOT = Path(__file__).resolve().parents[2]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How much of everything, for each generator: days of history, orders the impact is fitted to, orders the ends of
    the interval are learned from, test sessions."""

    generators: tuple[str, ...] = ("agents", "queues")
    history: int = 36
    fit: int = 432
    ends: int = 864
    sessions: int = 240


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a generator's part of the study came to."""

    generator: str
    learned: Learned
    training: tuple[Played, ...]
    tested: tuple[Played, ...]


def run(plan: Plan, out: Path, processes: int = PROCESSES) -> list[Found]:
    """Everything of every generator. out: folder the finished tasks are kept in."""
    return [_generator(plan, name, out, processes) for name in plan.generators]


def _generator(plan: Plan, name: str, out: Path, processes: int) -> Found:
    base = Learned()
    days = _stage(_tasks("history", name, 0, plan.history), base, out, processes)
    base = Learned(curve=curve_of(name, [done.volume for done in days if done.volume is not None]))
    first = _orders(_tasks("fit", name, TRAIN_SEED, plan.fit), base, out, processes)
    base = msgspec.structs.replace(base, impact=impact_of(first, f"{name}/{len(first)} orders"))
    second = _orders(_tasks("ends", name, TRAIN_SEED + plan.fit, plan.ends), base, out, processes)
    quantiles = quantiles_of(second, f"{name}/{len(second)} orders")
    learned = msgspec.structs.replace(base, quantiles=quantiles)
    tested = _orders(_tasks("test", name, TEST_SEED, plan.sessions), learned, out, processes)
    return Found(generator=name, learned=learned, training=tuple(first + second), tested=tuple(tested))


def _tasks(stage: str, name: str, first: int, number: int) -> list[Task]:
    return [Task(stage=stage, generator=name, number=first + n) for n in range(number)]


def _orders(tasks: Sequence[Task], learned: Learned, out: Path, processes: int) -> list[Played]:
    return [order for done in _stage(tasks, learned, out, processes) for order in done.orders]


def _stage(tasks: Sequence[Task], learned: Learned, out: Path, processes: int) -> list[Done]:
    """The results of tasks in their order; those of an earlier run with the same learning are read."""
    words = code_digest().encode() + msgspec.json.encode(learned, order="deterministic")
    path = out / f"{tasks[0].stage}-{tasks[0].generator}-{hashlib.sha256(words).hexdigest()[:12]}.jsonl"
    found = _read(path)
    left = [task for task in tasks if task.key not in found]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        for done in _shared(left, learned, processes):
            file.write(msgspec.json.encode(done) + b"\n")
            file.flush()
            found[done.key] = done
            _progress(tasks[0], len(tasks) - len(left), len(tasks), found)
    return [found[task.key] for task in tasks]


@lru_cache(maxsize=1)
def code_digest() -> str:
    """SHA-256 over the package and this study, hex."""
    seal = hashlib.sha256()
    for path in sorted([*(ROOT / "sottovoce").rglob("*.py"), *Path(__file__).parent.glob("*.py")]):
        seal.update(path.relative_to(ROOT).as_posix().encode())
        seal.update(path.read_bytes())
    return seal.hexdigest()


def _read(path: Path) -> dict[str, Done]:
    """Finished tasks; a last line that was cut off is not one."""
    found = {}
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
        if line.endswith(b"\n"):
            done = msgspec.json.decode(line, type=Done)
            found[done.key] = done
    return found


def _shared(tasks: Sequence[Task], learned: Learned, processes: int) -> Iterator[Done]:
    if min(processes, len(tasks)) < 2:
        yield from (do(task, learned) for task in tasks)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(do, task, learned) for task in tasks]):
            yield future.result()


def _progress(task: Task, before: int, whole: int, found: dict[str, Done]) -> None:
    if not sys.stderr.isatty():
        return
    filled = round(30 * len(found) / whole)
    bar = "█" * filled + "·" * (30 - filled)
    note = f", {before} of them before" if before else ""
    end = "\n" if len(found) >= whole else ""
    line = f"\r{task.stage:<8}{task.generator:<8}{bar} {len(found)} of {whole}{note}"
    print(line, end=end, file=sys.stderr, flush=True)
