"""The steps of a proposal as texts and diffs, to be looked at one by one."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from lintseq.infer.propose import Proposal
from lintseq.program import EditSequence, split_lines
from server.changes import Change, changes

_NO_NEWLINE = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class TextStep:
    """From one verified text to the next."""

    before: str
    changes: tuple[Change, ...]
    after: str


def text_steps(text: str, proposal: Proposal, offset: int) -> Iterator[TextStep]:
    """The steps from `text` to the proposal's text, in order.

    Args:
        offset: the cursor that the proposal was made for, in characters.
    """
    if proposal.shown:
        yield from _shown_steps(text, proposal, offset)
        return
    edits = proposal.edits.edits
    before = text
    for index, after in enumerate(proposal.steps):
        edit = EditSequence(edits[index : index + 1])
        yield TextStep(before, changes(before, edit, after), after)
        before = after


def _shown_steps(text: str, proposal: Proposal, offset: int) -> Iterator[TextStep]:
    """The import, if one comes along, and then the text at the cursor."""
    before = text
    for after in proposal.steps[:-1]:
        found = changes(before, EditSequence(), after)
        yield TextStep(before, found, after)
        offset += len(after) - len(before) if found[0].start <= offset else 0
        before = after
    yield TextStep(before, (Change(offset, offset, proposal.shown),), proposal.text)


def unified_diff(before: str, after: str, name: str) -> str:
    """The two texts as a unified diff with context, for people."""
    lines = difflib.unified_diff(split_lines(before), split_lines(after), f"a/{name}", f"b/{name}")
    ended = (line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n" for line in lines)
    return "".join(ended)
