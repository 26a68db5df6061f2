"""Prints the path of a llama-cpp-python wheel built for this machine's CPU, building it if needed.

llama-cpp-python is published as source only, and llama.cpp is fast only with the instructions of
the CPU that it runs on. So the wheel is built once and kept under
`${XDG_CACHE_HOME:-~/.cache}/lintseq/wheels/KEY`, where KEY changes with everything that goes into
the build. With `--portable` it is built for every x86-64 CPU, to be given to others: with a library
for each generation, of which one is chosen when it runs. That takes five times as long to build.
The multimodal and common libraries are left out: LintSeq does not use them. CMAKE_ARGS (say,
-DGGML_CUDA=ON) and CMAKE_BUILD_PARALLEL_LEVEL of the environment are respected.

Run by the Makefile with the environment's Python, before anything is installed: only the standard
library is there.
"""

import argparse
import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEAN = HERE / "lean.cmake"
PORTABLE = HERE / "portable.cmake"
CONSTRAINTS = HERE.parent / "constraints.txt"
CMAKE_OPTIONS = ("-DLLAVA_BUILD=OFF", "-DLLAMA_OPENSSL=OFF")

# A compiler process takes up to 1 GB of memory, and containers report the cores of their host.
MAX_JOBS = 8


def main(arguments: Sequence[str] = ()) -> int:
    """Print the wheel's path; the exit status is 1 when it cannot be built."""
    parser = argparse.ArgumentParser(description="Prints the path of a wheel of llama.cpp.")
    parser.add_argument("--portable", action="store_true", help="for every x86-64 CPU")
    include = PORTABLE if parser.parse_args(arguments).portable else LEAN
    version = pinned_version(CONSTRAINTS.read_text(encoding="utf-8"))
    folder = cache_folder() / build_key(version, include)
    try:
        wheel = find_wheel(folder) or build(version, folder, include)
    except (OSError, RuntimeError) as error:
        print(f"llama-cpp-python {version}: {error}", file=sys.stderr)
        return 1
    print(wheel)
    return 0


def pinned_version(constraints: str) -> str:
    """The version of llama-cpp-python that `constraints` names."""
    match = re.search(r"^llama_cpp_python==(\S+)$", constraints, re.MULTILINE)
    if match is None:
        raise ValueError(f"{CONSTRAINTS}: wanted a line llama_cpp_python==VERSION, found none")
    return match[1]


def cache_folder() -> Path:
    """Where wheels are kept between checkouts."""
    root = os.environ.get("XDG_CACHE_HOME")
    return Path(root or Path.home() / ".cache") / "lintseq" / "wheels"


def build_key(version: str, include: Path = LEAN) -> str:
    """A name for the build: equal exactly when its product can be used again."""
    facts = (
        version,
        str(sys.version_info[:2]),
        *platform.libc_ver(),
        platform.system(),
        describe_cpu() if include == LEAN else platform.machine(),
        os.environ.get("CMAKE_ARGS", ""),
        *cmake_options(include),
        include.read_text(encoding="utf-8"),
    )
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:16]


def cmake_options(include: Path) -> tuple[str, ...]:
    """The options of the build beside the file that it includes."""
    native = "ON" if include == LEAN else "OFF"
    return (*CMAKE_OPTIONS, f"-DGGML_NATIVE={native}")


def describe_cpu() -> str:
    """The CPU's model and instruction sets on Linux, its name elsewhere."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    first = text.split("\n\n", maxsplit=1)[0]
    # x86 says "model name" and "flags", ARM "CPU part" and "Features".
    lines = re.findall(r"^(?:model name|flags|CPU part|Features)\b.*$", first, re.MULTILINE)
    return "\n".join([platform.machine(), *lines])


def find_wheel(folder: Path) -> Path | None:
    """The wheel in `folder`, or None."""
    return next(iter(sorted(folder.glob("*.whl"))), None)


def build(version: str, folder: Path, include: Path) -> Path:
    """Build the wheel and move it to `folder` when it is whole.

    Raises:
        RuntimeError: there is no compiler, or the build fails; pip has then said why on stderr.
    """
    require_compiler()
    cpu = "this CPU" if include == LEAN else "every x86-64 CPU"
    print(f"Building llama-cpp-python {version} for {cpu}: once, some minutes.", file=sys.stderr)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=folder.parent) as scratch:
        run_pip(version, Path(scratch), include)
        wheel = find_wheel(Path(scratch))
        if wheel is None:
            raise RuntimeError(f"pip left no wheel in {scratch}")
        folder.mkdir(exist_ok=True)
        return wheel.replace(folder / wheel.name)


def require_compiler() -> None:
    """Raise RuntimeError, with what to install, unless a C and a C++ compiler are found."""
    for variable, names in (("CC", ("cc", "gcc", "clang")), ("CXX", ("c++", "g++", "clang++"))):
        chosen = shlex.split(os.environ.get(variable, ""))[:1]
        if not any(shutil.which(name) for name in chosen or names):
            raise RuntimeError(
                f"found none of {', '.join(chosen or names)}; a C++ compiler is needed"
                " (Debian, Ubuntu: sudo apt install g++)"
            )


def run_pip(version: str, folder: Path, include: Path) -> None:
    """Leave the wheel in `folder`; pip fetches the source, and CMake where the system has none."""
    ours = (*cmake_options(include), f"-DCMAKE_PROJECT_llama_cpp_INCLUDE={include}")
    arguments = [os.environ.get("CMAKE_ARGS", ""), *(shlex.quote(option) for option in ours)]
    jobs = str(min(os.cpu_count() or 1, MAX_JOBS))
    environment = {
        "CMAKE_BUILD_PARALLEL_LEVEL": jobs,
        **os.environ,
        "CMAKE_ARGS": " ".join(filter(None, arguments)),
    }
    # pip keeps wheels by version only: its cache may hold one that was built with other options.
    command = [sys.executable, "-m", "pip", "wheel", "--no-cache-dir", "--no-deps"]
    command += ["--no-binary", "llama-cpp-python", "--wheel-dir", str(folder)]
    command += [f"llama-cpp-python=={version}"]
    # stdout is this script's answer, so what pip says goes to stderr.
    done = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the build failed: pip ended with status {done.returncode}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
