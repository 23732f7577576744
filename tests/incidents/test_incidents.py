"""Incidents I-01 to I-11: each is held, also with one and with two of its layers off."""

from __future__ import annotations

import pytest

from tests.incidents import INCIDENTS
from tests.incidents.layers import Incident

CASES = [(incident, off) for incident in INCIDENTS for off in incident.off]


@pytest.mark.parametrize(("incident", "off"), CASES, ids=[f"{incident.row}-{off}" for incident, off in CASES])
def test_it_is_held(incident: Incident, off: int) -> None:
    outcome = incident.outcome(off)
    assert outcome.passed, f"{incident.row} without {[layer.name for layer in incident.layers[:off]]}: {outcome}"


def test_no_incident_is_missing() -> None:
    assert [incident.row for incident in INCIDENTS] == [f"I-{number:02}" for number in range(1, 12)]
