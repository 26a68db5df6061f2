"""The command line: `lintseq-server [serve]`, `complete`, `doctor`, `settings`, `demo`."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from server.log import start_logging
from server.options import Options
from server.settings import merged, read_layer
from server.settings_file import read_settings_file, settings_path


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status of the command that `argv` names; without one it serves on stdio."""
    arguments = _parser().parse_args(argv)
    start_logging(arguments.log_level)
    match arguments.command:
        case "complete":
            return _complete(arguments)
        case "doctor":
            return _doctor(arguments)
        case "settings":
            return _settings(arguments)
        case "demo":
            return _demo(arguments)
    return _serve()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lintseq-server",
        description="A language server for Python that shows only edits it has linted.",
    )
    parser.add_argument(
        "--log-level",
        default="warning",
        choices=("debug", "info", "warning", "error"),
        help="what is logged to stderr; from info on also texts of files (default: %(default)s)",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="serve an editor on stdin and stdout (the default)")
    complete = commands.add_parser("complete", help="write the ghost text at a place of a file")
    complete.add_argument(
        "place", metavar="FILE:LINE:COL", help="line from 1, column in characters from 0"
    )
    complete.add_argument("--json", action="store_true", help="proposals, reason and times")
    doctor = commands.add_parser("doctor", help="check the installation and say what to do")
    settings = commands.add_parser("settings", help="list the settings, and where they are set")
    settings.add_argument("--markdown", action="store_true", help="the table of defaults")
    demo = commands.add_parser("demo", help="show what an editor would show")
    demo.add_argument(
        "file", nargs="?", type=Path, help="a Python file of yours (default: a sample)"
    )
    demo.add_argument("--picture", metavar="SVG", type=Path, help="keep what is printed")
    for command in (complete, doctor):
        command.add_argument("--model", metavar="GGUF", help="instead of the installed model")
        command.add_argument("--threads", type=_count, help="of the model's process")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"wanted a whole number from 1, got {text!r}")
    return int(text)


def _complete(arguments: argparse.Namespace) -> int:
    from server.complete import complete

    return complete(arguments.place, _options(arguments), as_json=arguments.json)


def _doctor(arguments: argparse.Namespace) -> int:
    from server.doctor import doctor

    return doctor(_options(arguments))


def _demo(arguments: argparse.Namespace) -> int:
    from server.demo.run import demo

    # pygls' client would log every status notification and every answer that ctrl-c made useless;
    # what really fails comes back as an exception.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    return demo(arguments.file, arguments.picture)


def _settings(arguments: argparse.Namespace) -> int:
    from server.settings_table import settings

    return settings(as_markdown=arguments.markdown)


def _options(arguments: argparse.Namespace) -> Options:
    """The settings file's, with what the command line says on top."""
    layer = read_settings_file(settings_path())
    for problem in layer.problems:
        sys.stderr.write(f"lintseq-server: {layer.source}: {problem}\n")
    said = {"model": arguments.model, "threads": arguments.threads}
    given = {name: value for name, value in said.items() if value is not None}
    return merged([layer, read_layer(given, "command line")])


def _serve() -> int:
    from lintseq.infer.process import end_workers
    from server.app import create_server

    server = create_server()
    try:
        server.start_io()
    finally:
        server.proposer.close()
        end_workers()
    return 0


if __name__ == "__main__":
    sys.exit(main())
