"""Packages the extension, with the wheels that it installs: prints the path of the .vsix.

Run by `make vsix` with the environment's Python. `--wheels FOLDER` takes the wheel of
llama-cpp-python from there; without it the build for every machine of this kind goes in.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

EXTENSION = Path(__file__).resolve().parents[1]
ROOT = EXTENSION.parents[1]
WHEELS = EXTENSION / "wheels"
DIST = ROOT / "dist"
OLDEST_NODE = 20
# What VS Code calls the machines that a wheel of llama-cpp-python is built for.
TARGETS = {
    ("Linux", "x86_64"): "linux-x64",
    ("Linux", "aarch64"): "linux-arm64",
    ("Darwin", "arm64"): "darwin-arm64",
    ("Darwin", "x86_64"): "darwin-x64",
    ("Windows", "AMD64"): "win32-x64",
}


def main() -> int:
    """Package it; the exit status is 1, with the reason, when that cannot be done."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="with llama_cpp_python-*.whl")
    arguments = parser.parse_args()
    try:
        print(package(arguments.wheels))
    except (OSError, RuntimeError) as error:
        print(f"the extension was not packaged: {error}", file=sys.stderr)
        return 1
    return 0


def package(wheels: Path | None) -> Path:
    """The path of the packaged extension.

    Raises:
        RuntimeError: Node is missing or too old, or a step failed; it has said why on stderr.
    """
    require_node()
    collect_wheels(wheels)
    run("npm", "ci", "--no-audit", "--no-fund")
    run("npx", "--no-install", "tsc", "--noEmit")
    run("node", "scripts/build.mjs")
    version = json.loads((EXTENSION / "package.json").read_text("utf-8"))["version"]
    target = TARGETS[platform.system(), platform.machine()]
    DIST.mkdir(exist_ok=True)
    path = DIST / f"lintseq-{version}-{target}.vsix"
    # No dependencies: all that is needed is in the bundle.
    run("npx", "--no-install", "vsce", "package", "--no-dependencies", "--allow-missing-repository",
        "--no-rewrite-relative-links",
        "--target", target, "--out", str(path))  # fmt: skip
    return path


def require_node() -> None:
    """Raise RuntimeError unless npm and a Node that is new enough are there."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise RuntimeError(f"found no Node; wanted Node {OLDEST_NODE} or newer, with npm")
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(said.strip().removeprefix("v").split(".")[0]) < OLDEST_NODE:
        raise RuntimeError(f"got Node {said.strip()}, wanted {OLDEST_NODE} or newer")


def collect_wheels(wheels: Path | None) -> None:
    """Leave LintSeq's wheel and that of llama-cpp-python, and no others, beside the extension."""
    shutil.rmtree(WHEELS, ignore_errors=True)
    WHEELS.mkdir()
    # Left over from an earlier build, it would bring modules that are gone.
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    run(sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check", "--no-deps",
        "--wheel-dir", str(WHEELS), str(ROOT))  # fmt: skip
    if wheels is None:
        built = subprocess.run(
            [sys.executable, str(ROOT / ".ci" / "llama_wheel.py"), "--portable"],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        llama = Path(built.stdout.strip())
    else:
        llama = next(iter(sorted(wheels.glob("llama_cpp_python-*.whl"))), Path())
    if not llama.is_file():
        raise RuntimeError(f"found no wheel of llama-cpp-python in {wheels or 'its own build'}")
    shutil.copy(llama, WHEELS)


def run(*command: str) -> None:
    """Run it in the extension's folder, its output on stderr; RuntimeError if it fails."""
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    done = subprocess.run(command, cwd=EXTENSION, stdout=sys.stderr, env=environment, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:3])} ended with status {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
