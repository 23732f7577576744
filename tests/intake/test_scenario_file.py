"""Scenario files: what reads, what each sentence means, and that whatever else is said is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import MalformedMessage
from sottovoce.intake.scenario import Ask, Expect, Firm, Happening, Submit, VenueTrouble
from sottovoce.intake.scenario_file import parse_scenario, read_scenario
from sottovoce.intake.scenario_lines import SENTENCES, read_act

MINUTE_NS = 60_000_000_000
GOOD = """
# a comment
title  Two lines and a name   # and another comment
name   ACME close 50.00 adv 2,000,000 volatility 1.5%
seed   11

10:00  order A Buy 20,000 ACME TWAP until 11:00
end    expect A is done
"""


def test_a_file_reads_as_it_stands() -> None:
    scenario = parse_scenario(GOOD, "good")
    assert scenario.title == "Two lines and a name"
    assert scenario.seed == 11
    (name,) = scenario.names
    assert (name.symbol, name.close, name.adv, name.volatility) == ("ACME", 50.0, 2_000_000.0, 0.015)
    assert [line.clock for line in scenario.lines] == ["10:00", "end"]
    assert scenario.lines[0].act == Submit(label="A", sentence="Buy 20,000 ACME TWAP until 11:00")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cancel A", Ask(verb="cancel", label="A")),
        ("resume A", Ask(verb="resume", label="A")),
        ("amend A to 15,000", Ask(verb="amend", label="A", qty=15_000)),
        ("halt trading", Firm(halt=True)),
        ("resume trading", Firm(halt=False)),
        ("SIMA is silent for 5m", VenueTrouble(venue="SIMA", kind="silent", lasts_ns=5 * MINUTE_NS)),
        (
            "SIMA is slow by 200ms for 1h",
            VenueTrouble(venue="SIMA", kind="slow", lasts_ns=60 * MINUTE_NS, delay_ns=200_000_000),
        ),
        ("SIMB loses reports for 30s", VenueTrouble(venue="SIMB", kind="loses_reports", lasts_ns=MINUTE_NS // 2)),
        ("ACME jumps by -3%", Happening(symbol="ACME", kind="jump", size=-0.03)),
        ("ACME halts for 5m", Happening(symbol="ACME", kind="halt", lasts_ns=5 * MINUTE_NS)),
        ("ACME bursts by 3 for 10m", Happening(symbol="ACME", kind="burst", size=3.0, lasts_ns=10 * MINUTE_NS)),
        ("expect A filled >= 5,000", Expect(subject="A", figure="filled", operator=">=", value="5000")),
        ("expect A is done", Expect(subject="A", figure="status", operator="=", value="done")),
        ("expect B rejected with halted", Expect(subject="B", figure="code", operator="=", value="halted")),
        ("expect replay is equal", Expect(subject="", figure="replay is equal", operator="=", value="yes")),
    ],
)
def test_each_sentence_means_one_thing(said: str, meant: object) -> None:
    assert read_act(said) == meant


def test_the_sentences_a_refusal_offers_are_understood() -> None:
    for offered in " · ".join(SENTENCES).split(" · "):
        said = offered if " for " in offered or "SIM" not in offered else f"{offered} for 1m"
        said = said if said[0].isupper() or said.split()[0] in _FIRST else f"SIMA {said} for 1m"
        assert read_act(said) is not None, said


_FIRST = {"order", "cancel", "pause", "resume", "release", "amend", "halt", "expect"}


@pytest.mark.parametrize(
    ("text", "where", "about"),
    [
        ("title T\nend expect A wiggles", "line 2", "not understood"),
        ("title T\n25:00 cancel A\nend expect replay is equal", "line 2", "neither a time"),
        ("title T\n10:00 cancel A\nend expect replay is equal", "line 2", "no order before this is called A"),
        ("title T\n10:00 order A x\n10:00 order A y\nend expect replay is equal", "line 3", "second order"),
        ("title T\n10:05 order A x\n10:04 cancel A\nend expect replay is equal", "line 3", "earlier"),
        ("title T\nend cancel A", "line 2", "nothing can happen at the end"),
        ("title T\n10:00 order A Buy 1 X", "source", "expects nothing"),
        ("end expect replay is equal", "source", "no title"),
        ("title T\ntitle U\nend expect replay is equal", "line 2", "twice"),
        ("title T\nseed -1\nend expect replay is equal", "line 2", "seed"),
        ("title T\ndate tomorrow\nend expect replay is equal", "line 2", "date"),
        ("title T\nmarket moon\nend expect replay is equal", "line 2", "market"),
        ("title T\nname ACME close 0 adv 1 volatility 1%\nend expect replay is equal", "line 2", "no name"),
        ("title T\nmarket agents\nend expect replay is equal", "line 2", "sim:queues"),
        ("title T\nname A close 99999999 adv 1 volatility 1%\nend expect replay is equal", "line 2", "1,000,000"),
        ("title T\nname A close 1 adv 1 volatility 900%\nend expect replay is equal", "line 2", "50 % a day"),
        ("title T\n10:00 SIMA is silent for 0m\nend expect replay is equal", "line 2", "not understood"),
        ("title T\n10:00 SIMA is silent for 99999999h\nend expect replay is equal", "line 2", "not understood"),
        ("title T\nname A close 1 adv 1 volatility 1%\nname A close 1 adv 1 volatility 1%", "line 3", "twice"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_place(text: str, where: str, about: str) -> None:
    with pytest.raises(MalformedMessage, match=about) as refused:
        parse_scenario(text, "source")
    assert where in str(refused.value)
    assert refused.value.code == "scenario_line"


@given(st.text(max_size=200).filter(lambda text: "expect" not in text))
def test_whatever_is_typed_at_random_is_refused_with_its_source(text: str) -> None:
    with pytest.raises(MalformedMessage, match="source"):
        parse_scenario(text, "source")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"title \x80"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.scenario"
    path.write_bytes(content)
    with pytest.raises(MalformedMessage, match="UTF-8"):
        read_scenario(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.scenario", tmp_path):
        with pytest.raises(MalformedMessage, match="cannot be read"):
            read_scenario(path)


def test_a_byte_order_mark_is_no_word(tmp_path: Path) -> None:
    path = tmp_path / "marked.scenario"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_scenario(path) == parse_scenario(GOOD, "good")
