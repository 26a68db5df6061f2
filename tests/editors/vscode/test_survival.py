"""The engine or the server is killed, or cannot be started: somebody goes on typing."""

import os
import signal

import psutil

from tests.editors.vscode.studio import Studio
from tests.editors.vscode.test_ghost_text import shown_unasked


def servers(vscode: Studio) -> list[psutil.Process]:
    """The servers that this window has started."""
    found = []
    for process in psutil.process_iter():
        try:
            words, home = process.cmdline(), process.environ().get("LINTSEQ_PROBE")
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
        if words[-2:] == ["-m", "server"] and home == str(vscode.home.probe):
            found.append(process)
    return found


def engines(vscode: Studio) -> list[psutil.Process]:
    """The model's processes of these servers."""
    return [
        child
        for server in servers(vscode)
        for child in server.children(recursive=True)
        if child.is_running() and child.status() != psutil.STATUS_ZOMBIE
    ]


def test_ghost_text_comes_again_after_the_engine_was_killed(vscode: Studio) -> None:
    shown_unasked(vscode)
    (server,), (engine, *others) = servers(vscode), engines(vscode)
    for process in (engine, *others):
        os.kill(process.pid, signal.SIGKILL)
    assert shown_unasked(vscode)
    assert [process.pid for process in servers(vscode)] == [server.pid]
    assert engine.pid not in [process.pid for process in engines(vscode)]


def test_the_server_is_started_again_after_it_was_killed(vscode: Studio) -> None:
    shown_unasked(vscode)
    (server,) = servers(vscode)
    os.kill(server.pid, signal.SIGKILL)
    vscode.until(lambda: vscode.status()["state"] == "stopped")
    assert "SIGKILL" in vscode.status()["reason"]
    vscode.picture("crashed")
    vscode.until(lambda: vscode.status()["state"] in ("ready", "silent"))
    assert server.pid not in [process.pid for process in servers(vscode)]
    assert shown_unasked(vscode)


def test_a_server_that_cannot_start_tells_why(vscode: Studio) -> None:
    vscode.open("|")
    command = setting(vscode)
    try:
        choose(vscode, ["/nowhere/lintseq-server"])
        vscode.until(lambda: "cannot be started" in vscode.status()["reason"])
        vscode.until(lambda: any("cannot be started" in note for note in vscode.notes()))
        vscode.picture("no-server")
        choose(vscode, [*command[:1], "-c", "import sys; sys.exit('the disk is full')"])
        vscode.until(lambda: "the disk is full" in vscode.status()["reason"])
    finally:
        choose(vscode, command)
    vscode.until(lambda: vscode.status()["state"] in ("ready", "silent"))


def setting(vscode: Studio) -> list[str]:
    code = "return vscode.workspace.getConfiguration('lintseq').get('server.command');"
    return [str(word) for word in vscode.run(code)]


def choose(vscode: Studio, command: list[str]) -> None:
    code = "await vscode.workspace.getConfiguration('lintseq').update('server.command', args.to, 1)"
    vscode.run(code, to=command)
