"""What one record becomes: rows of a data set, or the reason why there are none."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lintseq.dataset.records import Record, Reject
from lintseq.errors import LimitError, LintseqError
from lintseq.examples import MAKERS
from lintseq.format import SEPARATOR, Transcript, render, text_of
from lintseq.infer.wire import encode_segments
from lintseq.linters import LINTERS
from lintseq.linters.alarm import TimeUp, time_limit
from lintseq.methods import METHODS
from lintseq.program import Lines, split_lines
from lintseq.sample import LintError
from lintseq.tasks import WINDOW

TRANSCRIPT = "transcript"
"""The task that gives whole programs as edit sequences; the others are `lintseq.examples`."""
TASKS = (TRANSCRIPT, *MAKERS)


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """How records become rows."""

    task: str = TRANSCRIPT
    samples: int = 5
    """Rows of each record."""
    seed: int = 0
    linter: str = "pyflakes"
    method: str = "lintseq"
    timeout_s: float = 60.0
    """Of one record."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a record."""

    index: int
    rows: tuple[str, ...] = ()
    """JSON objects."""
    reject: Reject | None = None


def make(record: Record, options: WorkOptions) -> Made:
    """What becomes of a record. A failure costs this record alone."""
    try:
        with time_limit(options.timeout_s):
            return Made(record.index, tuple(_rows(record, options)))
    except LintError as error:
        first = error.findings[0]
        kind = "does not parse" if first.kind == "SyntaxError" else f"not clean: {first.kind}"
        detail = str(error).replace("\n", "; ")
    except LimitError as error:
        kind, detail = "beyond the limits", str(error)
    except TimeUp:
        kind, detail = "timeout", f"took longer than {options.timeout_s:g} s"
    except LintseqError as error:
        kind, detail = "refused", str(error)
    except (RecursionError, MemoryError) as error:
        kind, detail = "beyond the limits", type(error).__name__
    except Exception as error:
        # Whatever a linter fails with costs one program.
        kind, detail = "error", f"{type(error).__name__}: {error}"
    return Made(record.index, reject=Reject(record.index, record.id, kind, detail))


def _rows(record: Record, options: WorkOptions) -> Iterator[str]:
    lines = split_lines(record.program)
    if not lines:
        raise LintseqError("an empty program")
    rows = _transcripts if options.task == TRANSCRIPT else _examples
    for sample, values in rows(record, lines, options):
        row = {"id": record.id, "record": record.index, "sample": sample, **values}
        yield json.dumps(row, ensure_ascii=False)


def _transcripts(
    record: Record, lines: Lines, options: WorkOptions
) -> Iterator[tuple[int, dict[str, Any]]]:
    if SEPARATOR in record.instruction:
        raise LintseqError(f"the instruction holds {SEPARATOR!r}")
    linter = LINTERS[options.linter](record.id)
    sampler = METHODS[options.method](lines, linter)
    digest = hashlib.sha256(record.program.encode()).hexdigest()
    for sample in range(options.samples):
        edits = sampler.sample(_rng(record, options, sample))
        yield (
            sample,
            {
                "instruction": record.instruction,
                "transcript": text_of(render(Transcript(record.instruction, edits))),
                "program_sha256": digest,
            },
        )


def _examples(
    record: Record, lines: Lines, options: WorkOptions
) -> Iterator[tuple[int, dict[str, Any]]]:
    for sample in range(options.samples):
        example = MAKERS[options.task](lines, _rng(record, options, sample), WINDOW)
        if example is not None:
            prompt, answer = encode_segments(example.prompt), encode_segments(example.answer)
            yield sample, {"task": example.task, "prompt": prompt, "answer": answer}


def _rng(record: Record, options: WorkOptions, sample: int) -> random.Random:
    return random.Random(f"{options.seed}:{record.index}:{sample}")
