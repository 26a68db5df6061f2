import pytest

from lintseq.infer.ask import Completion
from lintseq.infer.engine import Answer, Candidate
from lintseq.infer.propose import Proposal, Rejected
from lintseq.lint import Finding
from lintseq.program import EditSequence
from training.evaluate.candidates import (
    CandidateFigures,
    Candidates,
    candidates_of,
    report_candidates,
)

CLEAN = Proposal(EditSequence(), ("x = 1\n",), "x = 1", 0.5)
BROKEN = Rejected("syntax error", (Finding("SyntaxError", "invalid syntax", 0),))
UNDEFINED = Rejected("undefined name 'y'", (Finding("UndefinedName", "y", 0),))
UNFINISHED = Rejected("the model did not finish")


def answer(*texts: str) -> Answer:
    written = tuple(Candidate((text,), (), "edit") for text in texts)
    return Answer(written, 1.0, 9, 0, 3 * len(texts), 1.0)


@pytest.mark.parametrize(
    ("completion", "candidates"),
    [
        (Completion((CLEAN,), answer=answer("a")), Candidates(1, 1, 1, 3, 1)),
        # Three equal ones were merged.
        (Completion((CLEAN,), "", (BROKEN,), answer(*"aaab")), Candidates(4, 3, 3, 12, 2)),
        (Completion((), "-", (BROKEN, UNDEFINED), answer(*"ab")), Candidates(2, 1, 0, 6, 2)),
        # What was cut off or repeats the text was never linted.
        (Completion((), "-", (UNFINISHED, BROKEN), answer(*"ab")), Candidates(1, 0, 0, 6, 2)),
        (
            Completion((), "nothing seems to be missing here", answer=answer("a")),
            Candidates(tokens=3, distinct=1),
        ),
        (Completion((), "out of time"), Candidates()),
    ],
)
def test_candidates(completion: Completion, candidates: Candidates) -> None:
    assert candidates_of(completion) == candidates


def test_report() -> None:
    found = report_candidates([Candidates(4, 3, 2, 12, 3), Candidates()])
    assert found == CandidateFigures(linted=4, parsing=0.75, clean=0.5, tokens=6.0, distinct=1.5)
    assert report_candidates([]) == CandidateFigures(0, 0.0, 0.0, 0.0, 0.0)
