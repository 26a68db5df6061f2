"""A proposal that is taken step by step: accepted, skipped, undone, clean after every step.

Edits only insert, so the last text holds every line of every step: the text with some of the steps
is what is left of it without the lines of the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lintseq.infer.judge import judge_step
from lintseq.infer.propose import Proposal
from lintseq.program import EditSequence, split_lines

BASE = -1
"""The owner of what was there before."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some text, and the step that inserts it."""

    text: str
    owner: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Where somebody stands in a proposal; every move gives another value."""

    original: str
    """The text before the first step, a stub's placeholder included."""
    parts: tuple[Part, ...]
    taken: tuple[int, ...] = ()
    """The steps that are in the text, in the order in which they came."""
    ahead: tuple[int, ...] = ()
    """The steps still offered; each is clean behind those before it."""

    @property
    def text(self) -> str:
        """The text where one stands."""
        return self.text_with(self.taken)

    def text_with(self, steps: Iterable[int]) -> str:
        """The text with these steps."""
        owners = {*steps}
        if not owners:
            return self.original
        text = "".join(part.text for part in self.parts if part.owner in {BASE, *owners})
        is_ended = self.original.endswith("\n") or not self.original
        return text if is_ended else text.removesuffix("\n").removesuffix("\r")

    def accepted(self, last: int) -> "Walk":
        """Behind the step `last` and all that are offered before it.

        Raises:
            ValueError: it is not offered.
        """
        at = self._index(last) + 1
        return replace(self, taken=self.taken + self.ahead[:at], ahead=self.ahead[at:])

    def skipped(self, step: int) -> "Walk":
        """Without the step, and without those that are not clean when it is missing.

        Raises:
            ValueError: it is not offered.
        """
        at = self._index(step)
        return self._offering((*self.ahead[:at], *self.ahead[at + 1 :]))

    def undone(self) -> "Walk":
        """In front of the step that was accepted last, which is offered again.

        Raises:
            ValueError: none was.
        """
        if not self.taken:
            raise ValueError("no step is accepted that could be undone")
        before = replace(self, taken=self.taken[:-1])
        return before._offering(tuple(sorted((self.taken[-1], *self.ahead))))

    def _index(self, step: int) -> int:
        if step not in self.ahead:
            offered = ", ".join(map(str, self.ahead)) or "none"
            raise ValueError(f"step {step} is not offered; offered: {offered}")
        return self.ahead.index(step)

    def _offering(self, wanted: Sequence[int]) -> "Walk":
        clean: list[int] = []
        before = self.text
        for step in wanted:
            after = self.text_with((*self.taken, *clean, step))
            if judge_step(self.original, after).is_clean and after != before:
                clean.append(step)
                before = after
        return replace(self, ahead=tuple(clean))


def walk_through(text: str, proposal: Proposal, offset: int) -> Walk:
    """The walk that begins at `text`, for which the proposal was made at `offset` (characters)."""
    parts = _shown_parts(text, proposal, offset) if proposal.shown else _edit_parts(text, proposal)
    return Walk(text, parts, ahead=tuple(range(len(proposal.steps))))


def _edit_parts(text: str, proposal: Proposal) -> tuple[Part, ...]:
    is_ended = text.endswith("\n") or not text
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = split_lines(proposal.text if is_ended else proposal.text + newline)
    owners = _owners(proposal.edits, len(lines))
    return tuple(Part(line, owner) for line, owner in zip(lines, owners, strict=True))


def _owners(edits: EditSequence, count: int) -> list[int]:
    """Which edit inserts each of the `count` lines that are there after all of them."""
    # Backwards: the lines that are there before the last edits, by their final numbers.
    owners = [BASE] * count
    left = list(range(count))
    for number in reversed(range(len(edits.edits))):
        before = 0
        mine: list[int] = []
        for hunk in edits.edits[number].hunks:
            mine += range(hunk.at + before, hunk.at + before + len(hunk.lines))
            before += len(hunk.lines)
        for index in mine:
            owners[left[index]] = number
        gone = set(mine)
        left = [line for index, line in enumerate(left) if index not in gone]
    return owners


def _shown_parts(text: str, proposal: Proposal, offset: int) -> tuple[Part, ...]:
    parts = [Part(text[:offset], BASE), Part(proposal.shown, len(proposal.steps) - 1)]
    parts.append(Part(text[offset:], BASE))
    if not proposal.imports:
        return tuple(parts)
    with_import = proposal.steps[0]
    length = len(with_import) - len(text)
    at = next(
        at
        for at in range(len(text) + 1)
        if text[:at] + with_import[at : at + length] + text[at:] == with_import
    )
    imports = Part(with_import[at : at + length], 0)
    if at > offset:
        tail = text[offset:at], text[at:]
        return (*parts[:2], Part(tail[0], BASE), imports, Part(tail[1], BASE))
    return (Part(text[:at], BASE), imports, Part(text[at:offset], BASE), *parts[1:])
