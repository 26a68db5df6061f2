"""The programs that are measured: HumanEval's if its file is there, thirty of our own otherwise.

HumanEval (Chen et al. 2021) is a file of 164 problems, `data/HumanEval.jsonl.gz` in
https://github.com/openai/human-eval; a program is a prompt with its canonical solution. Our own
in `programs/` are of the same size: functions, classes and scripts of 10 to 40 lines, kept as text
so that formatters leave them as they were measured. Modules are those of the standard library,
which differ a little from one Python to the next.
"""

import gzip
import importlib.util
import json
import os
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lintseq.program import split_lines
from lintseq.source import decode_source

VARIABLE = "LINTSEQ_HUMANEVAL"
PROGRAMS = Path(__file__).with_name("programs")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Programs with a name for the report."""

    name: str
    texts: tuple[str, ...]

    @property
    def sizes(self) -> list[int]:
        """How many lines each program has."""
        return [len(split_lines(text)) for text in self.texts]


def humaneval_path() -> Path | None:
    """Where the environment says that HumanEval's file is."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def small_programs(humaneval: Path | None) -> Corpus:
    """HumanEval's solutions from that file; without one, our own thirty programs."""
    if humaneval is not None:
        return humaneval_solutions(humaneval)
    name = (
        "our own programs (HumanEval: data/HumanEval.jsonl.gz of github.com/openai/human-eval, "
        f"named by {VARIABLE} or --humaneval)"
    )
    return Corpus(name, tuple(programs()))


def humaneval_solutions(path: Path) -> Corpus:
    """The prompts of HumanEval with their canonical solutions.

    Raises:
        OSError: there is no such file.
        ValueError: it is no JSON lines file of HumanEval's form.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file if line.strip()]
    try:
        texts = tuple(record["prompt"] + record["canonical_solution"] for record in records)
    except (TypeError, KeyError) as error:
        raise ValueError(f"{path} is not HumanEval: a record has no {error}") from error
    return Corpus("HumanEval solutions", texts)


def programs() -> list[str]:
    """Our own programs, by name."""
    return [path.read_text(encoding="utf-8") for path in sorted(PROGRAMS.glob("*.txt"))]


def module_texts(names: Iterable[str]) -> list[str]:
    """The texts of these modules, as far as they have one."""
    found = [importlib.util.find_spec(name) for name in names]
    return [
        decode_source(Path(module.origin).read_bytes()).text
        for module in found
        if module is not None and module.origin is not None
    ]


def library_modules(count: int, least: int, most: int) -> Corpus:
    """So many modules of the standard library of `least` to `most` lines, evenly spread by name."""
    root = Path(sysconfig.get_path("stdlib"))
    paths = [
        path
        for path in sorted(root.rglob("*.py"))
        if not {"site-packages", "test", "tests", "idlelib", "lib2to3"} & set(path.parts)
        and least <= path.read_bytes().count(b"\n") <= most
    ]
    chosen = paths[:: max(1, len(paths) // count)][:count] if count else []
    texts = tuple(decode_source(path.read_bytes()).text for path in chosen)
    return Corpus(f"standard library modules of {least} to {most} lines", texts)
