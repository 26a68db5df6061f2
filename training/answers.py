"""How an instruction model writes a program: as edits, or as plain text from top to bottom."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from lintseq.format import Segment, Special
from lintseq.generated import read_generated
from lintseq.program import Lines


class AnswerFormat(Protocol):
    """What stands in front of an answer, and what an answer stands for."""

    @property
    def name(self) -> str:
        """A key of `FORMATS`."""
        ...

    def prompt(self, instruction: str) -> tuple[Segment, ...]:
        """What the model reads before it writes."""
        ...

    def program(self, generated: Sequence[Segment]) -> str:
        """The program that the generated segments build, as far as they are certain."""
        ...


class Edits:
    """The transcript of `lintseq.format`: insertions up to an empty one."""

    name = "edits"

    def prompt(self, instruction: str) -> tuple[Segment, ...]:
        """The instruction and the marker of the first edit."""
        return (f"{instruction}\n", Special.DIFF)

    def program(self, generated: Sequence[Segment]) -> str:
        """What the edits build; the first one without a place in it, and all behind, are left."""
        lines: Lines = ()
        for edit in read_generated(generated).edits:
            try:
                lines = edit.apply(lines)
            except ValueError:
                break
        return "".join(lines)


class Whole:
    """The program itself, up to the end token."""

    name = "whole"

    def prompt(self, instruction: str) -> tuple[Segment, ...]:
        """The instruction on lines of its own."""
        return (f"{instruction}\n",)

    def program(self, generated: Sequence[Segment]) -> str:
        """The text up to the first control token."""
        text: list[str] = []
        for segment in generated:
            if isinstance(segment, Special):
                break
            text.append(segment)
        return "".join(text)


FORMATS: Mapping[str, AnswerFormat] = {one.name: one for one in (Edits(), Whole())}
