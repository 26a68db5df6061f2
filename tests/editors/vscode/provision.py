"""VS Code as code-server, the Node it needs, a Chromium, and what the server's wheel needs.

Run as `python -m tests.editors.vscode.provision`; it fetches what is not there yet. The tests then
need no network.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.editors.cache import command, provided

CODE_SERVER = "4.139.1"
NODE = "24.21.0"
ROOT = Path(__file__).resolve().parents[3]
_NPM = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Provisions:
    """Where everything lies."""

    node: Path
    code_server: Path
    browser: Path
    wheels: Path
    """What LintSeq depends on, but for llama-cpp-python."""


def provisions() -> Provisions:
    """Where everything lies, after it was fetched.

    Raises:
        RuntimeError: something cannot be had; the message says what to do.
    """
    if shutil.which("npm") is None:
        raise RuntimeError("found no npm; it fetches code-server (Debian: sudo apt install npm)")
    node = provided(f"node-{NODE}", _node)
    code_server = provided(f"code-server-{CODE_SERVER}", _code_server)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wheels = provided(f"wheels-{version}", _wheels)
    return Provisions(
        node / "node_modules" / "node" / "bin" / "node",
        code_server / "node_modules" / "code-server" / "out" / "node" / "entry.js",
        _browser(),
        wheels,
    )


def _node(folder: Path) -> None:
    # Its install script is what brings the program for this machine.
    command(*(word for word in _NPM if word != "--ignore-scripts"), f"node@{NODE}", cwd=folder)


def _code_server(folder: Path) -> None:
    """Without native builds, which the tests do not need."""
    command(*_NPM, f"code-server@{CODE_SERVER}", cwd=folder)
    code = folder / "node_modules" / "code-server" / "lib" / "vscode"
    for part in (code, code / "extensions"):
        command(*_NPM, "--omit=dev", cwd=part)
    (code / "node_modules.asar").symlink_to("node_modules")
    _link(code / "bin" / "remote-cli" / "code-server", "code-linux.sh")
    _link(code / "bin" / "helpers" / "browser.sh", "browser-linux.sh")


def _link(path: Path, target: str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def _wheels(folder: Path) -> None:
    """The wheels of the dependencies in the versions that are developed with."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    wanted = _needed(pinned)
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{name}=={pinned[name]}\n" for name in wanted), "utf-8")
    pip = (sys.executable, "-m", "pip", "download", "--disable-pip-version-check")
    command(*pip, "--only-binary", ":all:", "--no-deps", "--dest", str(folder),
            "--requirement", str(constraints), cwd=folder)  # fmt: skip


def _needed(pinned: dict[str, str]) -> list[str]:
    """The dependencies and theirs, as they are installed here, under the names of the pins."""
    from importlib.metadata import PackageNotFoundError, requires

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    names: dict[str, str] = {canonicalize_name(name): name for name in pinned}
    found: set[str] = set()
    waiting: list[str] = [canonicalize_name(Requirement(line).name) for line in _declared()]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            lines = requires(name) or []
        except PackageNotFoundError:
            continue
        needed = [Requirement(line) for line in lines]
        waiting += [
            canonicalize_name(each.name)
            for each in needed
            if each.marker is None or each.marker.evaluate({"extra": ""})
        ]
    return sorted(names[name] for name in found if name != "llama-cpp-python" and name in names)


def _declared() -> list[str]:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return list(project["dependencies"])


def _browser() -> Path:
    for name in _BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise RuntimeError("found no Chromium (Debian: sudo apt install chromium)")
    print("installing chromium", file=sys.stderr, flush=True)
    command("apt-get", "update", cwd=ROOT)
    apt = ("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
    command(*apt, cwd=ROOT, env={"DEBIAN_FRONTEND": "noninteractive"})
    return Path(shutil.which("chromium") or "chromium")


if __name__ == "__main__":
    print(provisions())
