"""The judge of the ten thousand requests sees what it is there to see."""

import random

import pytest

from tests.requests.checker import edit_problem, insertion_problem, undefined_problem
from tests.requests.scenes import typing, unimplemented, unimported
from tests.requests.screen import BrokenEditError, applied, edits_of, offset_of, position_of

TEXT = "import os\n\n\ndef f(x):\n    y = x\n    \n    return y\n"
AT = TEXT.index("    \n") + 4


def inserted(shown: str, text: str = TEXT, offset: int = AT) -> str:
    return insertion_problem(text, offset, shown, text[:offset] + shown + text[offset:])


@pytest.mark.parametrize(
    "shown", ["y = os.path", "y += 1", "# note", "if y:", "for z in y:\n        y = z"]
)
def test_what_is_clean_passes(shown: str) -> None:
    assert inserted(shown) == ""


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        ("y = z", "UndefinedName"),
        ("y = (", "parse"),
        ("break", "compiler"),
        ("y = 1\r\n", "line ends"),
        ("y = '\ud800'", "surrogates"),
        ("'%s %s' % (y,)", "PercentFormat"),
        ("", "nothing"),
    ],
)
def test_what_adds_a_finding_is_seen(shown: str, problem: str) -> None:
    assert problem in inserted(shown)


def test_in_a_text_that_does_not_parse_yet() -> None:
    text = "def f(x):\n    return x.upper(\n\n\nprint(f('a'))\n"
    offset = text.index("\n\n\n")
    assert inserted(")", text, offset) == ""
    assert "UndefinedName" in inserted("z)", text, offset)
    broken = "x = = 1\n\ndef f(x):\n    return \n"
    offset = broken.index("return ") + 7
    assert inserted("x", broken, offset) == ""
    assert "UndefinedName" in inserted("z", broken, offset)


def test_an_import_may_come_along_and_nothing_else() -> None:
    text = "def f(x):\n    return \n"
    offset = text.index("return ") + 7
    after = "import os\ndef f(x):\n    return os.path\n"
    assert insertion_problem(text, offset, "os.path", after) == ""
    other = after.replace("import os\n", "import os\nx = 1\n")
    assert "has changed" in insertion_problem(text, offset, "os.path", other)
    assert "has changed" in insertion_problem(text, offset, "os.path", after.replace("(x)", "(y)"))


def test_edits_insert_lines_and_fill_stubs() -> None:
    text = "def f(x):\n    pass\n"
    assert edit_problem(text, "def f(x):\n    return x\n") == ""
    assert "more than insert" in edit_problem(text, "def g(x):\n    return x\n")
    assert "UndefinedName" in edit_problem(text, "def f(x):\n    return y\n")
    assert "parse" in edit_problem(text, "def f(x):\n    return (\n")


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 8), ("utf-16", 5), ("utf-32", 4)])
def test_columns_count_units(encoding: str, column: int) -> None:
    text = "a\r\n\U0001f600e\u0301b\rc\n"
    offset = text.index("b") + 1
    position = {"line": 1, "character": column}
    assert position_of(text, offset, encoding) == position
    assert offset_of(text, position, encoding) == offset
    if encoding != "utf-32":
        with pytest.raises(BrokenEditError, match="middle of a character"):
            offset_of(text, {"line": 1, "character": 1}, encoding)
    with pytest.raises(BrokenEditError, match="behind the end"):
        offset_of(text, {"line": 1, "character": 99}, encoding)


def edit(start: int, end: int, new: str) -> dict[str, object]:
    area = {"start": {"line": 0, "character": start}, "end": {"line": 0, "character": end}}
    return {"range": area, "newText": new}


def test_edits_are_applied_as_an_editor_does() -> None:
    assert applied("abc", [edit(2, 2, "Y"), edit(0, 1, "X")], "utf-16") == "XbYc"
    with pytest.raises(BrokenEditError, match="overlap"):
        applied("abc", [edit(0, 2, ""), edit(1, 3, "")], "utf-16")
    change = {"textDocument": {"uri": "a", "version": 2}, "edits": []}
    assert edits_of({"documentChanges": [change]}, "a", 2) == []
    with pytest.raises(BrokenEditError, match="another text"):
        edits_of({"documentChanges": [change]}, "a", 3)


def test_a_scene_is_the_text_without_what_is_typed() -> None:
    for seed in range(50):
        drawn = typing(TEXT, random.Random(seed), "test")
        whole = drawn.text[: drawn.offset] + drawn.wanted + drawn.text[drawn.offset :]
        assert whole == TEXT


def test_a_scene_may_lack_a_body_or_an_import() -> None:
    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        stub = unimplemented(text, random.Random(0), "test")
        assert stub is not None
        assert (stub.wanted, stub.text[stub.offset :].startswith("def f(x):")) == ("f", True)
        assert "return y" not in stub.text
        assert stub.text.count("\r") == stub.text.count("\n") * (text != TEXT)
        used = text + "print(os)\n"
        lacking = unimported(used, random.Random(0), "test")
        assert lacking is not None
        assert lacking.wanted == "os"
        assert lacking.text[lacking.offset :].startswith("os)")
        assert "import" not in lacking.text


def test_what_a_files_encoding_does_not_hold_is_seen() -> None:
    text = "# coding: latin-1\nx = \n"
    offset = text.index("= ") + 2
    assert inserted("'é'", text, offset) == ""
    assert "latin-1" in inserted("'€'", text, offset)


def test_a_name_that_is_still_undefined_is_seen() -> None:
    assert "still" in undefined_problem("os.path\n", "import sys\nos.path\n", "os")
    assert undefined_problem("os.path\n", "import os\nos.path\n", "os") == ""
