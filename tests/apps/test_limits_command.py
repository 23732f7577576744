"""`sottovoce limits`: what binds, whether a file is sound, how limits worked in a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.apps.output import FAULT, NOT_FOUND, OK, USAGE
from tests.apps.commanding import Ran, ask

AT = ("--at", "2026-11-23T15:00:00Z")
HEAD = 'owner = "ann"\nreview_date = 2027-01-31\n'
CUT = '[[limit]]\nlevel = "account"\nscope = "FUND-A"\nname = "gross"\nvalue = 900_000_000\n'


def written(folder: Path, text: str) -> str:
    path = folder / "limits.toml"
    path.write_text(HEAD + text)
    return str(path)


def test_show_says_what_binds_an_order_of_the_simulation_desk() -> None:
    shown = ask("limits", "show", "--account", "FUND-A", "--trader", "trader-1", *AT, "--json")
    assert shown.code == OK
    document = shown.json()
    assert [(each["level"], each["scope"], each["value"]) for each in document["limits"]["gross"]] == [
        ("firm", "", 2_000_000_000),
        ("trader", "trader-1", 2_000_000_000),
        ("account", "FUND-A", 1_000_000_000),
    ]
    assert [each["value"] for each in document["limits"]["child_value"]] == [50_000_000]
    assert document["missing"] == []


def test_show_names_the_mandatory_limits_nobody_has_set() -> None:
    shown = ask("limits", "show", "--account", "FUND-Z", "--trader", "trader-1", *AT)
    assert "MISSING: account gross; every such order is refused" in shown.out


def test_lint_of_a_cut_is_sound_and_needs_nobody_else(tmp_path: Path) -> None:
    found = ask("limits", "lint", written(tmp_path, CUT), *AT, "--json")
    assert found.code == OK
    assert found.json() == {
        "ok": True, "limits": 1, "entries": 0, "faults": [], "findings": [], "looser": []
    }  # fmt: skip


def test_lint_says_who_else_is_needed_for_a_raise(tmp_path: Path) -> None:
    found = ask("limits", "lint", written(tmp_path, CUT.replace("900_", "1_900_")), *AT)
    assert found.code == OK
    assert "needs a second person: account.FUND-A.gross" in found.out
    assert "from 1,000,000,000 to 1,900,000,000" in found.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CUT.replace("900_000_000", "'lots'"), "limit 1, value: 'lots' is not a whole number"),
        (CUT.replace("900_000_000", "2_000_000_001"), "[limit_above_firm]"),
        (CUT.replace("900_000_000", "90_000_000_000"), "[limit_jump]"),
        (CUT + '[[list]]\nlist = "restricted"\nnames = ["NOBODY"]', "[list_unknown_instrument]"),
        ("", "has no [[limit]] and no [[list]]"),
    ],
)
def test_lint_refuses_a_bad_file_with_exit_1(text: str, said: str, tmp_path: Path) -> None:
    found = ask("limits", "lint", written(tmp_path, text), *AT)
    assert found.code == FAULT
    assert said in found.out
    assert found.out.endswith("refused: nothing of it would be taken\n")


def test_lint_of_a_whole_file_misses_what_it_leaves_out(tmp_path: Path) -> None:
    found = ask("limits", "lint", written(tmp_path, CUT), "--whole", *AT, "--json")
    assert found.code == FAULT
    codes = {each["code"] for each in found.json()["findings"]}
    assert codes == {"limit_required"}


def test_limits_of_the_simulation_desk_are_sound() -> None:
    found = ask("limits", "lint", *AT, "--json")
    assert (found.code, found.json()["findings"]) == (OK, [])
    assert found.json()["limits"] > 40


def test_limits_of_a_desk_are_judged_and_grow_old(tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text('[limits.exposures]\n"" = {gross = 10, net = 9}\nFUND-A = {gross = 11, net = 9}\n')
    found = ask("limits", "lint", "--config", str(path), *AT, "--json")
    assert found.code == FAULT
    assert [each["code"] for each in found.json()["findings"]] == ["limit_above_firm"]
    later = ask("limits", "lint", "--at", "2027-07-01T15:00:00Z", "--json").json()
    assert {each["code"] for each in later["findings"]} == {"limit_review_overdue"}


def test_lint_knows_the_master(tmp_path: Path) -> None:
    cap = '[[limit]]\nlevel = "instrument"\nscope = "AAPL.US"\nname = "parent_qty"\nvalue = 5_000_000_000\n'
    found = ask("limits", "lint", written(tmp_path, cap), *AT)
    assert found.code == FAULT
    assert "[limit_above_adv]" in found.out


def test_report_of_a_run(vwap_run: Ran) -> None:
    found = ask("limits", "report", vwap_run.journal, "--json")
    assert found.code == OK
    document = found.json()
    assert (document["orders"], document["orders_rejected"]) == (1, 0)
    assert document["children"] > 0
    assert "firm.gross" in document["never_bound"]
    gross, net = document["use"]
    assert (gross["account"], gross["limit"], gross["value"]) == ("FUND-A", "gross", 1_000_000_000)
    assert 0 < net["peak"] <= gross["peak"] < gross["value"]
    text = ask("limits", "report", vwap_run.journal).out
    assert f"{gross['peak']:,} at most" in text
    assert "1 orders checked, 0 rejected" in text
    assert "nothing rejects more than its share" in text


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert ask("limits", "report", str(tmp_path / "none.db"), "--json").refused() == "no_journal"
    assert ask("limits", "report", str(tmp_path / "none.db")).code == NOT_FOUND
    assert ask("limits", "lint", str(tmp_path / "none.toml"), "--json").refused() == "limit_file"
    assert ask("limits", "show", "--at", "noon", "--json").code == USAGE
