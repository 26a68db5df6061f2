"""The verdict on a new line: what it adds, whatever state the rest of the text is in."""

import pytest

from lintseq.infer.judge import judge_line, judge_step, with_body
from lintseq.program import split_lines


def check(before: str, after: str, line: int) -> str:
    old, new = split_lines(before), split_lines(after)
    last = min(line + max(len(new) - len(old), 0), len(new) - 1)
    verdict = judge_line(old, line, new, last)
    return verdict.reason or ", ".join(f"{f.kind} {f.name}".strip() for f in verdict.findings)


@pytest.mark.parametrize(
    ("before", "after", "line", "found"),
    [
        ("x = 1\n", "x = 1\nprint(y)\n", 1, "UndefinedName y"),
        ("x = 1\n", "x = 1\nreturn x\n", 1, "ReturnOutsideFunction"),
        ("def f():\n    x = 1\n\n", "def f():\n    x = 1\n    retrun x\n", 2, "SyntaxError"),
        # What pyflakes does not see, the compiler does.
        ("def f(x):\n    \n", "def f(x):\n    await x\n", 1, "CompilerError 'await' outside"),
        ("def f():\n    \n", "def f():\n    nonlocal x\n", 1, "UnboundNonlocal no binding"),
        (
            "def f():\n    \n",
            "def f():\n    from __future__ import annotations\n",
            1,
            "pyflakes breaks",
        ),
        # The same name once more is one finding more.
        ("print(y)\n\n", "print(y)\nprint(y)\n", 1, "UndefinedName y"),
        # The rest of the file does not parse: the block around the cursor is judged.
        (
            "x = (\n\n\ndef f(a):\n    \n",
            "x = (\n\n\ndef f(a):\n    return b\n",
            4,
            "UndefinedName b",
        ),
        # That a part of some word of the rest looks like the name binds nothing.
        ("x = (bar\n\n\ndef f():\n    \n", "x = (bar\n\n\ndef f():\n    a\n", 4, "UndefinedName a"),
        # A finding without a name is not the rest's to answer.
        ("x = (\n\n\ny = 1\n\n", "x = (\n\n\ny = 1\nreturn y\n", 4, "ReturnOutsideFunction"),
        # Without the line, its name was missing below; on screen it was not.
        ("x = 1\nprint(x)\n", "x = 1 + x\nprint(x)\n", 0, "UndefinedName x"),
        ("x = 1\nprint(x)\n", "xy = 1\nprint(x)\n", 0, "UndefinedName x"),
    ],
)
def test_adds_a_finding(before: str, after: str, line: int, found: str) -> None:
    assert check(before, after, line).startswith(found)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("x = 1\n", "x = 1\nprint(x)\n", 1),
        ("", "import os\n", 0),
        # A line half typed is no baseline: the text without it is.
        ("x = 1\nprint(\n", "x = 1\nprint(x)\n", 1),
        # A function that has no body yet, except for what is being typed.
        ("def f(a):\n    \n", "def f(a):\n    return a\n", 1),
        # What was wrong before is not held against the new line.
        ("print(y)\n\n", "print(y)\nx = 1\n", 1),
        # The line is the header of what follows.
        ("if \n    x = 1\n", "if True:\n    x = 1\n", 0),
        # The rest of the file does not parse, and binds the name that is used.
        ("x = (\n\n\ndef f():\n    \n", "x = (\n\n\ndef f():\n    return x\n", 4),
        # The clause that a `try` waits for, and the first case of a `match`.
        ("try:\n    x = 1\nexc\n", "try:\n    x = 1\nexcept OSError:\n", 2),
        ("try:\n    x = 1\nfin\n", "try:\n    x = 1\nfinally:\n", 2),
        ("x = 1\nmat\n", "x = 1\nmatch x:\n", 1),
        ("x = 1\nmatch x:\n    ca\n", "x = 1\nmatch x:\n    case 1:\n", 2),
        # Nothing is found in the new text, whatever the old one was.
        ("x = (\n1,\n\n", "x = (\n1,\n)\n", 2),
        # A colon that ends a line opens a block only where the line does not parse without one.
        ("if (1 and\n        2):\n    x = 1\n", "if (1 and\n        2 + 3):\n    x = 1\n", 1),
        ("x = [1, 2][\n    1\n]\n", "x = [1, 2][\n    1:\n]\n", 1),
    ],
)
def test_adds_nothing(before: str, after: str, line: int) -> None:
    assert check(before, after, line) == ""


def test_is_silent_where_nothing_parses() -> None:
    assert check("x = (\ny = )\n\n", "x = (\ny = )\nz = 1\n", 2) == (
        "the text around the cursor does not parse"
    )


def test_too_deep_is_a_reason() -> None:
    deep = "(" * 500 + ")" * 500 + "\n"
    assert "nested too deeply" in check("x = 1\n", f"x = 1\n{deep}", 1)


@pytest.mark.parametrize(
    ("text", "line", "judged"),
    [
        ("if x:\n", 0, "if x:\n    pass\n"),
        ("    for x in y:\nz = 1\n", 0, "    for x in y:\n        pass\nz = 1\n"),
        ("try:", 0, "try:\n    pass\nfinally:\n    pass\n"),
        ("  match x:\n", 0, "  match x:\n      case _:\n          pass\n"),
        ("if x == '#':  # don't\n", 0, "if x == '#':  # don't\n    pass\n"),
    ],
)
def test_a_header_is_judged_with_a_body(text: str, line: int, judged: str) -> None:
    assert "".join(with_body(split_lines(text), line)) == judged


@pytest.mark.parametrize(
    ("text", "line"), [("if x:\n    y = 1\n", 0), ("x = 1\n", 0), ("x = {  # a:\n", 0)]
)
def test_a_header_is_judged_with_a_body_noop(text: str, line: int) -> None:
    assert "".join(with_body(split_lines(text), line)) == text


def test_steps_compare_whole_texts() -> None:
    assert judge_step("x = y\n", "x = y\nz = 1\n").is_clean
    assert not judge_step("x = 1\n", "x = 1\nz = y\n").is_clean
    # One of them has to parse: behind a syntax error the linter sees nothing.
    assert judge_step("x = (\n", "x = (\ny)\n").findings[0].name == "y"
    assert judge_step("x = (\n", "x = (\n1)\n").is_clean
    assert judge_step("x = )\n", "x = )\nz = y\n").reason == "the text does not parse"
