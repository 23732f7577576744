"""What `sottovoce audit show` and `export` are made of: an order found, its record verified, its story told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from sottovoce import __version__
from sottovoce.adapters.journal.pack import Proof, build_proof, records_about
from sottovoce.adapters.journal.pack_check import check_proof, steps_of
from sottovoce.adapters.journal.signing import Verifier
from sottovoce.adapters.journal.trail import Trail, verify_trail
from sottovoce.adapters.journal.verify import Verification
from sottovoce.adapters.journal.verify import verify as verify_chain
from sottovoce.analytics.audit.order_record import gather, order_ids, words_about
from sottovoce.analytics.audit.story import Story, Verdict, tell
from sottovoce.core.errors import ConfigError, MalformedMessage, NotFound
from sottovoce.core.units import format_ns


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The evidence for one order: what it says, and the records that say so, with the proof of their place."""

    order_id: str
    made_with: str
    story: Story
    proof: Proof


def make_pack(journal: Path, name: str, store: Path | None, keys: Sequence[Verifier]) -> Pack:
    """Find an order by our id or the client's, verify the journal, and put its evidence together.

    Raises: NotFound, no_order; ConfigError, order_ambiguous; JournalError where records cannot be read.
    """
    order_id = _found(journal, name)
    proof = build_proof(journal, records_about(journal, words_about(order_id)), store)
    record = gather(order_id, steps_of(proof))
    kept = [seq for seq, _ in (*record.before, *record.steps)]
    return Pack(
        order_id=order_id,
        made_with=f"sottovoce {__version__}",
        story=tell(record, verdict_of(journal, store, keys)),
        proof=build_proof(journal, kept, store),
    )


def verdict_of(journal: Path, store: Path | None, keys: Sequence[Verifier]) -> Verdict:
    """What verification of the whole journal finds: against its checkpoints where they are given, else its chain."""
    if store is None:
        return _chain_verdict(verify_chain(journal))
    if not keys:
        raise ConfigError("Checkpoints are verified with a key: give --key.", code="key_missing")
    return _trail_verdict(verify_trail(journal, store, keys))


def check_pack(content: bytes, keys: Sequence[Verifier]) -> dict[str, Any]:
    """Verify a pack on its own. The document has ok, faults, and how many records are signed or only chained.

    Raises: MalformedMessage, bad_pack, when it is not a pack.
    """
    try:
        pack = msgspec.json.decode(content, type=Pack)
        found = check_proof(pack.proof, keys)
        if found.ok:
            found.faults.extend(_untrue(pack))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage(f"This is not the evidence of an order: {error}", code="bad_pack") from error
    return {
        "ok": found.ok,
        "order_id": pack.order_id,
        "records": len(pack.proof.records),
        "signed": found.signed,
        "chained": found.chained,
        "faults": found.faults,
    }


def _untrue(pack: Pack) -> list[str]:
    """Sentences of the pack's story that its records do not tell. What verification said then is not checked again."""
    said = Verdict(intact=pack.story.intact, sentences=pack.story.answers[-1].sentences[:-1])
    again = tell(gather(pack.order_id, steps_of(pack.proof)), said)
    return [] if again == pack.story else ["the story told in the pack is not what its records say"]


def _found(journal: Path, name: str) -> str:
    proof = build_proof(journal, records_about(journal, [f'"{name}"']))
    found = order_ids(name, steps_of(proof))
    if not found:
        raise NotFound(f"There is no order {name} in {journal}.", code="no_order")
    if len(found) > 1:
        raise ConfigError(f"{name} is {', '.join(found)}; give one of these.", code="order_ambiguous")
    return found[0]


def _chain_verdict(found: Verification) -> Verdict:
    if not found.ok:
        return Verdict(intact=False, sentences=(f"No: {found.faults[0]}.", *_more(found.faults)))
    said = f"Yes, as far as a chain can tell: {found.records:,} records each fit the one before, to head {found.head}."
    signed = "Nothing here is signed: a whole journal written anew would look the same. Give --checkpoints and --key."
    return Verdict(intact=True, sentences=(said, signed))


def _trail_verdict(found: Trail) -> Verdict:
    if not found.ok:
        first = f"No: the first bad record is {found.first_bad}: {found.faults[0]}."
        return Verdict(intact=False, sentences=(first, *_more(found.faults)))
    said = (
        f"Yes: all {found.records:,} records are as they were signed, up to record {found.signed_seq} by "
        f"{found.checkpoints} checkpoints, the last one of {format_ns(found.signed_ns, 0)[:19].replace('T', ' ')} UTC."
    )
    later = (f"{found.unsigned} later records are chained and not signed yet.",) if found.unsigned else ()
    return Verdict(intact=True, sentences=(said, *later))


def _more(faults: Sequence[str]) -> tuple[str, ...]:
    return (f"There are {len(faults) - 1} more faults.",) if len(faults) > 1 else ()
