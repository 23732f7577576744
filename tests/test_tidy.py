"""The house style that a machine can keep, and proof that each rule finds what it is for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from tests.house import sizes, tidiness
from tests.house.modules import PACKAGE, ROOT


def long_functions(where: str, source: str) -> list[str]:
    """Functions too long to see at once."""
    return [
        f"{found.where}: {found.lines} lines"
        for found in sizes.functions_in(where, source)
        if found.lines > sizes.FUNCTION_LINES_MAX
    ]


TEXT_RULES: dict[str, Callable[[str, str], list[str]]] = {
    "machine": tidiness.machine_violations,
    "unfinished": tidiness.unfinished_violations,
}
CODE_RULES: dict[str, Callable[[str, str], list[str]]] = {
    "spelling": tidiness.spelling_violations,
}
RULES: dict[str, Callable[[str, str], list[str]]] = {
    **TEXT_RULES,
    **CODE_RULES,
    "docstring": tidiness.docstring_violations,
    "hollow_test": tidiness.hollow_test_violations,
    "length": long_functions,
}


@cache
def code() -> dict[str, str]:
    """Every Python file by its path in the repository."""
    paths = sizes.python_files(*sizes.CODE)
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}


def violations(rule: Callable[[str, str], list[str]], *folders: str) -> list[str]:
    """What a rule finds in the code under some folders; refuses to pass on nothing."""
    sources = {where: source for where, source in code().items() if where.startswith(folders)}
    assert sources, f"no code under {folders}"
    return [sentence for where, source in sources.items() for sentence in rule(where, source)]


@pytest.mark.parametrize("rule", TEXT_RULES)
def test_every_text_file_keeps_the_rule(rule: str) -> None:
    files = tidiness.text_files()
    assert any(path.name == "Makefile" for path in files)
    found = [
        sentence
        for path in files
        for sentence in TEXT_RULES[rule](path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", CODE_RULES)
def test_all_code_keeps_the_rule(rule: str) -> None:
    found = violations(CODE_RULES[rule], *sizes.CODE)
    assert not found, "\n".join(found)


def test_package_explains_itself() -> None:
    found = violations(tidiness.docstring_violations, PACKAGE)
    assert not found, "\n".join(found)


def test_tests_can_fail() -> None:
    found = violations(tidiness.hollow_test_violations, "tests")
    assert not found, "\n".join(found)


def test_modules_are_named_for_what_they_do() -> None:
    found = [sentence for where in code() for sentence in tidiness.name_violations(where)]
    assert not found, "\n".join(found)


def test_files_are_short() -> None:
    lengths = sizes.file_lengths(sizes.python_files(*sizes.CODE))
    long = {length.where: length.lines for length in lengths if length.lines > sizes.FILE_LINES_MAX}
    assert not long, f"over {sizes.FILE_LINES_MAX} lines: {long}"


def test_functions_are_short() -> None:
    found = violations(long_functions, *sizes.CODE)
    assert not found, "\n".join(found)


def test_nine_in_ten_functions_of_the_package_fit_a_glance() -> None:
    lengths = sizes.function_lengths(sizes.python_files(PACKAGE))
    assert sizes.percentile_90([length.lines for length in lengths]) <= 35, sizes.summary("all", lengths)


# (rule, source, what the sentence must say); the words are cut so that no rule finds them here
PLANTED = [
    ("machine", "see https://py" + "pi.org/x", "registry"),
    ("machine", "index = https://files.python" + "hosted.org", "registry"),
    ("machine", "cd /" + "work/main", "path of one machine"),
    ("machine", "open('/" + "tmp/x')", "path of one machine"),
    ("unfinished", "x = 1  # TO" + "DO: later", "finish later"),
    ("spelling", "cancel" + "led_qty = 1", "one l"),
    ("spelling", "class Cancel" + "ling: ...", "one l"),
    ("docstring", "x = 1", "module has no docstring"),
    ("docstring", '"""M."""\ndef price(): ...', "price has no docstring"),
    ("docstring", '"""M."""\nclass Book:\n    def best(self): ...', "Book has no docstring"),
    ("hollow_test", "def test_a():\n    f()", "asserts nothing"),
    ("hollow_test", "def test_a():\n    assert " + "True", "always so"),
    ("length", "def f():\n" + "    x = 1\n" * 60, "f"),
]
ALLOWED = [
    ("machine", "the framework/parts and ../shared/data folders"),
    ("unfinished", "the method of doing"),
    ("spelling", "canceled_qty = 'cancel" + "led'"),
    ("docstring", '"""M."""\nclass CancelAccepted(Event):\n    principal: str\ndef _price(): ...'),
    ("hollow_test", "def test_a():\n    with pytest.raises(ValueError):\n        f()"),
    ("hollow_test", "def test_a():\n    check_conservation(f())"),
    ("length", "def f():\n" + "    x = 1\n" * 59),
]


@pytest.mark.parametrize(("rule", "source", "says"), PLANTED)
def test_planted_violation_is_found(rule: str, source: str, says: str) -> None:
    assert any(says in sentence for sentence in RULES[rule]("planted.py", source))


@pytest.mark.parametrize(("rule", "source"), ALLOWED)
def test_near_miss_is_allowed(rule: str, source: str) -> None:
    assert RULES[rule]("planted.py", source) == []


@pytest.mark.parametrize("where", ["sottovoce/core/utils.py", "sottovoce/helpers/text.py"])
def test_empty_name_is_found(where: str) -> None:
    assert len(tidiness.name_violations(where)) == 1
