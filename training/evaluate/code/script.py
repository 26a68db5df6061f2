"""The script that the sandbox runs: program, checks, and the proof that their end was reached."""

from training.evaluate.code.oracle import SECONDS
from training.evaluate.code.problems import Problem

_LIMIT = f"import signal\nsignal.setitimer(signal.ITIMER_PROF, {SECONDS})\n"


def script(problem: Problem, program: str, secret: str) -> str:
    """Source that writes `secret` as its last line if the program passes all checks.

    That the process ends with status 0 is no proof: a program may call `sys.exit()`. As in the
    authors' harnesses, `__name__` is not "__main__".
    """
    source = f"{problem.context}{program}\n{problem.checks}"
    limit = _LIMIT if problem.has_long_checks else ""
    return f"{limit}exec({source!r}, {{}})\nprint()\nprint({secret!r}, flush=True)\n"


def has_reached_end(output: str, secret: str) -> bool:
    """Whether the script's output shows that all checks passed."""
    return output.rstrip("\n").rpartition("\n")[2] == secret
