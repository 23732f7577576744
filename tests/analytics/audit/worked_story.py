"""The sample order, run once on the real engine, with its record and its story."""

from __future__ import annotations

from pathlib import Path

from sottovoce.adapters.journal.signing import load_verifier
from sottovoce.analytics.audit.story import Story
from sottovoce.apps.audit_stories import Pack, make_pack
from tools.audit_sample.script import Sample, make_sample


def sample_in(folder: Path) -> Sample:
    """The sample order in a folder."""
    return make_sample(folder)


def pack_of(sample: Sample) -> Pack:
    """Its evidence, verified against its checkpoints."""
    return make_pack(sample.journal, sample.order_id, sample.checkpoints, [load_verifier(sample.public_key)])


def answer(story: Story, beginning: str) -> str:
    """The sentences of one answer."""
    return " ".join(next(each.sentences for each in story.answers if each.question.startswith(beginning)))
