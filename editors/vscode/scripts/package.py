"""Packages the extension, with the wheels that it installs: prints the path of the .vsix.

Run by `make vsix`, which has left the wheels of LintSeq and of llama-cpp-python in dist/.
"""

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
    try:
        print(package())
    except (OSError, RuntimeError) as error:
        print(f"the extension was not packaged: {error}", file=sys.stderr)
        return 1
    return 0


def package() -> Path:
    """The path of the packaged extension.

    Raises:
        RuntimeError: Node or a wheel is missing, or a step failed; it has said why on stderr.
    """
    require_node()
    collect_wheels()
    run("npm", "ci", "--no-audit", "--no-fund")
    run("npx", "--no-install", "tsc", "--noEmit")
    run("node", "scripts/build.mjs")
    version = json.loads((EXTENSION / "package.json").read_text("utf-8"))["version"]
    target = TARGETS[platform.system(), platform.machine()]
    path = DIST / f"lintseq-{version}-{target}.vsix"
    options = ("--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links")
    # No dependencies: all that is needed is in the bundle.
    run("npx", "--no-install", "vsce", "package", *options, "--target", target, "--out", str(path))
    return path


def require_node() -> None:
    """Raise RuntimeError unless npm and a Node that is new enough are there."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise RuntimeError(f"found no Node; wanted Node {OLDEST_NODE} or newer, with npm")
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(said.strip().removeprefix("v").split(".")[0]) < OLDEST_NODE:
        raise RuntimeError(f"got Node {said.strip()}, wanted {OLDEST_NODE} or newer")


def collect_wheels() -> None:
    """Leave the wheels of LintSeq and llama-cpp-python, and no others, beside the extension."""
    shutil.rmtree(WHEELS, ignore_errors=True)
    WHEELS.mkdir()
    for name in ("lintseq", "llama_cpp_python"):
        found = sorted(DIST.glob(f"{name}-*.whl"), key=lambda path: path.stat().st_mtime)
        if not found:
            raise RuntimeError(f"found no {name}-*.whl in {DIST}; `make release` builds it")
        shutil.copy(found[-1], WHEELS)


def run(*command: str) -> None:
    """Run it in the extension's folder, its output on stderr; RuntimeError if it fails."""
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    done = subprocess.run(command, cwd=EXTENSION, stdout=sys.stderr, env=environment, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:3])} ended with status {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
