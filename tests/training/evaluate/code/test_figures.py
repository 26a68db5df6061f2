"""The figures beside pass@k, counted by hand."""

from training.evaluate.code.figures import code_figures
from training.evaluate.code.run import Scored

RIGHT = "def f(a):\n    return pi\n"
SCORED = Scored(
    name="one",
    programs=(RIGHT, "def f(a):\n    return 2\n", "def f(a):\n    return b\n", "def f(:\n", ""),
    statuses=("passed", "failed", "failed", "failed", "empty"),
    reasons=("", "AssertionError: wanted 1", "NameError: name 'b'", "SyntaxError: no", ""),
    tokens=(5, 6, 7, 8, 9),
    ended=("sequence", "sequence", "tokens", "tokens", "sequence"),
    seconds=7.0,
)
AGAIN = Scored("two", (RIGHT,) * 5, ("passed",) * 5, ("",) * 5, (1,) * 5, ("until",) * 5, 3.0)


def test_shares_of_the_samples() -> None:
    contexts = {"one": "from math import pi\n", "two": "from math import pi\n"}
    figures = code_figures([SCORED, AGAIN], contexts, {}, are_references=False)
    assert figures.parsed == 8 / 10
    assert figures.clean == 7 / 10
    # Wrong answers are answers; a name that is not there, or no program, gives none.
    assert figures.answered == 7 / 10
    assert figures.distinct == (5 + 1) / 2
    assert (figures.tokens, figures.tokens_per_problem) == (40 / 10, 40 / 2)
    assert figures.finished == 8 / 10
    assert (figures.tokens_per_s, figures.samples_per_s) == (4.0, 1.0)
    assert figures.outcomes == {"passed": 6, "failed": 3, "empty": 1}


def test_a_context_counts_for_parsing_and_names() -> None:
    figures = code_figures([AGAIN], {"two": ""}, {}, are_references=False)
    assert (figures.parsed, figures.clean) == (1.0, 0.0)
