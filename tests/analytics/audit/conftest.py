"""The sample order, worked once for all tests here."""

from __future__ import annotations

import pytest

from sottovoce.apps.audit_stories import Pack
from tests.analytics.audit.worked_story import pack_of, sample_in
from tools.audit_sample.script import Sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample order's journal, second store and key."""
    return sample_in(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def pack(sample: Sample) -> Pack:
    """Its evidence."""
    return pack_of(sample)
