"""From a problem to what a model is asked, and from its answer to a program."""

from collections.abc import Sequence
from dataclasses import dataclass

from lintseq.format import Segment, Special, render_edit
from lintseq.program import Edit, Hunk, split_lines
from lintseq.tasks import Snapshot, state_prompt
from training.answers import FORMATS
from training.evaluate.code.generator import Question
from training.evaluate.code.problems import Problem

PROMPTS = ("instruction", "signature", "code")


@dataclass(frozen=True, slots=True)
class Asking:
    """How problems are put to a model."""

    format: str = "edits"
    """How the model writes programs, a key of `FORMATS`."""
    prompt: str = "instruction"
    """One of `PROMPTS`: which of a problem's texts the model gets. "code" is gone on from, so
    that a model without instruction tuning can be measured."""
    until: tuple[str, ...] = ()
    """Where a plain continuation of "code" ends."""

    def __post_init__(self) -> None:
        if self.format not in FORMATS or self.prompt not in PROMPTS:
            raise ValueError(
                f"need a format of {', '.join(FORMATS)} and a prompt of {', '.join(PROMPTS)}, "
                f"got {self.format!r} and {self.prompt!r}"
            )

    def question(self, problem: Problem) -> Question:
        """What the model is asked."""
        is_edits = self.format == "edits"
        if self.prompt == "code":
            prompt = _begun(problem) if is_edits else (problem.code,)
            until = () if is_edits else self.until
        else:
            text = problem.instruction if self.prompt == "instruction" else problem.signature
            prompt, until = FORMATS[self.format].prompt(text), ()
        return Question(problem.name, prompt, "edits" if is_edits else "text", until)

    def program(self, problem: Problem, generated: Sequence[Segment]) -> str:
        """The program that an answer stands for, what was given of it included."""
        given: tuple[Segment, ...] = ()
        if self.prompt == "code":
            given = (_code_edit(problem), Special.DIFF) if self.format == "edits" else ()
            given = given or (problem.code,)
        return FORMATS[self.format].program((*given, *generated))


def _begun(problem: Problem) -> tuple[Segment, ...]:
    """The code as the state of a file at whose end something is missing."""
    return state_prompt(Snapshot(0, split_lines(problem.code), ()))


def _code_edit(problem: Problem) -> str:
    return render_edit(Edit((Hunk(0, split_lines(problem.code)),)))
