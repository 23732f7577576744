"""What is remembered of a path is what would be worked out anew, whatever began, ended or was changed in between."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.instrument import Instrument
from sottovoce.core.limits import KEPT, Level, LimitBook, LimitRow, LimitRows, ListName, ListRow, Path, rows_of
from sottovoce.stages.risk.levels import Levels, Room
from sottovoce.stages.risk.policy import Guideline, GuidelineKind, RiskPolicy
from sottovoce.stages.risk.terms import Terms
from tests.scenarios.small_desk import ACME, BETA
from tests.stages.risk.cases import on_order, row

POLICY = RiskPolicy(guidelines=(Guideline(guideline_id="G", account="A", kind=GuidelineKind.NO_SHORT),))
SCOPES = {
    Level.FIRM: ("",), Level.DESK: ("D", "*"), Level.ACCOUNT: ("A", "B", "*"), Level.STRATEGY: ("VWAP",),
    Level.INSTRUMENT: ("ACME", "*"), Level.ORDER: ("",),
}  # fmt: skip
TIMES = st.integers(0, 12)
NAMES = ("gross", "net", "concentration_ppm", "loss", "parent_value", "drift_fast_ns", "exposure_hold_ppm", "low_price")
PLACES = [(level, scope, name) for level, scopes in SCOPES.items() for scope in scopes for name in NAMES]
PATHS = st.builds(
    Path, st.sampled_from(("", "D")), st.just("T"), st.sampled_from(("A", "B")), st.sampled_from(("", "VWAP")),
    st.sampled_from(("ACME", "BETA")),
)  # fmt: skip


@st.composite
def limit(draw: st.DrawFn, version: int = 1) -> LimitRow:
    level, scope, name = draw(st.sampled_from(PLACES))
    begins, ends = draw(TIMES), draw(st.one_of(st.none(), TIMES))
    changed = {"version": version, "from_ns": begins, "until_ns": ends, "removed": version > 1 and draw(st.booleans())}
    return msgspec.structs.replace(row(level, scope, name, draw(st.integers(1, 900_000))), **changed)


@st.composite
def entry(draw: st.DrawFn, version: int = 1) -> ListRow:
    list_name, name = draw(st.sampled_from(ListName)), draw(st.sampled_from((KEPT, "ACME", "BETA")))
    level, scope = draw(st.sampled_from(((Level.FIRM, ""), (Level.ACCOUNT, "A"), (Level.DESK, "*"))))
    return ListRow(
        entry_id=f"{list_name.value}.{name}.{level.value}", list_name=list_name, owner="c", instrument_id=name,
        level=level, scope=scope, from_ns=draw(TIMES), until_ns=draw(st.one_of(st.none(), TIMES)), version=version,
    )  # fmt: skip


Change = tuple[tuple[LimitRow, ...], tuple[ListRow, ...]]
ONE = st.one_of(st.tuples(st.tuples(limit(2)), st.just(())), st.tuples(st.just(()), st.tuples(entry(2))))
STEPS = st.lists(st.tuples(PATHS, TIMES, st.one_of(st.none(), ONE)), min_size=2, max_size=8)


@settings(max_examples=100)
@given(st.lists(limit(), max_size=12), st.lists(entry(), max_size=8), STEPS)
def test_memory_is_never_stale(
    limits: list[LimitRow], lists: list[ListRow], steps: list[tuple[Path, int, Change | None]]
) -> None:
    rows = rows_of(tuple(limits), tuple(lists))
    terms = Terms(LimitBook(rows), POLICY)
    for number, (path, ts_ns, change) in enumerate(steps):
        instrument = ACME if path.instrument_id == "ACME" else BETA
        anew = Terms(LimitBook(rows.copy()), POLICY)
        assert shown(terms.levels(path, ts_ns, instrument)) == shown(anew.levels(path, ts_ns, instrument))
        assert terms.lengths(path, ts_ns) == anew.lengths(path, ts_ns)
        if change is not None:
            terms.book.change(number + 2, *change)


def shown(levels: Levels) -> object:
    """Everything in it that a check looks at."""
    rooms = (levels.gross, levels.net, levels.sector, levels.country, levels.concentration, levels.loss)
    figures = [getattr(levels.tight, name) for name in type(levels.tight).__slots__]
    rest = (levels.missing, levels.position_value, levels.position_adv, levels.lines, levels.keys, levels.lists)
    return [[_room(room) for room in each] for each in rooms], figures, rest, levels.guidelines


def _room(room: Room) -> object:
    return room.bound, room.scope, room.most, room.near, room.line


def test_paths_share_what_they_have_in_common() -> None:
    terms = Terms(LimitBook(rows_of((row(Level.FIRM, "", "gross", 5), *on_order(parent_value=7)))), POLICY)
    one, other = (terms.levels(Path(account=name, instrument_id="ACME"), 1, ACME) for name in ("A", "B"))
    assert one is not other
    assert one.tight is other.tight
    assert one.gross[0] is other.gross[0]
    assert one.lists is other.lists
    assert (one.guidelines, other.guidelines) == (POLICY.guidelines, ())


def test_another_version_of_the_instrument_is_looked_at_anew() -> None:
    terms = Terms(LimitBook(rows_of((row(Level.FIRM, "", "sector_gross", 5),))), POLICY)
    path = Path(account="A", instrument_id="ACME")
    moved: Instrument = msgspec.structs.replace(ACME, sector="Banks")
    before, after = terms.levels(path, 1, ACME), terms.levels(path, 1, moved)
    assert before.sector[0].scope == f"sector:{ACME.sector}"
    assert after.sector[0].scope == "sector:Banks"


def test_memory_of_paths_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sottovoce.stages.risk.terms.PATHS_MAX", 4)
    terms = Terms(LimitBook(LimitRows()), POLICY)
    for number in range(20):
        terms.levels(Path(account=f"A{number}", instrument_id="ACME"), 1, ACME)
        assert len(terms._levels) <= 4
