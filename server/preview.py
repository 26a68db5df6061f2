"""The steps of a proposal as texts and diffs, to be looked at one by one."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from lintseq.infer.propose import Proposal
from lintseq.program import EditSequence, split_lines
from server.changes import Change, changes, proposed_changes

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
        yield TextStep(text, proposed_changes(text, proposal, offset), proposal.text)
        return
    edits = proposal.edits.edits
    before = text
    for index, after in enumerate(proposal.steps):
        edit = EditSequence(edits[index : index + 1])
        yield TextStep(before, changes(before, edit, after), after)
        before = after


def unified_diff(before: str, after: str, name: str) -> str:
    """The two texts as a unified diff with context, for people."""
    lines = difflib.unified_diff(split_lines(before), split_lines(after), f"a/{name}", f"b/{name}")
    ended = (line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n" for line in lines)
    return "".join(ended)
