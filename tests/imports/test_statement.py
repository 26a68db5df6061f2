"""What import statements bring, read without a syntax tree; Python's own parser is the oracle."""

import ast
from pathlib import Path

import pytest

from lintseq.imports.facts import read_facts
from lintseq.imports.statement import Import, import_of, imports_in

ROOT = Path(__file__).resolve().parents[2]


def by_tree(text: str) -> set[Import]:
    found = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                found |= {
                    Import(each.name, 0, "", each.asname or each.name.partition(".")[0])
                    for each in names
                }
            case ast.ImportFrom(module=module, names=names, level=level) if module != "__future__":
                found |= {
                    Import(module or "", level, each.name, each.asname or each.name)
                    for each in names
                    if each.name != "*"
                }
    return found


@pytest.mark.parametrize("package", ["lintseq", "server", "training", "tests"])
def test_the_same_as_the_syntax_tree_says(package: str) -> None:
    for path in sorted((ROOT / package).rglob("*.py")):
        text = path.read_text("utf-8")
        # What stands in a string may look like an import.
        assert by_tree(text) <= {*imports_in(text)}, path
    assert by_tree(FORMS) == {*imports_in(FORMS)}


FORMS = """
import os, sys as system
import a.b.c
import a.b as ab; z = 1
from . import one
from .. import two as second
from .three import (  # a comment, with a comma
    four,
    five as fifth,  # another
)
from six import seven, \\
    eight
from nine import *
if True:
    from ten import eleven  # why
from ünï.code import näme
"""


@pytest.mark.parametrize(
    "text",
    ["import the module first\n", "from here import\n", "important = 1\n", "from x import 1\n"],
)
def test_what_is_no_import_noop(text: str) -> None:
    assert [*imports_in(text)] == []


def test_a_torn_text() -> None:
    text = "def torn(:\n    import os\nfrom a import b\nclass C\nx = (\nfrom d import (e,\n"
    facts = read_facts(text)
    assert {each.line for each in facts.imports.values()} == {
        "import os",
        "from a import b",
        "from d import e",
    }
    assert facts.defined == {"torn", "C", "x"}


def test_the_line_brings_what_it_was_read_from() -> None:
    for each in by_tree(FORMS):
        assert import_of(each.line) == each
    assert import_of("import os, sys") is None
    assert import_of("x = 1") is None


def test_what_a_file_defines() -> None:
    text = (
        "RATE: int = 2\nname = other = 3\na, b = 1, 2\nx == 1\ndef f(): ...\n"
        "async def g(): ...\nclass C:\n    inner = 1\n    def method(self): ...\n"
    )
    assert read_facts(text).defined == {"RATE", "name", "f", "g", "C"}
