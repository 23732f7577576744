"""`sottovoce audit`: sign the record, verify it offline, and tell the story of an order from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import cyclopts
import msgspec

from sottovoce.apps.output import FAULT, OK, emit, write_page
from sottovoce.core.errors import ConfigError, NotFound

app = cyclopts.App(name="audit", help="The record as an auditor reads it.")

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]
Flag = Annotated[bool, cyclopts.Parameter(negative=())]
Keys = Annotated[tuple[Path, ...], cyclopts.Parameter(name="--key", consume_multiple=True)]


@app.command
def keygen(folder: Path, *, as_json: Json = False) -> None:
    """Make the pair of keys that checkpoints are signed and verified with.

    Args:
        folder: where audit-key.pem (the signer's, keep it from whoever reads the journal) and audit-key.pub go.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.journal.signing import generate_key, load_verifier

    private, public = generate_key(folder)
    key_id = load_verifier(public).key_id
    document = {"key_id": key_id, "private": str(private), "public": str(public)}
    emit(document, as_json, lambda: f"key {key_id}\nsigns with    {private}\nverifies with {public}")


@app.command
def sign(
    journal: Path,
    *,
    checkpoints: Path,
    key: Path | None = None,
    last: Flag = False,
    protect: Flag = False,
    as_json: Json = False,
) -> None:
    """Check a journal and, if it is sound, sign how far it goes: one more checkpoint in the second store.

    Args:
        journal: the journal.db of a run.
        checkpoints: the second store, a file in another folder than the journal's; made if it is not there.
        key: the signer's key; else SOTTOVOCE_AUDIT_KEY, or the file SOTTOVOCE_AUDIT_KEY_FILE names.
        last: the journal is closed, nothing more will be recorded in it.
        protect: from now on the kernel refuses anything but appending to the second store; needs root.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.journal.signing import load_signer
    from sottovoce.adapters.journal.trail import sign_head

    signed = sign_head(_existing(journal), checkpoints, load_signer(key), last=last, protect=protect)
    point = signed.checkpoint
    text = f"signed {journal} up to record {point.seq}, head {point.head}, with key {point.key_id}"
    emit(signed, as_json, lambda: text)


@app.command
def verify(
    journal: Path,
    *,
    checkpoints: Path,
    key: Keys,
    receipt: Path | None = None,
    sealed: Flag = False,
    as_json: Json = False,
) -> int:
    """Check a journal against its signed checkpoints, offline; exit 1 and name the first bad record when they differ.

    Args:
        journal: the journal.db of a run, or a copy of it.
        checkpoints: the second store, or a copy of it.
        key: the public key or keys that may have signed.
        receipt: a file of yours in which the newest checkpoint seen is remembered, so that setting back journal and
            checkpoints together is found next time.
        sealed: the journal is closed, so an unsigned record at its end is a fault.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.journal.signing import load_verifier
    from sottovoce.adapters.journal.trail import verify_trail

    remembered = None if receipt is None else _remembered(receipt)
    keys = [load_verifier(each) for each in key]
    found = verify_trail(_existing(journal), checkpoints, keys, receipt=remembered, sealed=sealed)
    if receipt is not None and found.receipt is not None:
        write_page(receipt, msgspec.json.encode(found.receipt).decode())
    document = {"ok": found.ok} | msgspec.to_builtins(found)

    def text() -> str:
        if found.ok:
            open_end = f"; {found.unsigned} more are chained and not signed yet" if found.unsigned else ""
            signed = f"signed up to record {found.signed_seq} by {found.checkpoints} checkpoints"
            return f"{journal}: {found.records} records, all as they were signed, {signed}{open_end}"
        first = f"{journal}: not as it was signed; the first bad record is {found.first_bad}"
        return "\n".join([first, *(f"  {fault}" for fault in found.faults)])

    emit(document, as_json, text)
    return OK if found.ok else FAULT


@app.command
def show(
    order: str,
    *,
    journal: Path,
    checkpoints: Path | None = None,
    key: Keys = (),
    html: Path | None = None,
    as_json: Json = False,
) -> int:
    """Tell the story of an order: eight questions answered from the record; exit 1 where the record is not intact.

    Args:
        order: our id of the order, or the client's own.
        journal: the journal.db of a run.
        checkpoints: the second store, to say whether the record is as it was signed.
        key: the public key or keys that may have signed.
        html: also write the story as one self-contained page.
        as_json: one JSON object on standard output.
    """
    from sottovoce.analytics.audit.story_text import story_text

    story = _pack(order, journal, checkpoints, key).story
    if html is not None:
        from sottovoce.analytics.audit.story_html import story_html

        write_page(html, story_html(story))
    emit(story, as_json, lambda: story_text(story))
    return FAULT if story.intact is False else OK


@app.command
def export(
    order: str, *, journal: Path, out: Path, checkpoints: Path | None = None, key: Keys = (), as_json: Json = False
) -> int:
    """Write the evidence for one order: a JSON that can be verified on its own, and the page; exit 1 if not intact.

    Args:
        order: our id of the order, or the client's own.
        journal: the journal.db of a run.
        out: the folder for ORDER.json and ORDER.html.
        checkpoints: the second store; without it the evidence ends at the journal's head and is not signed.
        key: the public key or keys that may have signed.
        as_json: one JSON object on standard output.
    """
    from sottovoce.analytics.audit.story_html import story_html

    pack = _pack(order, journal, checkpoints, key)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot use {out}: {error.strerror}", code="out_unusable") from error
    files = [out / f"{pack.order_id}.json", out / f"{pack.order_id}.html"]
    write_page(files[0], msgspec.json.format(msgspec.json.encode(pack), indent=1).decode() + "\n")
    write_page(files[1], story_html(pack.story))
    proof = pack.proof
    document = {
        "order_id": pack.order_id,
        "intact": pack.story.intact,
        "records": len(proof.records),
        "links": len(proof.links),
        "checkpoints": len(proof.checkpoints),
        "files": [str(each) for each in files],
    }
    held = f"{len(proof.records)} records, {len(proof.links)} links, {len(proof.checkpoints)} checkpoints"
    emit(document, as_json, lambda: "\n".join([held, *(f"wrote {each}" for each in files)]))
    return FAULT if pack.story.intact is False else OK


@app.command
def check(pack: Path, *, key: Keys = (), as_json: Json = False) -> int:
    """Verify the evidence of one order on its own, without the journal; exit 1 and name what does not fit.

    Args:
        pack: the ORDER.json that `sottovoce audit export` wrote.
        key: the public key or keys that may have signed.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.journal.signing import load_verifier
    from sottovoce.apps.audit_stories import check_pack

    if not pack.is_file():
        raise NotFound(f"There is no file {pack}; give the JSON that `sottovoce audit export` wrote.", code="no_file")
    found = check_pack(pack.read_bytes(), [load_verifier(each) for each in key])

    def text() -> str:
        if not found["ok"]:
            return "\n".join([f"{pack}: does not hold", *(f"  {fault}" for fault in found["faults"])])
        return f"{pack}: holds; {found['signed']} records are signed, {found['chained']} are chained to the head only"

    emit(found, as_json, text)
    return OK if found["ok"] else FAULT


def _pack(order: str, journal: Path, checkpoints: Path | None, key: tuple[Path, ...]) -> Any:
    from sottovoce.apps.audit_stories import make_pack

    keys = []
    if key:
        from sottovoce.adapters.journal.signing import load_verifier

        keys = [load_verifier(each) for each in key]
    return make_pack(_existing(journal), order, checkpoints, keys)


def _remembered(path: Path) -> Any:
    """What the last verification wrote into a receipt, or None on the first. Raises ConfigError, bad_receipt."""
    from sottovoce.adapters.journal.checkpoint_store import Receipt

    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Receipt)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no receipt of an earlier verification: {error}", code="bad_receipt") from error


def _existing(path: Path) -> Path:
    if not path.is_file():
        sentence = f"There is no journal at {path}; give the journal.db of a run's --out folder."
        raise NotFound(sentence, code="no_journal")
    return path
