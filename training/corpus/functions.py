"""Functions that say what they do: when two of them are one."""

from __future__ import annotations

import hashlib

from lintseq.described import Described
from lintseq.program import Lines


def function_key(function: Described, lines: Lines) -> int:
    """Return a key, never 0, that functions share if description and body do, white space aside."""
    body = "".join(lines[function.start : function.stop])
    words = " ".join(f"{function.instruction} {body}".split())
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") or 1
