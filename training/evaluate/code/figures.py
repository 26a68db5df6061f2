"""What a run's samples were like, beside how many passed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lintseq.errors import LimitError
from lintseq.lint import lint
from lintseq.syntax import parse_module
from training.evaluate.bootstrap import Interval
from training.evaluate.code.passk import Estimate
from training.evaluate.code.run import Scored


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """Shares lie between 0 and 1, and are shares of the samples."""

    intervals: Mapping[str, Interval]
    """pass@k by k: 95 % of the bootstrap over the problems."""
    parsed: float
    """What the Python parser takes, behind the imports and functions that are given."""
    clean: float
    """What parses and has no finding that counts."""
    answered: float
    """What ran, and gave answers that were compared with the right ones: what passed, and what
    failed by an AssertionError."""
    distinct: float
    """Mean number of different programs of a problem."""
    tokens: float
    """Mean length of a sample."""
    tokens_per_problem: float
    """Mean sum over its samples."""
    finished: float
    """What the model ended itself."""
    tokens_per_s: float
    """Of wall-clock time, all samples together; 0 if nothing was generated."""
    samples_per_s: float
    ended: Mapping[str, int]
    """How samples ended, counted."""
    outcomes: Mapping[str, int]
    """What came of running them, counted."""
    failed: Mapping[str, str]
    """References only: the problems whose own solution fails, with the last line it wrote."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of one problem's samples are what; see `CodeFigures`."""

    samples: int
    parsed: int
    clean: int
    answered: int
    distinct: int


def tally(one: Scored, context: str) -> Tally:
    """The counts of a problem; `context` is what stands in front of its programs when run."""
    counts = Counter(one.programs)
    # Nothing stays nothing: what it would be run behind is no program.
    parsed = {p for p in counts if is_parsed(_behind(context, p))}
    clean = {p for p in parsed if is_clean(_behind(context, p))}
    pairs = zip(one.statuses, one.reasons, strict=True)
    return Tally(
        samples=len(one.programs),
        parsed=sum(counts[program] for program in parsed),
        clean=sum(counts[program] for program in clean),
        answered=sum(s == "passed" or r.startswith("AssertionError") for s, r in pairs),
        distinct=len(counts),
    )


def code_figures(
    scored: Sequence[Scored],
    contexts: Mapping[str, str],
    estimates: Mapping[int, Estimate],
    *,
    are_references: bool,
) -> CodeFigures:
    """The figures over all problems.

    Args:
        scored: the problems with their samples.
        contexts: what stands in front of a problem's programs when they are run, by its name.
        estimates: pass@k by k.
        are_references: whether the programs are the data set's own.
    """
    tallies = [tally(one, contexts[one.name]) for one in scored]
    count = sum(one.samples for one in tallies)
    tokens = sum(sum(one.tokens) for one in scored)
    seconds = sum(one.seconds for one in scored)
    ended = Counter(end for one in scored for end in one.ended if end)
    return CodeFigures(
        intervals={str(k): one.interval for k, one in estimates.items()},
        parsed=sum(one.parsed for one in tallies) / count,
        clean=sum(one.clean for one in tallies) / count,
        answered=sum(one.answered for one in tallies) / count,
        distinct=sum(one.distinct for one in tallies) / len(scored),
        tokens=tokens / count,
        tokens_per_problem=tokens / len(scored),
        finished=(ended["sequence"] + ended["until"]) / count,
        tokens_per_s=tokens / seconds if seconds else 0.0,
        samples_per_s=count / seconds if seconds else 0.0,
        ended=dict(ended.most_common()),
        outcomes=dict(Counter(s for one in scored for s in one.statuses).most_common()),
        failed=_failed(scored) if are_references else {},
    )


def is_parsed(program: str) -> bool:
    """Whether it is a program, and not an empty one."""
    return bool(program.strip()) and parse_module(program) is not None


def is_clean(program: str) -> bool:
    """Whether it parses and has no finding that counts; too large to say is no."""
    try:
        return is_parsed(program) and not lint(program)
    except LimitError:
        return False


def _behind(context: str, program: str) -> str:
    return context + program if program.strip() else ""


def _failed(scored: Sequence[Scored]) -> dict[str, str]:
    return {one.name: f"{one.statuses[0]}: {one.reasons[0]}" for one in scored if not one.passed}
