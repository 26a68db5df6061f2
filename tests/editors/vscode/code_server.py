"""VS Code as a process: code-server with extensions of its own, and nothing of the user's."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.editors.vscode.provision import Provisions

_START_S = 60.0
# What would cover the editor, or ask something of whoever looks at it.
_QUIET: Mapping[str, Any] = {
    "chat.disableAIFeatures": True,
    "editor.minimap.enabled": False,
    "extensions.ignoreRecommendations": True,
    "files.autoSave": "off",
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
}
# No gallery: nothing is to be looked for outside.
_NO_GALLERY = json.dumps({"serviceUrl": "http://127.0.0.1:9/"})


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one VS Code."""

    path: Path
    provisions: Provisions
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        return self.path / "workspace"

    @property
    def user_data(self) -> Path:
        return self.path / "user-data"

    @property
    def probe(self) -> Path:
        return self.path / "probe.sock"

    def prepare(self, extensions: Sequence[Path], settings: Mapping[str, Any]) -> None:
        """Install the extensions and write the settings."""
        self.workspace.mkdir(parents=True)
        # What belongs to the machine is read from a file of its own, as on any remote machine.
        mine = {key: settings[key] for key in settings if key.startswith("lintseq.server.")}
        for name, values in (("User", {**_QUIET, **settings}), ("Machine", mine)):
            folder = self.user_data / name
            folder.mkdir(parents=True)
            (folder / "settings.json").write_text(json.dumps(values, indent=1), "utf-8")
        for extension in extensions:
            self.command("--install-extension", str(extension))

    def command(self, *arguments: str) -> None:
        """Run code-server to its end."""
        done = subprocess.run(
            [*self.words(), *arguments],
            env=self.variables(),
            cwd=self.path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def words(self) -> list[str]:
        named = {
            "config": self.path / "config.yaml",
            "user-data-dir": self.user_data,
            "extensions-dir": self.path / "extensions",
        }
        (self.path / "config.yaml").write_text("auth: none\ncert: false\n", "utf-8")
        options = [word for name, path in named.items() for word in (f"--{name}", str(path))]
        return [str(self.provisions.node), str(self.provisions.code_server), *options]

    def variables(self) -> dict[str, str]:
        return {
            **os.environ,
            "EXTENSIONS_GALLERY": _NO_GALLERY,
            "LINTSEQ_PROBE": str(self.probe),
            "LINTSEQ_SETTINGS": str(self.path / "settings.toml"),
            **{f"XDG_{name}_HOME": str(self.path / name.lower()) for name in _XDG},
            **self.environment,
        }


_XDG = ("CONFIG", "DATA", "STATE", "CACHE")


@contextmanager
def serving(home: Home) -> Iterator[str]:
    """The address of a running code-server; it and all it started end with the block."""
    port = _free_port()
    flags = (
        *("--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"),
        *("--disable-getting-started-override", "--bind-addr", f"127.0.0.1:{port}"),
    )
    log = (home.path / "code-server.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [*home.words(), *flags, str(home.workspace)],
        env=home.variables(),
        cwd=home.path,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, home)
        yield f"{address}/?folder={home.workspace}"
    finally:
        _end(process)
        log.close()


def packed(folder: Path, path: Path) -> Path:
    """An extension of plain files as a .vsix, which is a zip archive with two descriptions."""
    manifest = json.loads((folder / "package.json").read_text("utf-8"))
    identity = (
        f'Id="{manifest["name"]}" Version="{manifest["version"]}" '
        f'Publisher="{manifest["publisher"]}" Language="en-US"'
    )
    name = "http://schemas.microsoft.com/developer/vsx-schema/2011"
    description = (
        f'<PackageManifest Version="2.0.0" xmlns="{name}"><Metadata><Identity {identity}/>'
        f"<DisplayName>{manifest['displayName']}</DisplayName></Metadata>"
        '<Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>'
        '<Dependencies/><Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" '
        'Path="extension/package.json"/></Assets></PackageManifest>'
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="json" ContentType="application/json"/>'
        '<Default Extension="js" ContentType="application/javascript"/>'
        '<Default Extension="vsixmanifest" ContentType="text/xml"/></Types>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("extension.vsixmanifest", description)
        archive.writestr("[Content_Types].xml", types)
        for file in sorted(folder.iterdir()):
            archive.write(file, f"extension/{file.name}")
    return path


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes], home: Home) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"code-server did not start: {(home.path / 'code-server.log').read_text()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            continue
        # The extension host leaves the group's leader a moment later than it.
        time.sleep(0.2)


def remove(folder: Path) -> None:
    """Remove a home; what is still being written there may stay."""
    shutil.rmtree(folder, ignore_errors=True)
