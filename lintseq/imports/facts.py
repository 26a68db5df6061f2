"""What one file imports and defines: all that the search for an import has to know of it."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lintseq.imports.statement import Import, imports_in

_DEFINITION = re.compile(
    r"^(?:(?:async[ \t]+)?def[ \t]+|class[ \t]+)([^\W\d]\w*)"
    r"|^([^\W\d]\w*)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one file."""

    imports: Mapping[str, Import] = field(default_factory=dict)
    """By the name that each binds; the first of several."""
    defined: frozenset[str] = frozenset()
    """Functions, classes and variables at the top."""

    @property
    def names(self) -> frozenset[str]:
        """All that can be had from the module."""
        return self.defined | self.imports.keys()


@lru_cache(maxsize=64)
def facts_of(text: str) -> Facts:
    """The facts of a text that is open, which is asked about again and again; see `read_facts`."""
    return read_facts(text)


def read_facts(text: str) -> Facts:
    """The facts of a text, which need not parse.

    It is read line by line, without a syntax tree: that takes a tenth of the time, and a text
    that is being typed rarely parses. What looks like a statement in a string is taken for one.
    """
    imports: dict[str, Import] = {}
    for each in imports_in(text):
        imports.setdefault(each.bound, each)
    names = (sys.intern(found[1] or found[2]) for found in _DEFINITION.finditer(text))
    return Facts(imports, frozenset(names))
