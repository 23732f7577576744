"""Ed25519 keys for the audit trail: made once, read from the environment or a private file, never from configuration.

The signer's half stays with the process that writes checkpoints; whoever verifies needs the public half only.
Source: RFC 8032; the library is `cryptography`, of the extra `audit`.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from sottovoce.core.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_VARIABLE = "SOTTOVOCE_AUDIT_KEY"
"""The signer's key itself, PEM."""

KEY_FILE_VARIABLE = "SOTTOVOCE_AUDIT_KEY_FILE"
"""Where the signer's key is, a file nobody else may read."""

PRIVATE_NAME, PUBLIC_NAME = "audit-key.pem", "audit-key.pub"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
KEY_ID_LENGTH = 16


class Signer:
    """Signs with one key. key_id names the public half: the first half of its SHA-256, hex."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = Verifier(private.public_key())
        self.key_id = self.public.key_id

    def sign(self, content: bytes) -> bytes:
        """64 bytes only the holder of the key can make for this content."""
        return self._private.sign(content)


class Verifier:
    """Checks signatures with a public key."""

    def __init__(self, public: Ed25519PublicKey) -> None:
        self._public = public
        self.key_id = hashlib.sha256(public.public_bytes_raw()).hexdigest()[: 2 * KEY_ID_LENGTH]

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's, for exactly this content."""
        from cryptography.exceptions import InvalidSignature

        try:
            self._public.verify(signature, content)
        except InvalidSignature:
            return False
        return True


def generate_key(folder: Path) -> tuple[Path, Path]:
    """Make a key pair in a folder: the private half readable by its owner only. Returns (private, public) paths.

    Raises: ConfigError, key_exists, where there is a key already: an old trail must stay verifiable;
    audit_extra_missing.
    """
    _need_cryptography()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    paths = folder / PRIVATE_NAME, folder / PUBLIC_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content, mode in ((paths[0], secret, 0o600), (paths[1], shown, 0o644)):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(content)
    except FileExistsError as error:
        sentence = f"{error.filename} is there already; what it has signed must stay verifiable. Give another folder."
        raise ConfigError(sentence, code="key_exists") from error
    except OSError as error:
        raise ConfigError(f"cannot write a key to {folder}: {error.strerror}", code="key_unwritable") from error
    return paths


def load_signer(path: Path | None = None) -> Signer:
    """The signer's key: from path, else from SOTTOVOCE_AUDIT_KEY, else from the file SOTTOVOCE_AUDIT_KEY_FILE names.

    Raises: ConfigError: key_missing, key_exposed (others may read the file), key_unreadable, audit_extra_missing.
    """
    _need_cryptography()
    text = None if path is not None else os.environ.get(KEY_VARIABLE)
    if text is not None:
        return Signer(_private(text.encode(), KEY_VARIABLE))
    named = path or _named_file()
    return Signer(_private(_private_bytes(named), str(named)))


def load_verifier(path: Path) -> Verifier:
    """The public key in a file, PEM. Raises ConfigError: key_unreadable, audit_extra_missing."""
    _need_cryptography()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        public = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot read the key {path}: {error.strerror}", code="key_unreadable") from error
    except ValueError as error:
        raise ConfigError(f"{path} holds no public key in PEM.", code="key_unreadable") from error
    if not isinstance(public, Ed25519PublicKey):
        raise ConfigError(f"{path} holds a key of another kind than Ed25519.", code="key_unreadable")
    return Verifier(public)


def _named_file() -> Path:
    named = os.environ.get(KEY_FILE_VARIABLE)
    if not named:
        sentence = f"There is no key to sign with: give --key, or set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}."
        raise ConfigError(sentence, code="key_missing")
    return Path(named)


def _private_bytes(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if mode & OTHERS:
            sentence = f"{path} may be read by others than its owner (mode {stat.S_IMODE(mode):o}); chmod 600 it."
            raise ConfigError(sentence, code="key_exposed")
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read the key {path}: {error.strerror}", code="key_missing") from error


def _private(content: bytes, where: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{where} holds no private key in PEM.", code="key_unreadable") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ConfigError(f"{where} holds a key of another kind than Ed25519.", code="key_unreadable")
    return private


def _need_cryptography() -> None:
    try:
        import cryptography  # noqa: F401
    except ImportError as error:
        sentence = "Signing needs cryptography, which is not installed: pip install 'sottovoce[audit]'."
        raise ConfigError(sentence, code="audit_extra_missing") from error
