import pytest

from lintseq.infer.propose import Proposal
from lintseq.infer.trial import Trial, run_trials, trial_at
from lintseq.program import EditSequence
from lintseq.sandbox.choose import open_sandbox
from lintseq.sandbox.run import Limits, Sandbox, SandboxError

TEXT = '''\
class Tank:
    def fill(self, amount):
        """Fill.

        >>> Tank().fill(2)
        4
        """
        {body}


def test_fill():
    assert Tank().fill(3) == 6


if __name__ == "__main__":
    raise SystemExit("a module is not run as a program")
'''


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    try:
        return open_sandbox(Limits(cpu_s=3, wall_s=30))
    except SandboxError as error:
        pytest.skip(str(error))


def with_body(body: str) -> Proposal:
    return Proposal(EditSequence(), (TEXT.replace("{body}", body),), "", 1.0)


def test_what_there_is_to_pass() -> None:
    text = TEXT.replace("{body}", "pass")
    assert trial_at(text, 1) == Trial("Tank.fill", 1)
    assert trial_at(text, 7, "test_fill") == Trial("Tank.fill", 1, "test_fill")
    assert trial_at(text, 10, "test_other") is None
    assert trial_at(text, 10, "test_fill") == Trial("test_fill", 0, "test_fill")
    assert trial_at("def f(:\n", 0) is None
    assert (
        trial_at("def f():\n    def g():\n        '''\n        >>> 1\n        1\n        '''\n", 2)
        is None
    )


def test_those_that_pass_are_kept_in_their_order(sandbox: Sandbox) -> None:
    bodies = ("return 3", "return amount * 2", "return amount + 2", "while True: pass")
    proposals = tuple(map(with_body, bodies))
    passed, failure = run_trials(proposals, Trial("Tank.fill", 1), sandbox, lambda: False)
    assert passed == proposals[1:3]
    assert failure
    passed, _ = run_trials(proposals, Trial("Tank.fill", 1, "test_fill"), sandbox, lambda: False)
    assert passed == proposals[1:2]


@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit(0)",
        "import os; os._exit(0)",
        "return nothing",
        "import socket; socket.create_connection(('127.0.0.1', 9)); return 4",
    ],
)
def test_no_way_around_the_examples(sandbox: Sandbox, body: str) -> None:
    assert run_trials((with_body(body),), Trial("Tank.fill", 1), sandbox, lambda: False)[0] == ()


def test_nothing_is_started_when_the_time_is_over(sandbox: Sandbox) -> None:
    passed, failure = run_trials(
        (with_body("return 4"),), Trial("Tank.fill", 1), sandbox, lambda: True
    )
    assert (passed, failure) == ((), "out of time")
