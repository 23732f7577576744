"""A short real run of the chaos: five kills of a desk on real files, and a comparison that can fail."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.adapters.loopback_venue.book import Repeated
from sottovoce.adapters.loopback_venue.record import VenueRecord
from tools.chaos_run.compare import compare
from tools.chaos_run.runner import Chaos
from tools.chaos_run.table import document_of, table_of

KILLS = 5


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Chaos:
    return Chaos(tmp_path_factory.mktemp("chaos"), seed=5, kills=KILLS)


def test_five_kills_lose_nothing_and_do_nothing_twice(run: Chaos) -> None:
    outcome = run.run()
    assert outcome.comparison.sound, table_of(outcome)
    assert outcome.kills == KILLS
    assert outcome.acknowledged > 0
    assert outcome.comparison.fills > 0
    assert document_of(outcome)["sound"]
    _finds_what_it_is_there_for(run, list(run._client.acknowledged), outcome.comparison.digests["live"])


def _finds_what_it_is_there_for(run: Chaos, acknowledged: list[str], live: str) -> None:
    """The same comparison with one more acknowledgement, another digest, a doubled order, and a fill nobody told of."""
    files = (run._setting, run._journal, run._record)
    assert compare(*files, acknowledged, live).sound
    assert compare(*files, [*acknowledged, "P-NEVER"], live).acknowledged_lost == ["P-NEVER"]
    assert not compare(*files, acknowledged, "another state").sound
    lines = run._record.read_bytes().splitlines()
    trade = next(line for line in lines if b'"exec_type":"trade"' in line)
    invented = msgspec.json.decode(trade) | {"exec_id": "nobody-told-of"}
    with run._record.open("ab") as record:
        record.write(msgspec.json.encode(invented) + b"\n")
    assert compare(*files, acknowledged, live).fills_lost == ["nobody-told-of"]
    again = VenueRecord(run._record)
    again.write(Repeated(cl_ord_id="X", same=True))
    again.close()
    assert compare(*files, acknowledged, live).duplicates_at_venue == 1
