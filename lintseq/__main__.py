r"""The command line of the package: `lintseq COMMAND`, `python -m lintseq COMMAND`.

    lintseq sample FILE | lintseq replay | cmp - FILE

holds byte for byte: `sample` writes a transcript in the encoding of its program and, where the
program has one, behind the same byte order mark. Transcripts are separated by
"<|endoftext|>\n". A file named `__init__.py` is linted as that of a package.

With `--json`, `sample` writes one object per line, in ASCII with escapes:

    {"program": text, "seed": 0, "sample": 0, "edits": [[{"at": 0, "lines": ["x = 1\n"]}]],
     "transcript": text, "linter": "pyflakes 4.1.0"}

The lines keep their "\n", so that a last line without one can be told apart; a byte order mark
is not part of the texts.

Exit status: 0; 1 for a program or transcript that is refused, with the reason on stderr; 2 for a
file that cannot be read and for a wrong command line.
"""

import argparse
import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

from lintseq.dataset.command import add_generate, add_stats, add_verify
from lintseq.errors import FormatError, LintseqError
from lintseq.format import Transcript, render, text_of
from lintseq.lint import Linter
from lintseq.linters import LINTERS
from lintseq.methods import METHODS
from lintseq.program import EditSequence, split_lines
from lintseq.sample import LintError
from lintseq.source import Source, decode_source, replay_bytes

_STDIN = "-"
# What a shell reports of a program that these stopped: 128 and the signal's number.
_INTERRUPTED, _BROKEN_PIPE = 130, 141


def main(argv: list[str] | None = None) -> int:
    """The exit status of the command that `argv` asks for."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        status = command(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return _BROKEN_PIPE
    except OSError as error:
        _drop_output()
        return _refuse(2, "<stdout>", error)
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status


def _drop_output() -> None:
    # Python flushes stdout once more on its way out, and would fail once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lintseq", description="Programs as sequences of linter-clean insertions."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_sample(commands.add_parser("sample", help="write edit sequences that build a program"))
    add_generate(commands.add_parser("generate", help="make a data set from many programs"))
    add_verify(commands.add_parser("verify", help="check a data set by other means"))
    add_stats(commands.add_parser("stats", help="describe a data set"))
    replay = commands.add_parser("replay", help="write the program that a transcript builds")
    replay.set_defaults(command=_replay)
    replay.add_argument(
        "file",
        nargs="?",
        default=_STDIN,
        metavar="FILE",
        help="one transcript (default: standard input)",
    )
    return parser


def _add_sample(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_sample)
    add = parser.add_argument
    add("file", metavar="FILE", help="a Python program, - for standard input")
    add("--samples", type=_count, default=1, metavar="N", help="how many sequences (default 1)")
    add("--seed", type=int, default=0, metavar="S", help="same seed, same samples (default 0)")
    add("--linter", choices=[*LINTERS], default="pyflakes", help="what checks every step")
    add("--method", choices=[*METHODS], default="lintseq", help="what decides on the steps")
    add("--json", action="store_true", help="write one JSON object per line")
    add(
        "--keep-findings",
        action="store_true",
        help="take a program that has findings; no step adds one to them",
    )


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"wanted 1 or more, got {count}")
    return count


def _sample(arguments: argparse.Namespace) -> int:
    try:
        source = decode_source(_read(arguments.file))
    except (OSError, FormatError) as error:
        return _refuse(2, arguments.file, error)
    lines = split_lines(source.text)
    try:
        linter = LINTERS[arguments.linter](arguments.file)
        sampler = METHODS[arguments.method](lines, linter, keep_findings=arguments.keep_findings)
        for number in range(arguments.samples):
            edits = sampler.sample(random.Random(f"{arguments.seed}:0:{number}"))
            if arguments.json:
                _write(_record(source, arguments.seed, number, edits, linter))
            else:
                _write(source.transcript(edits))
            _write(b"\n")
    except LintError as error:
        for finding in error.findings:
            name = f" {finding.name!r}" if finding.name else ""
            _tell(f"{_shown(arguments.file)}:{finding.line + 1}: {finding.kind}{name}")
        return 1
    except LintseqError as error:
        return _refuse(1, arguments.file, error)
    return 0


def _record(source: Source, seed: int, number: int, edits: EditSequence, linter: Linter) -> bytes:
    record = {
        "program": source.text,
        "seed": seed,
        "sample": number,
        "edits": [
            [{"at": hunk.at, "lines": hunk.lines} for hunk in edit.hunks] for edit in edits.edits
        ],
        "transcript": text_of(render(Transcript("", edits))),
        "linter": linter.version,
    }
    return json.dumps(record).encode("ascii")


def _replay(arguments: argparse.Namespace) -> int:
    try:
        transcript = _read(arguments.file)
    except OSError as error:
        return _refuse(2, arguments.file, error)
    try:
        _write(replay_bytes(transcript))
    except FormatError as error:
        return _refuse(1, arguments.file, error)
    return 0


def _read(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == _STDIN else Path(file).read_bytes()


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)


def _refuse(status: int, file: str, error: Exception) -> int:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    _tell(f"{_shown(file)}: {reason}")
    return status


def _shown(file: str) -> str:
    return "<stdin>" if file == _STDIN else file


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
