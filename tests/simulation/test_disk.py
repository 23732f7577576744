"""The simulated disk: what is flushed stays, what is not is lost, and a torn record is never taken for a whole one."""

from __future__ import annotations

from random import Random

import msgspec
import pytest

from sottovoce.adapters.clock import VirtualClock
from sottovoce.core.commands import AlgoWake
from sottovoce.core.errors import JournalError
from sottovoce.core.ports import Step
from tools.faultsim.disk import Platter, PowerLoss, SimulatedJournal, chained, unframed
from tools.faultsim.faults import NONE, Faults


def step(number: int) -> Step:
    return Step(ts_ns=number, feed_seq=0, input=AlgoWake(parent_id="P-1", number=number), events=())


def journal(platter: Platter, faults: Faults = NONE, seed: int = 1) -> SimulatedJournal:
    return SimulatedJournal(platter, faults, Random(seed), VirtualClock(0))


def test_what_was_flushed_is_read_back_by_the_next_life() -> None:
    platter = Platter()
    first = journal(platter)
    first.append(step(1))
    first.flush()
    first.append(step(2))
    first.power_off()
    assert [seq for seq, _ in journal(platter).steps()] == [1]
    assert [each.ts_ns for each in first.lost] == [2]


def test_a_torn_record_is_cut() -> None:
    platter = Platter()
    writer = journal(platter, Faults(tears=1.0))
    writer.append(step(1))
    writer.power_off()
    assert platter.torn
    platter.open()
    assert (platter.torn, platter.cuts, platter.frames) == (b"", 1, [])


def test_a_changed_byte_is_found() -> None:
    platter = Platter()
    writer = journal(platter)
    writer.append(step(1))
    writer.flush()
    damaged = bytearray(platter.frames[0])
    damaged[-1] ^= 1
    with pytest.raises(JournalError):
        unframed(bytes(damaged))


def test_a_record_left_out_breaks_the_chain() -> None:
    platter = Platter()
    writer = journal(platter)
    for number in (1, 2, 3):
        writer.append(step(number))
    writer.flush()
    del platter.frames[1]
    with pytest.raises(JournalError):
        chained(platter.records())


def test_the_power_goes_within_a_flush_and_what_was_written_is_a_prefix() -> None:
    kept = set()
    for seed in range(30):
        platter = Platter()
        writer = journal(platter, Faults(crashes=1.0), seed)
        for number in (1, 2, 3):
            writer.append(step(number))
        with pytest.raises(PowerLoss):
            writer.flush()
        assert [record.seq for record in platter.records()] == list(range(1, len(platter.frames) + 1))
        kept.add(len(platter.frames))
    assert kept == {0, 1, 2, 3}


def test_a_full_disk_is_strained_or_refuses() -> None:
    said = set()
    for seed in range(30):
        writer = journal(Platter(), Faults(disk_full=1.0), seed)
        writer.append(step(1))
        try:
            writer.flush()
        except JournalError as error:
            said.add(error.code)
        else:
            said.add(writer.strain())
    assert said == {"disk_full", "journal_full"}


def test_half_a_snapshot_is_none() -> None:
    platter = Platter()
    journal(platter, Faults(tears=1.0)).snapshot({"stage": b"{}"})
    journal(platter).snapshot({"stage": b"{}"})
    assert list(journal(platter).snapshots()) == [(0, {"stage": b"{}"}), (0, None)]
    assert msgspec.json.encode(platter.snapshots[1][1]) == b'{"stage":"e30="}'
