"""The command `lintseq-train corpus`: its steps, one by one or all; a summary for people."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from training.corpus.recipe import DEFAULT

if TYPE_CHECKING:
    from training.corpus.describe import Description
    from training.corpus.pack import Pack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the steps, each with its arguments."""
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)
    prepare = steps.add_parser("prepare", help="fetch, build and pack a recipe in one go")
    prepare.add_argument(
        "recipe", nargs="?", type=Path, default=DEFAULT, help="(the project's own)"
    )
    prepare.add_argument("--output", type=Path, required=True, help="folder for all of it")
    prepare.add_argument(
        "--against", type=Path, required=True, help="folder of evaluation sets to keep out"
    )
    prepare.add_argument("--clones", type=Path, help="local clones, as for `build`")
    prepare.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    prepare.set_defaults(run_step=_prepare)
    fetch = steps.add_parser("fetch", help="download the distributions of a recipe with pip")
    fetch.add_argument("recipe", nargs="?", type=Path, default=DEFAULT, help="(our own)")
    fetch.add_argument("--to", type=Path, required=True, metavar="CACHE", help="folder for them")
    fetch.add_argument("--jobs", type=int, default=4, help="downloads at once (%(default)s)")
    fetch.set_defaults(run_step=_fetch)
    _add_build_arguments(steps.add_parser("build", help="filter and de-duplicate files"))
    describe = steps.add_parser("describe", help="print tables of a corpus and draw its plots")
    describe.add_argument("corpus", type=Path, help="folder that `build` wrote")
    describe.add_argument("--tokenizer", type=Path, help="count tokens too, with this one")
    describe.add_argument("--plots", type=Path, metavar="FILE.png", help="draw distributions")
    describe.add_argument("--projects", type=Path, metavar="FILE.csv", help="list all projects")
    describe.add_argument(
        "--token-share",
        type=float,
        default=1.0,
        help="share of the documents whose tokens are counted (%(default)s)",
    )
    describe.add_argument(
        "--excerpts", type=Path, metavar="FILE.md", help="show documents and functions drawn"
    )
    describe.add_argument(
        "--pairs",
        type=Path,
        nargs="*",
        default=(),
        metavar="FILE",
        help="show instruction and program pairs there too (JSON lines)",
    )
    describe.add_argument("--samples", type=int, default=20, help="of each kind (%(default)s)")
    describe.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    describe.set_defaults(run_step=_describe)
    pack = steps.add_parser("pack", help="write a corpus as few xz files, to carry it elsewhere")
    pack.add_argument("corpus", type=Path, help="folder that `build` wrote")
    pack.add_argument("--output", type=Path, required=True, help="folder for the packs")
    pack.add_argument(
        "--against", type=Path, required=True, help="folder of evaluation sets; a hit is an error"
    )
    pack.add_argument("--most-mib", type=int, default=60, help="size of a pack (%(default)s)")
    pack.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    pack.set_defaults(run_step=_pack)


def run(args: argparse.Namespace) -> int:
    """Run a step and return the exit status."""
    return int(args.run_step(args))


def _add_build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="SOURCE",
        help="a git repository, an archive, a directory of archives or of Python files",
    )
    parser.add_argument(
        "--recipe",
        nargs="?",
        type=Path,
        const=DEFAULT,
        metavar="FILE",
        help="what a recipe names too; the project's own if no file is given",
    )
    parser.add_argument("--cache", type=Path, help="where `fetch` put the recipe's distributions")
    parser.add_argument(
        "--clones", type=Path, help="local clones of the recipe's repositories, as owner/name"
    )
    parser.add_argument("--installed", action="store_true", help="this Python's packages too")
    parser.add_argument("--output", type=Path, required=True, help="folder for the documents")
    parser.add_argument(
        "--against", type=Path, help="folder of evaluation sets (*.jsonl, *.jsonl.gz) to keep out"
    )
    parser.add_argument(
        "--hold-out", nargs="+", default=(), metavar="NAME", help="projects kept out of training"
    )
    parser.add_argument(
        "--hold-out-share",
        type=float,
        default=0.0,
        help="share of the other projects to hold out, by the hash of their names (%(default)s)",
    )
    parser.add_argument(
        "--threshold", type=float, default=0.8, help="similarity of near-duplicates (%(default)s)"
    )
    parser.add_argument(
        "--test-share", type=float, default=0.5, help="share of test files kept (%(default)s)"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    parser.set_defaults(run_step=_build)


def _prepare(args: argparse.Namespace) -> int:
    from training.corpus.prepare import PrepareConfig, prepare

    _print_packs(
        prepare(PrepareConfig(args.output, args.against, args.recipe, args.clones, args.jobs))
    )
    return 0


def _fetch(args: argparse.Namespace) -> int:
    from training.corpus.fetch import fetch
    from training.corpus.recipe import read_recipe

    pins = read_recipe(args.recipe).packages
    failures = fetch(pins, args.to, args.jobs)
    print(f"{len(pins) - len(failures)} of {len(pins)} distributions in {args.to}")
    for file, reason in failures.items():
        print(f"not fetched: {file}: {reason}")
    return 1 if failures else 0


def _build(args: argparse.Namespace) -> int:
    from training.corpus.build import CorpusConfig, build_corpus
    from training.corpus.filters import FilterConfig
    from training.corpus.plan import Sources

    report = build_corpus(
        CorpusConfig(
            sources=Sources(
                paths=tuple(args.sources),
                recipe=args.recipe,
                cache=args.cache,
                clones=args.clones,
                installed=args.installed,
            ),
            output=args.output,
            against=args.against,
            hold_out=tuple(args.hold_out),
            hold_out_share=args.hold_out_share,
            threshold=args.threshold,
            jobs=args.jobs,
            filters=FilterConfig(test_share=args.test_share),
        )
    )
    print(f"{report.training.documents} documents, {report.training.size_bytes} bytes")
    for name, amount in report.licenses.items():
        print(f"{amount.size_bytes:12} bytes  {amount.documents:6} documents  {name}")
    for reason, count in report.rejected.items():
        print(f"{count:12} files left out: {reason}")
    return 0


def _describe(args: argparse.Namespace) -> int:
    from training.corpus.describe import DescribeConfig, describe, draw
    from training.corpus.tables import markdown, projects_csv

    samples = args.samples if args.excerpts else 0
    described = describe(
        DescribeConfig(args.corpus, args.tokenizer, args.token_share, samples, args.jobs)
    )
    print(markdown(described))
    if args.plots:
        draw(described, args.plots)
    if args.projects:
        args.projects.write_text(projects_csv(described.report), encoding="utf-8")
    if args.excerpts:
        args.excerpts.write_text(_excerpts(described, args.pairs, samples), encoding="utf-8")
    return 0


def _excerpts(described: Description, pairs: Iterable[Path], samples: int) -> str:
    from training.corpus.excerpts import markdown, pair_excerpts

    sections = [
        markdown("Documents", described.documents),
        markdown("Functions that say what they do", described.functions),
        *(markdown(f"Pairs of {path.name}", pair_excerpts(path, samples)) for path in pairs),
    ]
    return "\n\n".join(sections) + "\n"


def _pack(args: argparse.Namespace) -> int:
    from training.corpus.pack import PackConfig, pack

    _print_packs(
        pack(PackConfig(args.corpus, args.output, args.against, args.most_mib << 20, args.jobs))
    )
    return 0


def _print_packs(packs: Iterable[Pack]) -> None:
    for each in packs:
        print(f"{each.size_bytes:10} bytes  {each.documents:6} documents  {each.name}")
