"""The store of instrument versions: what is shipped is version 1, every file a desk loads is the next.

A version is never changed. Orders record the number they were resolved under, and any version loaded in this
process can be had again by its number.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.adapters.reference.assembly import assemble_instruments, assemble_rules
from sottovoce.adapters.reference.forecasts import laid_over, read_forecasts_csv, read_forecasts_json
from sottovoce.adapters.reference.reading import Draft, read_json
from sottovoce.adapters.reference.table import read_csv
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.instrument import Instrument

SHIPPED = Path(__file__).with_name("instruments.json")
FILE_BYTES_MAX = 64 * 1024 * 1024


def load_shipped() -> ReferenceVersion:
    """Version 1: the facts that come with the package."""
    return _version(1, read_json(SHIPPED.read_bytes(), SHIPPED.name), None)


def load_with(forecasts: Path | None) -> ReferenceVersion:
    """The facts that come with the package, a file of forecasts laid over them where there is one."""
    shipped = load_shipped()
    return shipped if forecasts is None else ReferenceStore(shipped).load_forecasts(forecasts)


class ReferenceStore:
    """Versions of the instrument master, oldest first; current is the one new orders are resolved under."""

    def __init__(self, shipped: ReferenceVersion | None = None) -> None:
        self._versions = [load_shipped() if shipped is None else shipped]

    @property
    def current(self) -> ReferenceVersion:
        """The latest version."""
        return self._versions[-1]

    def get_version(self, number: int) -> ReferenceVersion:
        """A version by its number. Raises NotFound, reference_version."""
        for version in self._versions:
            if version.version == number:
                return version
        sentence = f"Version {number} of the instruments is not loaded; the latest is {self.current.version}."
        raise NotFound(sentence, code="reference_version")

    def load(self, path: Path, *, alone: bool = False) -> ReferenceVersion:
        """Make the next version of a .json or .csv file and make it current.

        Its instruments replace those of the same symbol as a whole and the others stay, unless alone.
        Raises: ConfigError, code reference_file; MalformedMessage naming file, line and field. On an error
        the current version stays.
        """
        data = _read(path, "instruments are")
        draft = read_json(data, path.name) if _is_json(path) else read_csv(data, path.name)
        version = _version(self.current.version + 1, draft, self.current, alone=alone)
        self._versions.append(version)
        return version

    def load_forecasts(self, path: Path) -> ReferenceVersion:
        """Make the next version of the current one and a .json or .csv file of forecasts, and make it current.

        Raises: ConfigError, code reference_file; MalformedMessage naming file, line and field. On an error the current
        version stays.
        """
        data, held = _read(path, "forecasts are"), self.current
        rows = read_forecasts_json(data, path.name) if _is_json(path) else read_forecasts_csv(data, path.name)
        version = ReferenceVersion(
            version=held.version + 1,
            as_of=held.as_of,
            note=held.note,
            rules=held.rules,
            instruments={each.instrument_id: each for each in held.instruments} | laid_over(held, rows, path.name),
        )
        self._versions.append(version)
        return version


def _version(number: int, draft: Draft, previous: ReferenceVersion | None, *, alone: bool = False) -> ReferenceVersion:
    rules = assemble_rules(draft)
    kept = {}
    if previous is not None:
        rules = previous.rules | rules
        kept = {} if alone else {each.instrument_id: each for each in previous.instruments}
    loaded = assemble_instruments(draft, rules)
    instruments = kept | {name: _with_held(each, kept.get(name)) for name, each in loaded.items()}
    as_of = draft.as_of or ("" if previous is None else previous.as_of)
    return ReferenceVersion(version=number, as_of=as_of, note=draft.note, rules=rules, instruments=instruments)


def _with_held(loaded: Instrument, held: Instrument | None) -> Instrument:
    """What was forecast of an instrument stays when its facts are loaded again, unless they bring forecasts."""
    if held is None or loaded.forecasts or not held.forecasts:
        return loaded
    return msgspec.structs.replace(loaded, forecasts=held.forecasts)


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _read(path: Path, what: str) -> bytes:
    if path.suffix.lower() not in (".json", ".csv"):
        sentence = f"{path.name} is neither .json nor .csv; {what} loaded from one of the two."
        raise ConfigError(sentence, code="reference_file")
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            sentence = f"{path.name} is larger than {FILE_BYTES_MAX} bytes; split it or check what it is."
            raise ConfigError(sentence, code="reference_file")
        return path.read_bytes()
    except OSError as error:
        sentence = f"{path.name} cannot be read ({error.strerror}); check its name and rights."
        raise ConfigError(sentence, code="reference_file") from error
