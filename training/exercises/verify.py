r"""Runs programs with their tests in the sandbox, many at a time, and says which passed.

One process of the sandbox takes a whole batch: its start costs more than most exercises. Every
exercise has names of its own; an exception, an exit or too long a time costs that one alone. If the
process itself dies, halves of the batch are tried until the one that kills it is found.

The examples of docstrings are checked as `doctest` would.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from lintseq.sandbox.run import Limits, Sandbox

LIMITS = Limits(cpu_s=120, wall_s=240, memory_bytes=1 << 30)
PASSED = ""

_PROGRAM = """
import ast, doctest, json, signal, sys, warnings
warnings.simplefilter("ignore")
def _stop(number, frame):
    raise TimeoutError("too long")
signal.signal(signal.SIGALRM, _stop)
_parser = doctest.DocTestParser()
def _examples(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            text = ast.get_docstring(node)
            if text and ">>>" in text:
                yield from _parser.get_examples(text)
def _check(code, tests):
    names = {"__name__": "exercise"}
    tree = ast.parse(code)
    exec(compile(tree, "<code>", "exec"), names)
    exec(compile(tests, "<tests>", "exec"), dict(names))
    names = dict(names)
    for example in _examples(tree):
        try:
            value = eval(example.source, names)
        except SyntaxError:
            exec(example.source, names)
            continue
        shown = "" if value is None else repr(value) + chr(10)
        if shown != example.want:
            raise AssertionError("doctest: " + example.source.strip() + " gave " + shown.strip())
_real, _out = sys.stdout, []
class _Sink:
    def write(self, text):
        return len(text)
    def flush(self):
        pass
sys.stdout = sys.stderr = _Sink()
for _code, _tests in json.loads(_DATA):
    signal.setitimer(signal.ITIMER_REAL, _SECONDS)
    try:
        _check(_code, _tests)
        _out.append("")
    except BaseException as _error:
        _out.append((type(_error).__name__ + ": " + str(_error))[:60])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
sys.stdout = _real
_failed = {_at: _text for _at, _text in enumerate(_out) if _text}
sys.stdout.write(json.dumps([len(_out), sorted(_failed), dict(list(_failed.items())[:20])]))
"""
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Program:
    """What is verified."""

    code: str
    tests: str


def verify(programs: Sequence[Program], sandbox: Sandbox) -> list[str]:
    """Return for each program `PASSED`, or what went wrong."""
    if not programs:
        return []
    data = json.dumps([[each.code, each.tests] for each in programs])
    outcome = sandbox.run(f"_SECONDS = {_SECONDS}\n_DATA = {data!r}\n{_PROGRAM}")
    if outcome.status == "passed":
        return _verdicts(outcome.output, len(programs))
    if len(programs) == 1:
        return [f"{outcome.status}: {outcome.output[-100:]}"]
    half = len(programs) // 2
    return verify(programs[:half], sandbox) + verify(programs[half:], sandbox)


def _verdicts(output: str, count: int) -> list[str]:
    done, failed, texts = json.loads(output)
    if done != count:
        raise ValueError(f"wanted {count} verdicts from the sandbox, got {done}")
    verdicts = [PASSED] * count
    for at in failed:
        verdicts[at] = texts.get(str(at), "failed")
    return verdicts
