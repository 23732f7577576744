"""What a record is made of: evidence kept beside it, client ids taken out of it, and a hash over all of it."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.adapters.journal.records import (
    EVIDENCE,
    GENESIS,
    Body,
    EvidenceRef,
    chain_hash,
    content_hash,
    decode,
    decode_evidence,
    record_of,
)
from sottovoce.core.errors import JournalError
from sottovoce.core.order_events import OrderAccepted, OrderRefused
from sottovoce.core.ports import Step
from sottovoce.core.route_events import RouteDecided
from tests.adapters.journal.worked import fresh_system, morning

PREV = bytes(range(32))


def routed() -> Step:
    return next(step for step in morning() if any(isinstance(event, RouteDecided) for event in step.events))


def test_evidence_stands_in_the_body_by_its_hash() -> None:
    record = record_of(3, routed(), PREV)
    body = decode(record.body)
    assert isinstance(body, Body)
    referred = [event.hash for event in body.events if isinstance(event, EvidenceRef)]
    assert referred == [digest for digest, _ in record.evidence]
    assert all(content_hash(content) == digest for digest, content in record.evidence)
    whole = [event for event in routed().events if isinstance(event, RouteDecided)]
    assert [decode_evidence(content) for _, content in record.evidence] == whole


def test_no_stage_folds_evidence() -> None:
    """Replay may leave it out."""
    system = fresh_system()
    assert all(kind not in system.appliers and kind not in system.deciders for kind in EVIDENCE)


def test_client_ids_are_those_accepted_and_refused() -> None:
    given = [parent for seq, step in enumerate(morning(), 1) for parent in record_of(seq, step, PREV).client_ids]
    events = [event for step in morning() for event in step.events]
    assert given == [event.parent_id for event in events if isinstance(event, OrderAccepted | OrderRefused)]
    assert len(given) == 5


def test_hash_covers_place_time_content_and_predecessor() -> None:
    given = {
        chain_hash(1, 2, b"body", PREV),
        chain_hash(2, 2, b"body", PREV),
        chain_hash(1, 3, b"body", PREV),
        chain_hash(1, 2, b"bodz", PREV),
        chain_hash(1, 2, b"body", GENESIS),
        chain_hash(12, 2, b"body", PREV),
        chain_hash(1, 22, b"body", PREV),
    }
    assert len(given) == 7


@pytest.mark.parametrize("body", [b"", b"{", b'{"type":"nothing"}', b'{"type":"step"}', b"\xff", b"[" * 50])
def test_unreadable_body_is_a_journal_error(body: bytes) -> None:
    with pytest.raises(JournalError) as refused:
        decode(body)
    assert refused.value.code == "bad_record"
    with pytest.raises(JournalError):
        decode_evidence(body)


def test_bodies_are_json_a_person_can_read() -> None:
    body = msgspec.json.decode(record_of(1, morning()[0], PREV).body)
    assert body["type"] == "step"
    assert {"ts_ns", "feed_seq", "input", "events"} <= set(body)
