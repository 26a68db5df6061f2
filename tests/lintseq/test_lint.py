import pytest

from lintseq.errors import LimitError
from lintseq.lint import COUNTED, SYNTAX_ERROR, Finding, Pyflakes, added, lint

COUNTED_SNIPPETS = {
    "BreakOutsideLoop": ("break\n", ""),
    "ContinueOutsideLoop": ("continue\n", ""),
    "DefaultExceptNotLast": ("try: 1\nexcept: 2\nexcept ValueError: 3\n", ""),
    "DuplicateArgument": ("def f(a, a): 1\n", "a"),
    "FutureFeatureNotDefined": ("from __future__ import nope\n", "nope"),
    "ImportStarNotPermitted": ("def f():\n    from os import *\n", "os"),
    "LateFutureImport": ("import os\nfrom __future__ import division\n", ""),
    "ReturnOutsideFunction": ("return 1\n", ""),
    "TooManyExpressionsInStarredAssignment": ("a, " * 256 + "*b = []\n", ""),
    "TwoStarredExpressions": ("*a, *b = []\n", ""),
    "YieldOutsideFunction": ("class A:\n    yield 1\n", ""),
    "UndefinedExport": ("__all__ = ['x']\n", "x"),
    "UndefinedLocal": ("a = 1\ndef f():\n    print(a)\n    a = 2\n", "a"),
    "UndefinedName": ("print(x)\n", "x"),
    "ForwardAnnotationSyntaxError": ("x: 'a b' = 1\n", "a b"),
    "InvalidPrintSyntax": ("import sys\nprint >> sys.stderr\n", ""),
    "PercentFormatExpectedMapping": ("'%(a)s' % (1,)\n", ""),
    "PercentFormatExpectedSequence": ("'%s %s' % {'a': 1}\n", ""),
    "PercentFormatInvalidFormat": ("'%' % (1,)\n", "incomplete format"),
    "PercentFormatMissingArgument": ("'%(a)s' % {}\n", "a"),
    "PercentFormatPositionalCountMismatch": ("'%s' % (1, 2)\n", ""),
    "PercentFormatStarRequiresSequence": ("'%(a)*s' % {'a': 1}\n", ""),
    "PercentFormatUnsupportedFormatCharacter": ("'%y' % (1,)\n", "y"),
    "RaiseNotImplemented": ("raise NotImplemented\n", ""),
    "StringDotFormatInvalidFormat": ("'{'.format(1)\n", None),
    "StringDotFormatMissingArgument": ("'{}'.format()\n", "0"),
    "StringDotFormatMixingAutomatic": ("'{} {0}'.format(1)\n", ""),
}


def test_every_counted_kind_has_a_snippet() -> None:
    assert {kind.__name__ for kind in COUNTED} == set(COUNTED_SNIPPETS)


@pytest.mark.parametrize("kind", COUNTED_SNIPPETS)
def test_counted(kind: str) -> None:
    text, name = COUNTED_SNIPPETS[kind]
    (finding,) = lint(text)
    assert finding.kind == kind
    assert name is None or finding.name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# nothing\n",
        # Style: it runs.
        "import os\n",
        "import os\nimport os\n",
        "def f():\n    unused = 1\n",
        "f''\n",
        "assert (1, 'x')\n",
        "if (1, 2): pass\n",
        "x = 1\nx is 'a'\n",
        "{'a': 1, 'a': 2}\n",
        "'%(a)s' % {'a': 1, 'b': 2}\n",
        "'%s' % {'a': 1}\n",
        "'{}'.format(1, 2)\n",
        "'\\d'\n",
        # Star imports may bring any name.
        "from os import *\nprint(path)\n",
        "from os import *\n__all__ = ['path']\n",
        "from os import __all__\n__all__ += ['f']\ndef f(): ...\n",
        "_, __all__ = 1, ['f']\n__all__ += ['f']\ndef f(): ...\n",
        "import os\n__all__ = ['os']\n__all__ += ['path2']\npath2 = 1\n",
        # Builtins, and what a module has by itself.
        "print(__file__, __name__, __doc__, __debug__, len, exit)\n",
        "class A:\n    print(__module__, __qualname__)\n",
        "try:\n    unicode\nexcept NameError:\n    unicode = str\n",
        # Names that come to be later, before they are needed.
        "def f():\n    return g()\ndef g(): pass\n",
        "from __future__ import annotations\ndef f(x: Later): pass\nclass Later: pass\n",
        "if 0:\n    x = 1\nprint(x)\n",
        '"""\n>>> not_looked_at\n"""\n',
        # The author's decision.
        "print(x)  # noqa\n",
        "print(x)  # NOQA\n",
        "print(x)  #noqa:F821 because\n",
        "print(x)  # noqa: F\n",
        "print(x)  # noqa: E501, F821\n",
        "print(x)  # noqa:E501,F821\n",
        "'''\r'''; print(x)  # noqa\n",
    ],
)
def test_not_counted(text: str) -> None:
    assert lint(text) == ()


@pytest.mark.parametrize(
    "comment", ["# noqa: E501", "# noqa:E501,W291", "# noqaX", "# no qa", "noqa", "# noqa: EF1"]
)
def test_not_waived(comment: str) -> None:
    assert lint(f"print(x), '{comment}'\n") == (Finding("UndefinedName", "x", 0),)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x\n", 0),
        ("\n\n\nx\n", 3),
        ("a = 1\r\nx\r\n", 1),
        ("'''\r\r'''\nx\n", 1),
        ("a = '''\n\r\n'''\n\f\nx", 4),
        ("if 1:\nx = 2\n", 0),
        ("def f(:\n", 0),
        ("a = 1\nb = (\n", 1),
        ("try:\n    pass\nx = 1\n", 2),
    ],
)
def test_lines_end_at_newlines_only(text: str, line: int) -> None:
    assert lint(text)[0].line == line


def test_a_null_byte_is_a_syntax_error() -> None:
    (finding,) = lint("x = 1\0\n")
    assert finding.kind == SYNTAX_ERROR


def test_findings_are_sorted_and_named() -> None:
    found = lint("def f():\n    return x\ny\n")
    assert found == (Finding("UndefinedName", "x", 1), Finding("UndefinedName", "y", 2))
    assert str(found[0]) == "line 2: UndefinedName 'x'"


def test_a_package_has_a_path_and_exports_its_submodules() -> None:
    text = "__all__ = ['submodule']\nprint(__path__)\n"
    assert len(lint(text)) == 2
    assert Pyflakes("package/__init__.py").lint(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 500 + "]" * 500,
        "x = 1\nif x == 0:\n    pass\n"
        + "".join(f"elif x == {n}:\n    pass\n" for n in range(3000)),
        "x = " + " + ".join(["1"] * 20_000),
        "x = " + "-" * 20_000 + "1",
        "x = print" + ".real" * 20_000,
        "".join(" " * n + "if 1:\n" for n in range(120)) + " " * 120 + "pass\n",
    ],
    ids=["brackets", "elif", "sum", "signs", "attributes", "blocks"],
)
def test_what_is_too_deep_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(LimitError, match="nested too deeply"):
        lint(text)


A, B = Finding("UndefinedName", "a", 0), Finding("UndefinedName", "b", 0)


@pytest.mark.parametrize(
    ("baseline", "after", "expected"),
    [
        ((), (), ()),
        ((A,), (), ()),
        ((), (A,), (A,)),
        ((A,), (Finding("UndefinedName", "a", 7),), ()),
        ((A,), (A, A), (A,)),
        ((A, A), (A, B), (B,)),
        ((A,), (Finding("UndefinedLocal", "a", 0),), (Finding("UndefinedLocal", "a", 0),)),
    ],
)
def test_added(
    baseline: tuple[Finding, ...], after: tuple[Finding, ...], expected: tuple[Finding, ...]
) -> None:
    assert added(baseline, after) == expected


def test_what_breaks_the_linter_is_refused_with_the_reason() -> None:
    with pytest.raises(LimitError, match="pyflakes breaks on it: AssertionError"):
        lint("def f():\n    from __future__ import annotations\n")


def test_a_waiver_is_that_of_its_line_as_python_counts_lines() -> None:
    (finding,) = lint("print(x)\rprint(y)  # noqa\r")
    assert finding.name == "x"
