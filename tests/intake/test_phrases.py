"""The notation in which the rules are written."""

from __future__ import annotations

from sottovoce.intake.phrases import EATEN, VOCABULARY, longest_first, options, phrase


def test_optional_words_and_alternatives() -> None:
    pattern = phrase("(over|for) [the] [next] <n:N> (minute|minutes)")
    for line in ("over N1 minutes ", "for the next N12 minute "):
        found = pattern.search(line)
        assert found is not None
        assert found["n"].startswith("N")
    assert pattern.search("over the M1 minutes ") is None
    assert pattern.search("moreover N1 minutes ") is None


def test_a_capture_may_stand_in_several_alternatives() -> None:
    pattern = phrase("limit <p:N>", "<p:N> limit")
    first, second = pattern.search("limit N3 "), pattern.search("N4 limit ")
    assert first is not None
    assert second is not None
    assert (first["p"], second["p"]) == ("N3", "N4")


def test_braces_mark_what_is_used_up() -> None:
    found = phrase("bid {<p:N>} for").search("bid N1 for ")
    assert found is not None
    assert EATEN in found
    assert (found.start(EATEN), found.end(EATEN)) == (4, 7)


def test_look_ahead_gap_and_end() -> None:
    assert phrase("limit !(<N>)").search("limit N1 ") is None
    assert phrase("limit =(<N>)").search("limit N1 ") is not None
    assert phrase("keep ~2 quiet").search("keep it very quiet ") is not None
    assert phrase("keep ~2 quiet").search("keep N1 quiet ") is None
    assert phrase("now $END").search("now , ") is not None
    assert phrase("now $END").search("now then ") is None


def test_longest_first_prefers_more_words() -> None:
    found = longest_first("good|good till [the] close").search("good till the close ")
    assert found is not None
    assert found.text() == "good till the close "


def test_options_split_outside_brackets() -> None:
    assert options("a|b (c|d)|[e|f] g") == ["a", "b (c|d)", "[e|f] g"]


def test_words_of_phrases_join_the_vocabulary() -> None:
    phrase("zyzzogeton [zyzzyva]")
    assert {"zyzzogeton", "zyzzyva"} <= VOCABULARY
    VOCABULARY.difference_update({"zyzzogeton", "zyzzyva"})
