"""A file of calibrated impact models: every version, every decision to use one, every plan that did.

Versions are kept as they were fitted and never changed; adding the same twice changes nothing. Which one plans are made
with is a decision of its own, with who took it, when and why; until one is taken, and after `published` is chosen
again, it is the published parameters. A decision is added, never overwritten. Uses are the plans of a journal that name
the version, recorded once each however often the journal is read, and the answers it gave to a person who asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import msgspec

from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.models.impact_record import CalibratedImpact, Form

PUBLISHED = "published"
"""The version every registry begins with: Almgren et al. 2005 as printed."""

ASKED = "asked"
"""The journal of uses that are no plan of one: a person's questions, numbered as they came."""

FORMS: tuple[Form, ...] = ("almgren", "square_root")

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS versions (version TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS decisions (seq INTEGER PRIMARY KEY, version TEXT NOT NULL, by TEXT NOT NULL,"
    " reason TEXT NOT NULL, at_ns INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS uses (journal TEXT NOT NULL, parent_id TEXT NOT NULL, seq INTEGER NOT NULL,"
    " version TEXT NOT NULL, ts_ns INTEGER NOT NULL, extrapolated INTEGER,"
    " PRIMARY KEY (journal, parent_id, seq)) STRICT",
)


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """From at_ns on, plans use this version: who said so and why."""

    version: str
    by: str
    reason: str
    at_ns: int


class ModelUse(msgspec.Struct, frozen=True, kw_only=True):
    """One plan made with a version: the step of its journal, when, and whether the order lay outside the sample;
    None where nobody can say.

    Or an answer to a person: journal ASKED, parent_id the question, seq its number.
    """

    journal: str
    parent_id: str
    seq: int
    version: str
    ts_ns: int
    extrapolated: bool | None


def standing(decisions: Iterable[Decision]) -> dict[Form, str]:
    """The version of each form that the decisions leave in use."""
    found: dict[Form, str] = {"almgren": PUBLISHED, "square_root": PUBLISHED}
    for each in decisions:
        for form in FORMS:
            if each.version == PUBLISHED or each.version.startswith(f"{form}/"):
                found[form] = each.version
    return found


class CalibrationRegistry:
    """The file. Close it, or use it in a with statement."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Raises: NotFound `no_registry` where there is no file and none is to be made; ConfigError `registry_bad`."""
        if not create and not path.is_file():
            sentence = f"There is no registry of models at {path}; `sottovoce calibrate impact` makes one."
            raise NotFound(sentence, code="no_registry")
        self._path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            for statement in SCHEMA:
                self._db.execute(statement)
        except sqlite3.Error as error:
            raise ConfigError(f"{path} is no registry of models: {error}.", code="registry_bad") from error

    def __enter__(self) -> CalibrationRegistry:
        return self

    def __exit__(self, *args: object) -> None:
        self._db.close()

    def add(self, record: CalibratedImpact) -> str:
        """Keep a version; one that is there already stays as it is. Returns its name."""
        body = msgspec.json.encode(record)
        self._db.execute("INSERT OR IGNORE INTO versions VALUES (?, ?)", (record.version, body))
        return record.version

    def get(self, version: str) -> CalibratedImpact:
        """A version by its name, or by a beginning or an end of it that only one has.

        Raises: NotFound `model_version`; ConfigError `registry_bad` for one whose content is not what its name says.
        """
        kept = self.versions()
        names = [name for name in kept if name == version] or [
            name for name in kept if name.startswith(version) or name.endswith(version)
        ]
        if len(names) != 1 or not version:
            listed = ", ".join(self.versions()) or "none"
            raise NotFound(f"No single version {version!r:.60} in {self._path}; it has {listed}.", code="model_version")
        body = self._db.execute("SELECT body FROM versions WHERE version = ?", (names[0],)).fetchone()[0]
        try:
            record = msgspec.json.decode(body, type=CalibratedImpact)
        except msgspec.DecodeError as error:
            raise ConfigError(f"{names[0]} in {self._path} cannot be read: {error}.", code="registry_bad") from error
        if record.version != names[0]:
            sentence = f"{names[0]} in {self._path} is not what was fitted: its content makes {record.version}."
            raise ConfigError(sentence, code="registry_bad")
        return record

    def versions(self) -> list[str]:
        """The names of all versions, in order of name."""
        return [row[0] for row in self._db.execute("SELECT version FROM versions ORDER BY version")]

    def decide(self, version: str, *, by: str, reason: str, at_ns: int) -> Decision:
        """Use a version from now on, or `published`. Raises NotFound as get; ConfigError `no_reason`."""
        if not reason.strip() or not by.strip():
            raise ConfigError("A model comes into use by a person's word: say who, and why.", code="no_reason")
        name = PUBLISHED if version == PUBLISHED else self.get(version).version
        decision = Decision(version=name, by=by.strip(), reason=reason.strip(), at_ns=at_ns)
        self._db.execute(
            "INSERT INTO decisions (version, by, reason, at_ns) VALUES (?, ?, ?, ?)",
            (decision.version, decision.by, decision.reason, decision.at_ns),
        )
        return decision

    def decisions(self) -> list[Decision]:
        """Every decision, the first first."""
        rows = self._db.execute("SELECT version, by, reason, at_ns FROM decisions ORDER BY seq")
        return [Decision(version=row[0], by=row[1], reason=row[2], at_ns=row[3]) for row in rows]

    def in_use(self, form: Form) -> CalibratedImpact | None:
        """The model of a form plans are to be made with; None for the published parameters. Raises as get.

        One of the Almgren form and one of the square-root law may be in use together: schedules and direct orders.
        """
        version = standing(self.decisions())[form]
        return None if version == PUBLISHED else self.get(version)

    def record_uses(self, uses: Iterable[ModelUse]) -> int:
        """Keep plans that named a version, all or none; returns how many were new.

        Raises: ConfigError `registry_unwritable`.
        """
        before = self._db.total_changes
        rows = [(u.journal, u.parent_id, u.seq, u.version, u.ts_ns, u.extrapolated) for u in uses]
        try:
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:
                self._db.executemany("INSERT INTO uses VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        except sqlite3.Error as error:
            sentence = f"{self._path} cannot keep which plans used which model: {error}."
            raise ConfigError(sentence, code="registry_unwritable") from error
        return self._db.total_changes - before

    def record_asked(self, question: str, version: str, at_ns: int, extrapolated: bool) -> None:
        """Keep that a version answered a person. Raises ConfigError `registry_unwritable`."""
        try:
            self._db.execute(
                "INSERT INTO uses SELECT ?, ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ? FROM uses WHERE journal = ?",
                (ASKED, question, version, at_ns, extrapolated, ASKED),
            )
        except sqlite3.Error as error:
            sentence = f"{self._path} cannot keep that {version} was used: {error}."
            raise ConfigError(sentence, code="registry_unwritable") from error

    def uses(self, version: str) -> list[ModelUse]:
        """The recorded plans and answers of a version, in order of time."""
        found = self._db.execute(
            "SELECT journal, parent_id, seq, version, ts_ns, extrapolated FROM uses WHERE version = ?"
            " ORDER BY ts_ns, journal, seq", (version,)
        )  # fmt: skip
        return [
            ModelUse(journal=j, parent_id=p, seq=s, version=v, ts_ns=t, extrapolated=None if e is None else bool(e))
            for j, p, s, v, t, e in found
        ]
