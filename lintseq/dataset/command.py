"""The commands `lintseq generate`, `lintseq verify` and `lintseq stats`.

Exit status: 0; 1 for input that is refused, and for a data set that does not keep its promises;
2 for a wrong command line; 130 for Ctrl-C, after which the same command goes on.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from lintseq.errors import LintseqError
from lintseq.linters import LINTERS
from lintseq.methods import METHODS

_INTERRUPTED = 130


def add_generate(parser: argparse.ArgumentParser) -> None:
    """The arguments of `generate`."""
    from lintseq.dataset.work import TASKS

    parser.set_defaults(command=lambda arguments: _guarded(_generate, arguments))
    add = parser.add_argument
    add("inputs", nargs="+", type=Path, metavar="IN", help="records, Python files, or folders")
    add("output", type=Path, metavar="OUT", help="a .jsonl, .jsonl.gz, .jsonl.zst or .parquet file")
    add("--samples", type=int, default=5, metavar="N", help="rows of a record (%(default)s)")
    add("--seed", type=int, default=0, help="same seed, same rows (%(default)s)")
    add("--jobs", type=int, default=1, metavar="N", help="processes (%(default)s)")
    add("--task", choices=TASKS, default=TASKS[0], help="what the rows are (%(default)s)")
    add("--linter", choices=[*LINTERS], default="pyflakes", help="(%(default)s)")
    add("--method", choices=[*METHODS], default="lintseq", help="(%(default)s)")
    add("--timeout", type=float, default=60.0, metavar="S", help="of a record (%(default)s s)")
    add("--engine", choices=["local", "ray"], default="local", help="(%(default)s)")
    add("--instruction-field", default="instruction", metavar="F", help="(%(default)s)")
    add("--program-field", default="program", metavar="F", help="(%(default)s)")
    add("--id-field", default="", metavar="F", help="(the number of the record)")


def add_verify(parser: argparse.ArgumentParser) -> None:
    """The arguments of `verify`."""
    parser.set_defaults(command=lambda arguments: _guarded(_verify, arguments))
    add = parser.add_argument
    add("data", type=Path, metavar="OUT", help="a data set of transcripts")
    add("--jobs", type=_count, default=1, metavar="N", help="processes (%(default)s)")
    add("--limit", type=_count, metavar="N", help="rows, evenly spread (all)")


def add_stats(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stats`."""
    parser.set_defaults(command=lambda arguments: _guarded(_stats, arguments))
    add = parser.add_argument
    add("data", type=Path, metavar="OUT", help="a data set of transcripts")
    add("--json", action="store_true", help="write them as JSON")
    add("--plot", type=Path, metavar="PNG", help="draw the distributions")


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"wanted 1 or more, got {count}")
    return count


def _guarded(command: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    try:
        return command(arguments)
    except LintseqError as error:
        _tell(str(error))
    except OSError as error:
        _tell(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        _tell("interrupted; the same command goes on from here")
        return _INTERRUPTED
    return 1


def _generate(arguments: argparse.Namespace) -> int:
    from lintseq.dataset.generate import GenerateOptions, generate
    from lintseq.dataset.progress import RecordProgress
    from lintseq.dataset.records import Fields
    from lintseq.dataset.work import WorkOptions

    options = GenerateOptions(
        tuple(arguments.inputs),
        arguments.output,
        Fields(arguments.instruction_field, arguments.program_field, arguments.id_field),
        WorkOptions(
            arguments.task,
            arguments.samples,
            arguments.seed,
            arguments.linter,
            arguments.method,
            arguments.timeout,
        ),
        arguments.engine,
        arguments.jobs,
    )
    with RecordProgress() as progress:
        manifest = generate(options, progress.show)
    _tell(f"{manifest['rows']:,} rows of {manifest['records']:,} records: {arguments.output}")
    for kind, count in manifest["rejects"].items():
        _tell(f"  {count:8,} rejected: {kind}")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from lintseq.dataset.progress import RecordProgress
    from lintseq.dataset.verify import verify

    with RecordProgress() as progress:
        result = verify(arguments.data, arguments.jobs, arguments.limit, progress.show)
    for failure in result.failures:
        print(failure)
    print(f"{result.rows:,} rows, {result.edits:,} edits, {len(result.failures):,} failures")
    return int(bool(result.failures))


def _stats(arguments: argparse.Namespace) -> int:
    from lintseq.dataset.stats import describe, measure, plot

    stats = measure(arguments.data)
    if arguments.json:
        print(json.dumps(stats.as_json(), indent=1))
    else:
        print(describe(stats), end="")
    if arguments.plot:
        plot(stats, arguments.plot)
    return 0


def _tell(message: str) -> None:
    print(message, file=sys.stderr)
