"""One version of everything, or no trading: components of a group report their build and configuration (AT-13).

A group trades when every member that was expected has reported the approved pair. One that differs, an unexpected one,
or one that is missing keeps it shut; one that changes later latches it, and a latched group stays shut until risk opens
it again, which is refused while members still differ. So a partial roll-back is as impossible as a partial roll-out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from sottovoce import __version__
from sottovoce.core.errors import ConfigError
from sottovoce.runtime.config import Config

PACKAGE = Path(__file__).resolve().parent.parent
SHOWN = 12
"""Characters of a digest people are shown."""


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """What a component is made of. source and config are SHA-256, hex: of the package's code, of its settings."""

    version: str
    source: str
    config: str

    def said(self) -> str:
        """The build as people compare it."""
        return f"{self.version}, source {self.source[:SHOWN]}, configuration {self.config[:SHOWN]}"


@lru_cache(maxsize=1)
def source_digest() -> str:
    """SHA-256 over every module of the package, by path: the code that would run, whatever it calls itself."""
    whole = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        whole.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def build_of(config: Config) -> Build:
    """What this process is."""
    settings = msgspec.json.encode(config, order="deterministic")
    return Build(version=__version__, source=source_digest(), config=hashlib.sha256(settings).hexdigest())


class Group:
    """Members of one kind that must be alike, eight routers say. approved: what they must be."""

    def __init__(self, approved: Build, expected: Sequence[str]) -> None:
        if not expected:
            raise ConfigError("a group needs the names of its members", code="group_empty")
        self._approved = approved
        self._expected = tuple(expected)
        self._builds: dict[str, Build] = {}
        self._started = False
        self.latched = ""

    def report(self, member: str, build: Build) -> list[str]:
        """Take in what a member says it is; returns what is wrong with the group now, for the alert."""
        self._builds[member] = build
        wrong = self.differences()
        if wrong and self._started:
            self.latched = self.latched or wrong[0]
        return wrong

    def differences(self) -> list[str]:
        """A sentence a member that is missing, unexpected or not the approved build; empty when all is well."""
        approved = self._approved.said()
        found = [f"{name} has not reported" for name in self._expected if name not in self._builds]
        for name, build in sorted(self._builds.items()):
            if name not in self._expected:
                found.append(f"{name} is not a member of this group")
            elif build != self._approved:
                found.append(f"{name} runs {build.said()}; approved is {approved}")
        return found

    def start(self) -> None:
        """Begin trading. Raises ConfigError, code mixed_builds, naming every member that differs."""
        self._refuse_while_mixed("The group does not start")
        self._started = True

    def reopen(self) -> None:
        """Risk opens a latched group again. Raises ConfigError while members still differ."""
        self._refuse_while_mixed("The group stays shut")
        self.latched = ""

    def may_trade(self, member: str) -> bool:
        """Whether a member may send anything that raises exposure now."""
        return self._started and not self.latched and self._builds.get(member) == self._approved

    def builds(self) -> Mapping[str, Build]:
        """What every member said last."""
        return dict(self._builds)

    def _refuse_while_mixed(self, what: str) -> None:
        wrong = self.differences()
        if wrong:
            raise ConfigError(f"{what}: {'; '.join(wrong)}. Deploy one build to all of them.", code="mixed_builds")
