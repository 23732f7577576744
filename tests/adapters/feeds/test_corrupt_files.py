"""A broken file ends in a sentence that names the place, or is shown to be harmless; nothing crashes on it.

Every loader of market data files meets every way of being broken that its format allows: cut anywhere, emptied,
mispacked, garbled, out of order, absurd. Small sound files are made here and damaged one way a case.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.core.errors import SottovoceError
from tests.adapters.feeds.corruptions import Damage

pytest.importorskip("polars")
pytest.importorskip("databento_dbn")

from tests.adapters.feeds.readers import READERS, Reader

WHOLE_FILE = {
    *("feed_file_missing", "feed_unreadable", "feed_empty", "feed_kind", "feed_symbol"),
    *("tape_day_missing", "tape_unreadable", "tape_column_missing", "tape_column_type"),
}
"""Faults of a file as a whole, which have no line in it; feed_columns of a table is one too."""

PLACE = re.compile(r"\b(line|row|message|record) \d+|\bbyte \d+|\bcolumn \w+|\bits metadata\b")

SKIPPING = [name for name in READERS if not name.startswith("tape")]
"""Loaders with a log; the tape loader refuses a file and skips nothing."""

CASES = [(name, damage) for name, reader in READERS.items() for damage in reader.damages()]
IDS = [f"{name}-{damage.name}" for name, damage in CASES]


def written(folder: Path, reader: Reader, damage: Damage) -> Path:
    path = folder / reader.file
    if damage.data is not None:
        path.write_bytes(damage.data)
    return path


@pytest.mark.parametrize(("name", "damage"), CASES, ids=IDS)
def test_broken_file_ends_in_a_sentence_that_names_the_place(tmp_path: Path, name: str, damage: Damage) -> None:
    reader = READERS[name]
    path = written(tmp_path, reader, damage)
    if damage.harmless:
        assert reader.read(path, FaultLog()) is not None
        return
    with pytest.raises(SottovoceError) as caught:
        reader.read(path, FaultLog())
    sentence, code = str(caught.value), caught.value.code
    assert str(path) in sentence or (code == "tape_day_missing" and str(path.parent) in sentence)
    of_table = code == "feed_columns" and path.suffix == ".parquet"
    assert code in WHOLE_FILE or of_table or PLACE.search(sentence), sentence
    assert sentence.endswith("."), sentence


@pytest.mark.parametrize(
    ("name", "damage"), [case for case in CASES if case[0] in SKIPPING],
    ids=[case for case in IDS if case.split("-")[0] in SKIPPING],
)  # fmt: skip
def test_skipping_never_passes_over_a_fault_in_silence(tmp_path: Path, name: str, damage: Damage) -> None:
    reader, log = READERS[name], FaultLog(skip=True)
    stopped = ""
    try:
        reader.read(written(tmp_path, reader, damage), log)
    except SottovoceError as error:
        stopped = str(error)
    assert bool(stopped or log.total) is not bool(damage.harmless), log.summary()
    assert not stopped or reader.file in stopped


@pytest.mark.parametrize("name", READERS)
def test_every_loader_meets_many_broken_files_and_few_harmless_ones(name: str) -> None:
    found = [damage for each, damage in CASES if each == name]
    assert len(found) >= 10
    assert sum(bool(damage.harmless) for damage in found) <= len(found) // 10


def test_the_corpus_is_large_and_every_case_has_a_name_of_its_own() -> None:
    broken = [case for case in CASES if not case[1].harmless]
    assert len(broken) >= 200
    assert [name for name, count in Counter(IDS).items() if count > 1] == []


@pytest.mark.parametrize("name", READERS)
def test_a_folder_is_no_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / READERS[name].file
    path.mkdir()
    with pytest.raises(SottovoceError, match=re.escape(str(path))):
        READERS[name].read(path, FaultLog())


READ_HERE = [name for name, reader in READERS.items() if not reader.file.endswith(".parquet")]
"""Loaders whose bytes are read by this package. A table's pages are decoded by a library that ends the process, and
not only the reading, on some garbled bytes, which nobody can catch: tables are damaged by hand above, not at random."""

CHANGES = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=6)


@pytest.mark.parametrize("name", READERS)
def test_a_sound_file_is_read(tmp_path: Path, name: str) -> None:
    log = FaultLog()
    assert READERS[name].read(written(tmp_path, READERS[name], Damage("sound", READERS[name].sound())), log) is not None
    assert log.total == 0


@pytest.mark.parametrize("name", READ_HERE)
@settings(max_examples=60)
@given(changes=CHANGES, skip=st.booleans())
def test_whatever_bytes_change_a_loader_reads_on_or_says_so(
    tmp_path_factory: pytest.TempPathFactory, name: str, changes: list[tuple[int, int]], skip: bool
) -> None:
    """Bytes of a sound file changed anywhere to anything: some files still say something, none crashes a loader."""
    reader = READERS[name]
    data = bytearray(reader.sound())
    for place, byte in changes:
        data[place % len(data)] = byte
    folder = tmp_path_factory.mktemp("changed")
    try:
        reader.read(written(folder, reader, Damage("changed", bytes(data))), FaultLog(skip=skip))
    except SottovoceError as error:
        assert reader.file in str(error) or str(folder) in str(error)  # noqa: PT017 (a file may also still be sound)
