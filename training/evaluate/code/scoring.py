"""Programs to verdicts: each is run with its problem's checks in the sandbox, in parallel."""

import secrets
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from lintseq.sandbox.run import Limits, Outcome, Sandbox
from training.evaluate.code.problems import Problem
from training.evaluate.code.script import has_reached_end, script

LIMITS = Limits(cpu_s=6, wall_s=60, memory_bytes=512 << 20)
"""One solution of MBPP takes 3 s. On a busy machine the wall clock runs faster than the
processor's."""
LONG_LIMITS = Limits(cpu_s=150, wall_s=600, memory_bytes=4 << 30)
"""For checks that limit each call themselves; the memory is that of EvalPlus."""

# As the sandbox or a shell in it tells a death by this signal.
_OUT_OF_TIME = (-signal.SIGPROF, 128 + signal.SIGPROF)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one program."""

    status: str
    """"passed", or why not: "empty", or a status of `Outcome`."""
    reason: str = ""
    """The last line that it wrote."""


class Scorer:
    """Runs programs in a sandbox, several at a time."""

    def __init__(self, sandbox: Sandbox, jobs: int) -> None:
        self._sandbox = sandbox
        self._jobs = jobs
        # Known to no program before it is run.
        self._secret = secrets.token_hex(16)

    def verdicts(
        self, problems: Iterable[tuple[Problem, Sequence[str]]]
    ) -> Iterator[tuple[Problem, list[Verdict]]]:
        """The verdict on each program of each problem, in order; equal programs are run once."""
        with ThreadPoolExecutor(self._jobs) as pool:
            try:
                waiting = [
                    (problem, programs, self._submit(pool, problem, programs))
                    for problem, programs in problems
                ]
                for problem, programs, futures in waiting:
                    yield problem, [futures[program].result() for program in programs]
            finally:
                pool.shutdown(cancel_futures=True)

    def _submit(
        self, pool: ThreadPoolExecutor, problem: Problem, programs: Sequence[str]
    ) -> dict[str, Future[Verdict]]:
        return {
            program: pool.submit(self._verdict, problem, program)
            for program in dict.fromkeys(programs)
        }

    def _verdict(self, problem: Problem, program: str) -> Verdict:
        if not program.strip():
            return Verdict("empty")
        outcome = self._sandbox.run(script(problem, program, self._secret))
        if outcome.status == "passed" and has_reached_end(outcome.output, self._secret):
            return Verdict("passed")
        return Verdict(_status(outcome), _last_line(outcome.output, self._secret))


def _status(outcome: Outcome) -> str:
    if outcome.exit_code in _OUT_OF_TIME:
        return "timeout"
    return "failed" if outcome.status == "passed" else outcome.status


def _last_line(output: str, secret: str) -> str:
    lines = output.replace(secret, "").strip().splitlines()
    return lines[-1][:200] if lines else ""
