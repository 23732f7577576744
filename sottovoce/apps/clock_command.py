"""`sottovoce clock`: may the times in the record be relied on?"""

from __future__ import annotations

from typing import Annotated

import cyclopts

from sottovoce.apps.output import FAULT, OK, emit

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def clock(*, as_json: Json = False) -> int:
    """How far this machine's clock is from UTC and what its records would be marked as; exit 1 if not compliant.

    The offset is what chrony, else the kernel says; where neither can tell, the standing is unknown: not compliant.

    Args:
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.timekeeping.offset import read_clock
    from sottovoce.core.clock_events import ClockStanding
    from sottovoce.stages.record_keeping import ClockConfig, RecordKeeping

    config = ClockConfig()
    reading = read_clock()
    standing = RecordKeeping(config).standing(reading)
    compliant = standing in (ClockStanding.COMPLIANT, ClockStanding.DRIFTING)
    document = {
        "standing": standing.value,
        "compliant": compliant,
        "offset_ns": reading.offset_ns,
        "error_ns": reading.error_ns,
        "source": reading.source,
        "alert_ns": config.alert_ns,
        "compliant_ns": config.compliant_ns,
    }

    def text() -> str:
        if reading.offset_ns is None:
            return f"clock {standing.value}: nothing here can tell how far it is from UTC ({reading.source})"
        offset, error = reading.offset_ns / 1e6, reading.error_ns / 1e6
        return f"clock {standing.value}: {offset:+.3f} ms from UTC, give or take {error:.3f} ms ({reading.source})"

    emit(document, as_json, text)
    return OK if compliant else FAULT
