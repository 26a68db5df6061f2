"""`infill`: a hole in a solution of HumanEval, filled at the cursor as the server would fill it.

The data are those of Bavarian et al. 2022, "Efficient Training of Language Models to Fill in the
Middle": a missing line, several missing lines, or a random span of characters. Where something
follows the hole on its line, the server writes one line and puts the rest behind it; a span of
several lines that ends inside a line is out of its reach, and counts as wrong.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lintseq.infer.ask import for_others
from lintseq.infer.locality import locality_beside, nearby
from lintseq.infer.propose import Proposal, propose_at_cursor
from lintseq.infer.request import Answer, Candidate, PromptTooLong, Request
from lintseq.infer.written import written_at_cursor
from lintseq.tasks import CursorTask, cursor_task, windows

if TYPE_CHECKING:
    from lintseq.infer.engine import Engine
    from training.evaluate.report import Report

SUMMARY = "a hole in a function, filled at the cursor (HumanEval infilling)"
KINDS = ("SingleLine", "MultiLine", "RandomSpan")

_BUDGET_MS = 60_000


@dataclass(frozen=True, slots=True)
class Case:
    """A program with a hole."""

    name: str
    kind: str
    """One of `KINDS`."""
    before: str
    after: str
    wanted: str
    """What stood in the hole."""
    checks: str
    """Source that raises if the program in front of it is wrong."""

    @property
    def problem(self) -> str:
        """The problem of HumanEval whose solution it is."""
        return "/".join(self.name.split("/")[1:3])

    @property
    def is_whole_lines(self) -> bool:
        """Whether the hole is made of whole lines; then the cursor stands on a line of its own."""
        return self.kind != "RandomSpan"

    def filled(self, text: str) -> str:
        """The program with `text` in its hole."""
        end = "\n" if self.is_whole_lines else ""
        return f"{self.before}{text}{end}{self.after}"

    @property
    def original(self) -> str:
        """The program as it was."""
        return f"{self.before}{self.wanted}{self.after}"


@dataclass(frozen=True, slots=True)
class Filling:
    """What the model wrote into a hole."""

    case: Case
    program: str
    """With what it wrote; with nothing in the hole if it did not finish."""
    tokens: int
    is_finished: bool
    is_seen: bool
    """Whether the model itself found that something is missing there."""
    is_shown: bool
    """Whether an editor would show it: applied and linted, and nothing against it."""

    @property
    def is_exact(self) -> bool:
        """Whether the program is what it was, but for space at the ends of lines."""
        return _stripped(self.program) == _stripped(self.case.original)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the benchmark."""
    parser.add_argument("--model", type=Path, metavar="GGUF", help="(the default model)")
    parser.add_argument(
        "--data", nargs="+", type=Path, required=True, metavar="FILE", help="infill_*.jsonl.gz"
    )
    parser.add_argument(
        "--cases", type=int, metavar="N", help="of each kind, drawn at random (all)"
    )
    parser.add_argument(
        "--lines", type=int, default=16, help="of a hole of several, at most (%(default)s)"
    )
    parser.add_argument("--max-tokens", type=int, default=256, help="of a hole (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (%(default)s)")
    parser.add_argument(
        "--format",
        default="edits",
        metavar="FORMAT",
        help="what the model was trained on: edits, or fim, plain fill-in-the-middle (%(default)s)",
    )
    parser.add_argument("--threads", type=int, help="of the model (all processors but one)")
    parser.add_argument("--jobs", type=int, default=2, help="programs run at a time (%(default)s)")
    parser.add_argument("--isolation", metavar="KIND", help="of the sandbox (the strongest)")
    parser.add_argument("--json", action="store_true", help="write the report to stdout")


def evaluate(args: argparse.Namespace) -> Report:
    """The report of a model on the cases of all files.

    Raises:
        ValueError: a file has no such cases.
        LintseqError: there is no sandbox, or the model failed.
    """
    from lintseq.infer.engine import start_engine
    from lintseq.infer.model_file import default_model
    from training.evaluate.asking import collect
    from training.evaluate.fill_in_the_middle import speaking
    from training.evaluate.infill_report import report_infill

    cases = choose(read_cases(args.data), args.cases, args.seed)
    engine = start_engine(args.model or default_model(), threads=args.threads)
    try:
        asked = speaking(engine, args.format)
        fillings = collect(fill(asked, cases, args.lines, args.max_tokens), len(cases), "infill")
        return report_infill(args, engine.model, fillings, len(cases))
    finally:
        engine.close()


def read_cases(paths: Iterable[Path]) -> list[Case]:
    """All cases of the files, in their order.

    Raises:
        ValueError: a row is no case.
    """
    from training.evaluate.code.problems import read_rows

    cases = []
    for path in paths:
        for number, row in enumerate(read_rows(path), 1):
            try:
                cases.append(
                    Case(
                        name=row["task_id"],
                        kind=next(kind for kind in KINDS if row["task_id"].startswith(kind)),
                        before=row["prompt"],
                        after=row["suffix"],
                        wanted=row["canonical_solution"],
                        checks=f"{row['test']}\ncheck({row['entry_point']})\n",
                    )
                )
            except (KeyError, StopIteration) as error:
                raise ValueError(
                    f"{path}, line {number}: wanted a case of HumanEval infilling, got fields "
                    f"{', '.join(row)}"
                ) from error
    return cases


def choose(cases: Sequence[Case], count: int | None, seed: int) -> list[Case]:
    """At most `count` cases of each kind, drawn at random.

    Raises:
        ValueError: there is none.
    """
    if not cases:
        raise ValueError("need at least one case, got none")
    chosen: list[Case] = []
    for kind in KINDS:
        of_kind = [case for case in cases if case.kind == kind]
        if count is not None and count < len(of_kind):
            of_kind = random.Random(f"{seed}:{kind}").sample(of_kind, count)
        chosen += of_kind
    return chosen


def fill(engine: Engine, cases: Iterable[Case], lines: int, max_tokens: int) -> Iterator[Filling]:
    """What the model writes into each hole: the likeliest text, whatever it thinks of it.

    Where an editor would not show that, the likeliest of others that it would.
    """
    for case in cases:
        asked = _ask(engine, case, lines, max_tokens)
        if asked is None:
            yield Filling(case, case.filled(""), 0, False, False, False)
            continue
        task, request, answer = asked
        candidate = answer.candidates[0]
        is_shown = _is_shown(task, candidate)
        if not is_shown:
            others = engine.generate(for_others(request)).candidates
            fitting = [each for each in others if _is_shown(task, each)]
            is_shown = bool(fitting)
            candidate = max(fitting, key=lambda each: sum(each.logprobs), default=candidate)
        text = written_at_cursor(task, candidate)
        yield Filling(
            case=case,
            program=case.filled(text or ""),
            tokens=len(candidate.logprobs),
            is_finished=text is not None,
            is_seen=task.is_typing or answer.p_edit > 0.5,
            is_shown=is_shown,
        )


def _is_shown(task: CursorTask, candidate: Candidate) -> bool:
    return isinstance(propose_at_cursor(task, candidate, 1.0), Proposal)


def _ask(
    engine: Engine, case: Case, lines: int, max_tokens: int
) -> tuple[CursorTask, Request, Answer] | None:
    """The task in the largest window that the model can read, what was asked, and the answer."""
    locality = locality_beside(engine.model.path)
    line = case.before.count("\n")
    character = len(case.before) - (case.before.rfind("\n") + 1)
    for window in windows():
        task = cursor_task(case.filled(""), line, character, None, window)
        is_one_line = case.kind == "SingleLine" or bool(task.suffix.strip())
        request = Request(
            prompt=task.prompt(),
            forced=task.forced(),
            lines=1 if is_one_line else lines,
            line_number=task.line_number(),
            max_tokens=max_tokens,
            budget_ms=_BUDGET_MS,
            nearby=nearby(task.text, line, (), locality) if locality else None,
        )
        try:
            return task, request, engine.generate(request)
        except PromptTooLong:
            continue
    return None


def _stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n")]
