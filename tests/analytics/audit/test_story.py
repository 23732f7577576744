"""The story of an order that was held, released, amended, busted and canceled answers eight questions."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from sottovoce.adapters.journal.pack_check import steps_of
from sottovoce.analytics.audit.order_record import OrderRecord, gather
from sottovoce.analytics.audit.questions import INTACT, QUESTIONS
from sottovoce.analytics.audit.story import Story, Verdict, tell
from sottovoce.analytics.audit.story_html import story_html
from sottovoce.analytics.audit.story_text import WIDTH, story_text
from sottovoce.apps.audit_stories import Pack
from sottovoce.core.errors import NotFound
from sottovoce.core.execution_events import Fill, FillBusted
from tests.analytics.audit.worked_story import answer
from tools.audit_sample.script import AMENDED_SIZE, CLIENT_ID, REASON, SIZE

UNVERIFIED = Verdict(intact=None, sentences=("Nobody looked.",))


@pytest.fixture(scope="module")
def story(pack: Pack) -> Story:
    return pack.story


@pytest.fixture(scope="module")
def record(pack: Pack) -> OrderRecord:
    return gather(pack.order_id, steps_of(pack.proof))


def test_eight_questions_are_answered_in_order(story: Story) -> None:
    assert [each.question for each in story.answers] == [*(question for question, _ in QUESTIONS), INTACT]
    assert len(story.answers) == 8
    assert all(sentence.strip() for each in story.answers for sentence in each.sentences)


def test_who_asked_names_the_person_the_order_and_who_asked_later(story: Story) -> None:
    said = answer(story, "Who asked")
    assert f"trader-1 asked at 14:30:02.000 to buy {SIZE:,} MSFT" in said
    assert CLIENT_ID in said
    assert "Later simulated-risk asked for: release hold at 14:32:02.000." in said
    assert "cancel order at 14:58:02.000" in said


def test_what_stopped_it_has_the_figure_and_the_limit(story: Story) -> None:
    said = answer(story, "What stopped")
    assert "held for a person of the risk role" in said
    assert "26,884,500 USD against a limit of 25,000,000 [E-RM-1:value]" in said


def test_who_released_it_and_on_what_figure(story: Story) -> None:
    said = answer(story, "Who released")
    assert "simulated-risk, of the risk role, released E-RM-1:value on the figure of 26,884,500 USD" in said
    assert f"because: {REASON} (client instruction)" in said
    assert "14:32:02.000 simulated-risk released it, on the figure that held it" in said
    assert "limits version 1" in said


def test_what_changed_goes_from_old_to_new(story: Story) -> None:
    said = answer(story, "What changed")
    assert f"size {SIZE:,} → {AMENDED_SIZE:,}, limit none → 92.00 USD" in said
    assert "trader-1 canceled what was left" in said


def test_fills_add_up_by_venue_and_each_has_a_reason(story: Story, record: OrderRecord) -> None:
    fills = [fill for _, fill in record.events(Fill)]
    assert sum(row.filled for row in story.fills) == sum(fill.qty for fill in fills) > 50_000
    assert all(row.why and row.why != "no reason is recorded" for row in story.fills)
    said = answer(story, "What filled")
    assert said.startswith(f"In all {sum(fill.qty for fill in fills):,} shares at ")
    for venue in {fill.venue for fill in fills}:
        qty = sum(fill.qty for fill in fills if fill.venue == venue)
        assert f"{venue}: {qty:,} shares at" in said


def test_what_was_undone_is_the_venues_bust(story: Story, record: OrderRecord) -> None:
    ((_, bust),) = record.events(FillBusted)
    said = answer(story, "What was undone")
    assert f"The venue undid trade {bust.exec_ref_id}: {bust.qty:,} at" in said
    assert [f"{bust.qty:,} undone at 14:54:02.000"] == [row.undone for row in story.fills if row.undone]


def test_what_is_left_adds_up(story: Story) -> None:
    said = answer(story, "What is left")
    assert said.startswith("No share is still to be traded.")
    parts = re.findall(r"([\d,]+) (?:filled|working|not sent|undone|returned)", said)
    assert sum(int(each.replace(",", "")) for each in parts) == AMENDED_SIZE


def test_record_is_intact_and_its_times_are_compliant(story: Story) -> None:
    said = answer(story, INTACT)
    assert story.intact is True
    assert said.startswith("Yes: all ")
    assert "-0.084 ms from UTC" in said


def test_times_without_a_clock_mark_are_not_called_compliant(record: OrderRecord) -> None:
    said = answer(tell(replace(record, before=()), UNVERIFIED), INTACT)
    assert "its times are not shown to be compliant" in said


def test_text_fits_a_terminal_and_has_every_answer(story: Story) -> None:
    text = story_text(story)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(f"{number}. {each.question}" in text for number, each in enumerate(story.answers, 1))
    assert "The record" not in story_text(story, lines=False)


def test_every_line_of_the_record_is_in_order_and_names_its_record(story: Story, record: OrderRecord) -> None:
    seqs = [line.seq for line in story.lines]
    assert seqs == sorted(seqs)
    assert set(seqs) <= {seq for seq, _ in record.steps}
    assert len(story.lines) > 100


class _Outside(HTMLParser):
    """Collects whatever a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {"src", "href", "srcset", "data", "action"} & {name for name, _ in attrs}
        if tag in ("script", "link", "iframe", "img", "object") or named or any(n.startswith("on") for n, _ in attrs):
            self.found.append(tag)


def test_page_fetches_and_runs_nothing(story: Story) -> None:
    page = story_html(story)
    looked = _Outside()
    looked.feed(page)
    assert looked.found == []
    assert "@import" not in page
    assert "url(" not in page


def test_what_a_client_wrote_is_shown_and_never_markup(record: OrderRecord) -> None:
    assert record.accepted is not None
    hostile = "<script>alert(1)</script>"
    page = story_html(tell(_with_note(record, hostile), UNVERIFIED))
    assert hostile not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_order_that_is_not_there_is_said(record: OrderRecord) -> None:
    with pytest.raises(NotFound, match="There is no order P-NOBODY"):
        gather("P-NOBODY", record.steps)


def _with_note(record: OrderRecord, note: str) -> OrderRecord:
    assert record.accepted is not None
    return replace(record, accepted=replace(record.accepted, note=note))
