"""What a model writes before anything is filtered: does it parse, is it clean, how long is it?"""

from collections.abc import Iterable
from dataclasses import dataclass

from lintseq.infer.ask import Completion
from lintseq.lint import SYNTAX_ERROR


@dataclass(frozen=True, slots=True)
class Candidates:
    """What came of the candidates for one question."""

    linted: int = 0
    """Those that were whole, new, and applied to a text that could be judged."""
    parsing: int = 0
    clean: int = 0
    tokens: int = 0
    """Tokens generated for all of them."""
    distinct: int = 0
    """How many differ, of all that were written."""


NO_CANDIDATES = Candidates()
"""Nothing was asked."""


@dataclass(frozen=True, slots=True)
class CandidateFigures:
    """Before the filter, over all questions."""

    linted: int
    """Candidates that were whole, new, and applied to a text that could be judged."""
    parsing: float
    """The share of these that parses."""
    clean: float
    """The share of these that adds no finding."""
    tokens: float
    """Tokens generated for a question, on average."""
    distinct: float
    """Different answers to a question, on average."""


def candidates_of(completion: Completion) -> Candidates:
    """What became of the candidates of a completion at threshold 0."""
    if completion.answer is None:
        return NO_CANDIDATES
    refused = [rejected.findings for rejected in completion.rejected if rejected.findings]
    broken = sum(any(one.kind == SYNTAX_ERROR for one in findings) for findings in refused)
    # Equal proposals are merged: each of them was a clean candidate.
    is_answered = bool(completion.proposals)
    clean = len(completion.answer.candidates) - len(completion.rejected) if is_answered else 0
    linted = clean + len(refused)
    written = {candidate.segments for candidate in completion.answer.candidates}
    return Candidates(
        linted, linted - broken, clean, completion.answer.generated_tokens, len(written)
    )


def report_candidates(questions: Iterable[Candidates]) -> CandidateFigures:
    """The figures over the candidates of all questions."""
    asked = list(questions)
    linted = sum(one.linted for one in asked)
    return CandidateFigures(
        linted=linted,
        parsing=sum(one.parsing for one in asked) / max(linted, 1),
        clean=sum(one.clean for one in asked) / max(linted, 1),
        tokens=sum(one.tokens for one in asked) / max(len(asked), 1),
        distinct=sum(one.distinct for one in asked) / max(len(asked), 1),
    )
