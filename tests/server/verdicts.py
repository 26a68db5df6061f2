"""What tests hold against a text that was offered: the server is not asked."""

import warnings

from lintseq.lint import Finding, added, lint


def problems(text: str) -> tuple[Finding, ...]:
    """What the compiler and pyflakes have against the text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "example.py", "exec", dont_inherit=True)
        except SyntaxError as error:
            return (Finding("CompileError", error.msg, 0), *lint(text))
    return lint(text)


def assert_no_worse(before: str, after: str) -> None:
    assert after != before
    assert not added(problems(before), problems(after)), after


def assert_implemented(before: str, after: str, placeholder: int) -> None:
    """The stub has a clean body, and all that stands around it is as it was."""
    lines = before.splitlines(keepends=True)
    assert_no_worse(before, after)
    assert after.startswith("".join(lines[:placeholder]))
    assert after.endswith("".join(lines[placeholder + 1 :]))


def is_grown(before: str, after: str) -> bool:
    """Whether nothing but whole lines was inserted."""
    remaining = iter(after.splitlines(keepends=True))
    return all(line in remaining for line in before.splitlines(keepends=True))
