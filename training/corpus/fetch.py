"""Downloads the distributions of a recipe with pip, from the index that the user configured.

pip is asked for exactly the pinned file and checks its hash. What a folder already holds with the
right hash is not asked for again, so that an interrupted command goes on. For a source
distribution pip runs that project's build backend to learn its metadata: take wheels where a
stranger's code must not run.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import track

from training.corpus.recipe import Pin

_AT_ONCE = 16


def fetch(pins: Sequence[Pin], cache: Path, jobs: int = 4) -> dict[str, str]:
    """Return why pins could not be had, by file name; all others then lie in `cache`."""
    cache.mkdir(parents=True, exist_ok=True)
    missing = [pin for pin in pins if not is_there(pin, cache)]
    groups = list(_groups(missing))
    failures: dict[str, str] = {}
    with ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda group: _fetch_group(group, cache), groups)
        for failed in track(results, "fetch", len(groups), console=Console(stderr=True)):
            failures |= failed
    return failures


def is_there(pin: Pin, cache: Path) -> bool:
    """Return whether a folder has a pinned file, with the right hash."""
    path = cache / pin.file
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == pin.sha256


def _groups(pins: Sequence[Pin]) -> Iterator[list[Pin]]:
    """Yield pins that one call of pip can fetch: its options name one platform."""
    alike: dict[tuple[str, ...], list[Pin]] = defaultdict(list)
    for pin in pins:
        alike[_options(pin)].append(pin)
    for group in alike.values():
        yield from (group[at : at + _AT_ONCE] for at in range(0, len(group), _AT_ONCE))


def _options(pin: Pin) -> tuple[str, ...]:
    if not pin.file.endswith(".whl"):
        return ("--no-binary=:all:",)
    *_, python, abi, platform = pin.file.removesuffix(".whl").split("-")
    if (abi, platform) == ("none", "any"):
        return ("--only-binary=:all:",)
    implementation, version = python.split(".")[0][:2], python.split(".")[0][2:]
    places = [f"--platform={each}" for each in platform.split(".")]
    # The file's own tags, so that it is found whatever this machine is.
    return (
        "--only-binary=:all:",
        f"--implementation={implementation}",
        f"--python-version={version[0]}.{version[1:] or '0'}",
        f"--abi={abi.split('.')[0]}",
        *places,
    )


def _fetch_group(group: Sequence[Pin], cache: Path) -> dict[str, str]:
    reason = _pip(group, cache)
    if not reason:
        return {}
    if len(group) == 1:
        return {group[0].file: reason}
    # One that is not to be had fails them all: each alone then.
    return {
        file: why
        for pin in group
        if not is_there(pin, cache)
        for file, why in _fetch_group([pin], cache).items()
    }


def _pip(group: Sequence[Pin], cache: Path) -> str:
    """Return why pip could not download a group; empty if it did."""
    with tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as folder:
        wanted = Path(folder, "wanted.txt")
        lines = [f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}\n" for pin in group]
        wanted.write_text("".join(lines), encoding="utf-8")
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--no-cache-dir", "--require-hashes", "--ignore-requires-python"),
                *_options(group[0]),
                *("--dest", folder, "--requirement", str(wanted)),
            ],
            check=False,
            capture_output=True,
            text=True,
            env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        )
        for pin in group:
            if is_there(pin, Path(folder)):
                Path(folder, pin.file).replace(cache / pin.file)
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        if all((cache / pin.file).is_file() for pin in group):
            return ""
        return (errors or [f"pip ended with status {done.returncode}"])[-1]
