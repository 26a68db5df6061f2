"""`lintseq-server complete FILE:LINE:COL`: the ghost text at a place, for scripts and reports."""

import json
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lintseq.errors import LintseqError
from lintseq.infer.ask import Extent
from lintseq.program import EditSequence
from lintseq.source import decode_source
from lintseq.tasks import cursor_task
from server.engine import start_model
from server.options import Options
from server.work import Found, Wanted, ghost_work

# Nobody waits at a keyboard: time enough for a slow machine to read a whole window.
_BUDGET_MS = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: line from 0, ending at newlines only, and column in characters."""

    path: Path
    line: int
    character: int


def place_of(argument: str) -> Place:
    """The place that FILE:LINE:COL names, its line counted from 1 and its column from 0.

    Raises:
        ValueError: the argument is of another form.
    """
    path, line, column = ["", "", *argument.rsplit(":", 2)][-3:]
    if not (path and line.isdecimal() and column.isdecimal() and int(line) >= 1):
        raise ValueError(f"wanted FILE:LINE:COL with LINE from 1 and COL from 0, got {argument!r}")
    return Place(Path(path), int(line) - 1, int(column))


def complete(argument: str, options: Options, *, as_json: bool) -> int:
    """Write what would be shown at the place; 0 if something was asked, 2 if that failed."""
    started = time.perf_counter()
    try:
        place = place_of(argument)
        text = decode_source(place.path.read_bytes()).text
        task = cursor_task(text, place.line, place.character, None, options.window)
        engine = start_model(options)
    except (LintseqError, ValueError, OSError) as error:
        sys.stderr.write(f"lintseq-server complete: {error}\n")
        return 2
    loaded = time.perf_counter()
    wanted = Wanted(
        extent=Extent(options.max_lines, options.alternatives, options.window, _BUDGET_MS)
    )
    try:
        found = ghost_work(task, wanted)(engine, threading.Event())
    except LintseqError as error:
        sys.stderr.write(f"lintseq-server complete: {error}\n")
        return 2
    finally:
        engine.close()
    ms = {"load": (loaded - started) * 1000, "answer": (time.perf_counter() - loaded) * 1000}
    sys.stdout.write(_json(found, ms) if as_json else _words(found))
    return 0


def edits_as_json(edits: EditSequence) -> list[list[dict[str, Any]]]:
    """The edits in the form in which `lintseq sample --json` writes them."""
    return [
        [{"at": hunk.at, "lines": list(hunk.lines)} for hunk in edit.hunks] for edit in edits.edits
    ]


def _json(found: Found, ms: dict[str, float]) -> str:
    proposals = [
        {
            "text": proposal.shown,
            "edits": edits_as_json(proposal.edits),
            "confidence": proposal.confidence,
            "steps": list(proposal.steps),
        }
        for proposal in found.proposals
    ]
    silent = None if proposals else found.reason
    rounded = {name: round(value, 1) for name, value in ms.items()}
    return json.dumps({"proposals": proposals, "silent": silent, "ms": rounded}) + "\n"


def _words(found: Found) -> str:
    if not found.proposals:
        return f"nothing: {found.reason}\n"
    return "".join(f"{p.shown}\n" for p in found.proposals)
