"""Samples every module of the standard library, and checks each sample by other means.

    python -m tests.proof --seeds 3 --jobs 2 [--installed]

With `--installed`, the modules of all installed packages too.

For each module: `lintseq sample` and `lintseq replay` give its bytes back; inserting the edits of
the JSON form into a plain list gives its text; each edit only inserts; and pyflakes, asked
directly, finds in no prefix what it does not find in the whole. Modules that do not lint clean
are counted by what is found, and sampled with `--keep-findings`.

Not covered: prefixes of long modules are checked at `--prefixes` evenly spread places only.
"""

import argparse
import ast
import contextlib
import io
import json
import multiprocessing
import signal
import subprocess
import sys
import sysconfig
import time
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyflakes.checker import Checker
from rich.console import Console
from rich.progress import track

from lintseq.__main__ import main as lintseq

# Apart from the list in `lintseq.lint` on purpose: these must never be new in a prefix.
SERIOUS = ("Undefined", "OutsideFunction", "OutsideLoop", "PercentFormat", "TwoStarred")


@dataclass(frozen=True, slots=True)
class Job:
    """A module to prove, and how thoroughly."""

    path: Path
    seeds: int
    prefixes: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of a module."""

    path: Path
    refusal: str
    """The kind of its first finding, or why it is beyond the limits; nothing if it is clean."""
    samples: int
    edits: int
    prefixes: int
    """How many prefixes were linted again."""
    uncompiled: int
    """How many of those parse and lint clean, but are refused by the compiler."""
    failures: tuple[str, ...]
    seconds: float


def modules(*, installed: bool, tests: bool) -> list[Path]:
    """The Python files of the standard library, or all installed ones, the largest first."""
    library, packages = (Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib"))
    found = {
        path
        for root in ([library, packages] if installed else [library])
        for path in root.rglob("*.py")
        if (root == packages or "site-packages" not in path.parts)
        and (tests or not {"test", "tests", "idle_test"} & set(path.relative_to(root).parts))
    }
    return sorted(found, key=lambda path: (-path.stat().st_size, path))


def prove(job: Job) -> Proof:
    """What becomes of a module."""
    begin = time.perf_counter()
    failures: list[str] = []
    refusal = ""
    seeds = range(job.seeds)
    samples, told = sample(job.path, len(seeds))
    if not samples:
        refusal = told
        samples, told = sample(job.path, 1, "--keep-findings")
    counts: Counter[str] = Counter()
    for record in samples:
        try:
            counts += check(job, record)
        except AssertionError as error:
            failures.append(f"sample {record['sample']}: {error}")
    return Proof(
        path=job.path,
        refusal=refusal,
        samples=len(samples),
        edits=counts["edits"],
        prefixes=counts["prefixes"],
        uncompiled=counts["uncompiled"],
        failures=tuple(failures),
        seconds=time.perf_counter() - begin,
    )


def sample(path: Path, count: int, *options: str) -> tuple[list[dict[str, Any]], str]:
    """The JSON records of a module, and why there are none."""
    status, out, told = run("sample", str(path), "--json", "--samples", str(count), *options)
    if status == 0:
        return [json.loads(line) for line in out.splitlines()], ""
    reason = told.splitlines()[0].removeprefix(f"{path}:")
    number, separator, kind = reason.partition(": ")
    return [], kind.split(" '")[0] if separator and number.isdigit() else reason.strip()


def run(*argv: str, stdin: bytes = b"") -> tuple[int, bytes, str]:
    """Exit status, stdout and stderr of a command, in this process."""
    stdout, stderr = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin))
    try:
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            status = lintseq([*argv])
    finally:
        sys.stdin = before
    buffer = stdout.detach()
    assert isinstance(buffer, io.BytesIO)
    return status, buffer.getvalue(), stderr.getvalue()


def check(job: Job, record: dict[str, Any]) -> Counter[str]:
    """What was counted while checking a sample.

    Raises:
        AssertionError: a promise is broken.
    """
    data = job.path.read_bytes()
    with job.path.open("rb") as file:
        encoding, _ = tokenize.detect_encoding(file.readline)
    assert data.decode(encoding) == record["program"], "the program is not the file"
    status, replayed, told = run("replay", stdin=record["transcript"].encode(encoding))
    assert (status, told) == (0, ""), f"the transcript is refused: {told}"
    assert replayed == data, "the transcript replays to something else"
    states = list(states_of(record["edits"]))
    assert "".join(states[-1] if states else []) == record["program"], "the edits build another"
    step = max(len(states) // job.prefixes, 1)
    return Counter(edits=len(states)) + check_prefixes(job.path, record["program"], states[::step])


def states_of(edits: list[list[dict[str, Any]]]) -> Iterator[list[str]]:
    """The lines after each edit."""
    lines: list[str] = []
    for edit in edits:
        assert edit, "an empty edit"
        old = len(lines)
        shift = 0
        for hunk in edit:
            assert hunk["lines"], "an empty hunk"
            assert 0 <= hunk["at"] <= old, "a hunk outside the text"
            position = hunk["at"] + shift
            lines[position:position] = hunk["lines"]
            shift += len(hunk["lines"])
        yield lines.copy()


def check_prefixes(path: Path, program: str, states: list[list[str]]) -> Counter[str]:
    """How many prefixes were linted, and how many of them do not compile."""
    allowed = problems(path, program)
    uncompiled = 0
    for state in states:
        text = "".join(state)
        found = problems(path, text)
        # A waived finding may be new in a prefix, where what it is about is still missing.
        assert "noqa" in program or found <= allowed, f"new in a prefix: {found - allowed}"
        uncompiled += not compiles(text)
    return Counter(prefixes=len(states), uncompiled=uncompiled)


def problems(path: Path, text: str) -> Counter[tuple[str, str]]:
    """What pyflakes finds, asked directly."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except SyntaxError:
            return Counter([("SyntaxError", "")])
    return Counter(
        (type(message).__name__, str(message.message_args))
        for message in Checker(tree, filename=str(path)).messages
        if any(word in type(message).__name__ for word in SERIOUS)
    )


def compiles(text: str) -> bool:
    """Whether the compiler takes a text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<prefix>", "exec", dont_inherit=True)
        except SyntaxError:
            return False
    return True


def prove_all(jobs: list[Job], processes: int) -> list[Proof]:
    """What became of the modules; of some of them, if interrupted."""
    proofs: list[Proof] = []
    with multiprocessing.Pool(processes, ignore_interrupts) as pool:
        found = pool.imap_unordered(prove, jobs)
        with contextlib.suppress(KeyboardInterrupt):
            for proof in track(found, "", len(jobs), console=Console(stderr=True)):
                proofs.append(proof)
    return proofs


def ignore_interrupts() -> None:
    """Leaves Ctrl-C to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def pipe(path: Path) -> bool:
    """Whether `lintseq sample FILE | lintseq replay` gives a file back, as processes."""
    command = [sys.executable, "-m", "lintseq"]
    first = subprocess.run([*command, "sample", path], capture_output=True, check=False)
    second = subprocess.run(
        [*command, "replay"], input=first.stdout, capture_output=True, check=False
    )
    return first.returncode == second.returncode == 0 and second.stdout == path.read_bytes()


def report(proofs: list[Proof], seconds: float) -> None:
    """Says what was proven."""
    clean = [proof for proof in proofs if not proof.refusal]
    kept = [proof for proof in proofs if proof.refusal and proof.samples]
    print(f"{len(proofs)} modules in {seconds:.0f} s ({sum(p.seconds for p in proofs):.0f} s CPU)")
    for name, group in (("lint clean", clean), ("sampled with findings", kept)):
        print(
            f"{len(group)} {name}: {sum(p.samples for p in group)} samples, "
            f"{sum(p.edits for p in group)} edits, {sum(p.prefixes for p in group)} prefixes "
            f"checked, {sum(p.uncompiled for p in group)} of them refused by the compiler only"
        )
    for reason, count in Counter(proof.refusal for proof in proofs if proof.refusal).most_common():
        print(f"  {count:4} not clean: {reason}")
    print("slowest: " + ", ".join(f"{p.path.name} {p.seconds:.1f} s" for p in slowest(proofs)))
    for proof in proofs:
        for failure in proof.failures:
            print(f"FAILED {proof.path}: {failure}")


def slowest(proofs: list[Proof]) -> list[Proof]:
    """The modules that took longest."""
    return sorted(proofs, key=lambda proof: -proof.seconds)[:5]


def jobs_of(arguments: argparse.Namespace) -> list[Job]:
    """The modules to prove; long ones with one seed."""
    jobs = []
    for path in modules(installed=arguments.installed, tests=arguments.tests):
        length = path.read_bytes().count(b"\n")
        if arguments.shortest <= length <= arguments.longest:
            seeds = arguments.seeds if length <= arguments.long else 1
            jobs.append(Job(path, seeds, arguments.prefixes))
    return jobs


def main(argv: list[str] | None = None) -> int:
    """0 if every promise held."""
    parser = argparse.ArgumentParser(description="Sample, replay and check real modules.")
    parser.add_argument("--seeds", type=int, default=3, help="samples per module")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--installed", action="store_true", help="installed packages too")
    parser.add_argument("--tests", action="store_true", help="their own tests too")
    parser.add_argument("--long", type=int, default=10**6, help="one sample from so many lines on")
    parser.add_argument("--shortest", type=int, default=0, help="leave out shorter modules")
    parser.add_argument("--longest", type=int, default=10**6, help="leave out longer modules")
    parser.add_argument("--prefixes", type=int, default=40, help="prefixes checked per sample")
    parser.add_argument("--pipes", type=int, default=20, help="modules that go through a pipe")
    arguments = parser.parse_args(argv)
    begin = time.perf_counter()
    jobs = jobs_of(arguments)
    proofs = prove_all(jobs, arguments.jobs)
    report(proofs, time.perf_counter() - begin)
    if len(proofs) < len(jobs):
        print(f"interrupted: {len(jobs) - len(proofs)} modules are not proven")
        return 130
    small = sorted(proof.path for proof in proofs if not proof.refusal and proof.seconds < 5)
    piped = small[:: max(len(small) // max(arguments.pipes, 1), 1)][: arguments.pipes]
    broken = [path for path in piped if not pipe(path)]
    print(f"{len(piped) - len(broken)} of {len(piped)} modules came through a pipe unchanged")
    return int(bool(broken) or any(proof.failures for proof in proofs))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
