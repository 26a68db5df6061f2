"""The syntax tree of a text, or nothing: for everything that only looks at programs that parse."""

import ast
import warnings


def parse_module(text: str) -> ast.Module | None:
    """The tree of `text`; None if it does not parse or is nested too deeply for the parser."""
    try:
        with warnings.catch_warnings():
            # An invalid escape in a string is a warning for its author, not for us.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def counts_lines_alike(text: str) -> bool:
    r"""Whether Python's lines are ours: it also ends a line at a lone "\r"."""
    return text.count("\r") == text.count("\r\n")
