"""The exception tree. Outcomes are events; an exception is a surprise.

SottovoceError
├── ConfigError        configuration or command line cannot be used
├── MalformedMessage   bytes, a file or a message that does not say what it must
├── ConnectivityError  a downstream did not answer; may be tried again
├── NotFound           what was asked for does not exist
├── JournalError       the record cannot be written or does not verify: stop taking orders
├── PlanError          no plan can be made from these inputs
├── ModelError         a model refuses its inputs
└── InvariantError     our own bug: trading halts
"""

from __future__ import annotations


class SottovoceError(Exception):
    """A sentence for the person at the desk, with a stable code and the exit code of the command line."""

    code = "error"
    exit_code = 2

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class ConfigError(SottovoceError):
    code = "config"


class MalformedMessage(SottovoceError):
    code = "malformed"


class ConnectivityError(SottovoceError):
    code = "unavailable"
    exit_code = 6


class NotFound(SottovoceError):
    code = "not_found"
    exit_code = 4


class JournalError(SottovoceError):
    code = "journal"
    exit_code = 1


class PlanError(SottovoceError):
    code = "plan"


class ModelError(SottovoceError):
    code = "model"


class InvariantError(SottovoceError):
    code = "invariant"
    exit_code = 7
