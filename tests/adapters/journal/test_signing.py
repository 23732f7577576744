"""Keys come from the environment or a private file, and a signature serves for one content and one key only."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sottovoce.adapters.journal.signing import (
    KEY_FILE_VARIABLE,
    KEY_VARIABLE,
    generate_key,
    load_signer,
    load_verifier,
)
from sottovoce.core.errors import ConfigError


@pytest.fixture(autouse=True)
def no_key_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own settings play no part."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_FILE_VARIABLE, raising=False)


def test_signature_is_of_one_content_and_one_key(tmp_path: Path) -> None:
    private, public = generate_key(tmp_path / "a")
    _, other = generate_key(tmp_path / "b")
    signature = load_signer(private).sign(b"head")
    assert load_verifier(public).signed(b"head", signature)
    assert not load_verifier(public).signed(b"heaD", signature)
    assert not load_verifier(other).signed(b"head", signature)
    assert not load_verifier(public).signed(b"head", signature[:-1] + bytes([signature[-1] ^ 1]))
    assert load_signer(private).key_id == load_verifier(public).key_id != load_verifier(other).key_id


def test_private_half_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    private, _ = generate_key(tmp_path)
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_key_is_never_written_over(tmp_path: Path) -> None:
    private, _ = generate_key(tmp_path)
    before = private.read_bytes()
    with pytest.raises(ConfigError, match="is there already"):
        generate_key(tmp_path)
    assert private.read_bytes() == before


def test_key_comes_from_the_environment_or_the_file_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = generate_key(tmp_path)
    monkeypatch.setenv(KEY_FILE_VARIABLE, str(private))
    assert load_signer().key_id == load_verifier(public).key_id
    monkeypatch.delenv(KEY_FILE_VARIABLE)
    monkeypatch.setenv(KEY_VARIABLE, private.read_text())
    assert load_signer().key_id == load_verifier(public).key_id


def test_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    private, _ = generate_key(tmp_path)
    private.chmod(0o640)
    with pytest.raises(ConfigError, match="may be read by others") as refused:
        load_signer(private)
    assert refused.value.code == "key_exposed"


def test_no_key_anywhere_is_said() -> None:
    with pytest.raises(ConfigError, match="There is no key to sign with"):
        load_signer()


NO_KEY = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize("content", [b"", b"not a key", NO_KEY])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    for load in (load_signer, load_verifier):
        with pytest.raises(ConfigError) as refused:
            load(path)
        assert refused.value.code == "key_unreadable"


def test_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    key = X25519PrivateKey.generate()
    path = tmp_path / "key"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="another kind"):
        load_signer(path)
