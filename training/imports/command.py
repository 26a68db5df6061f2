"""`lintseq-train imports`: the table by which the editor knows which import brings a name."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

# A name that fewer projects import says more about these than about the name.
LEAST = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "documents", nargs="+", type=Path, metavar="DOCUMENTS", help="files or folders of a corpus"
    )
    parser.add_argument(
        "--without", nargs="+", default=[], metavar="PACKAGE", help="packages to leave out"
    )
    parser.add_argument(
        "--least",
        type=int,
        default=LEAST,
        metavar="N",
        help="how many projects have to import a name (%(default)s)",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("models/imports.json"),
        metavar="FILE",
        help="(%(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Write the table; 0.

    Raises:
        ValueError: documents are out of form, or mypy is not installed.
        OSError: a file cannot be read or written.
    """
    from rich.console import Console
    from rich.progress import track

    from training.corpus.document import read_documents
    from training.imports.count import count_imports
    from training.imports.stubs import Stubs, typeshed
    from training.imports.table import import_table

    if args.least < 1:
        raise ValueError(f"need --least >= 1, got {args.least}")
    stubs = Stubs(typeshed())
    console = Console(stderr=True)
    documents = track(
        (each for each in read_documents(*args.documents) if each.package not in args.without),
        "imports",
        None,
        console=console,
        transient=True,
    )
    counts = count_imports(documents)
    table = import_table(counts, stubs, args.least)
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n"
    part = args.output.with_name(args.output.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(args.output)
    console.print(
        f"{args.output}: {len(text.encode()):,} bytes; imports of {counts.documents:,} documents "
        f"of {counts.projects:,} projects, {sum(map(len, table['imported'].values())):,} kept; "
        f"{len(table['standard']):,} modules of the standard library"
    )
    return 0
