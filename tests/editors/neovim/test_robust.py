"""The real Neovim when processes are killed, and where there is no network."""

import shutil
import subprocess
import time

import pytest

from tests.editors.neovim.conftest import Start
from tests.editors.neovim.session import Neovim
from tests.editors.neovim.test_ghost import type_until_ghost

ESCAPE = "\x1b"
# A network of its own, in which nothing but the loopback device can be used.
_ALONE = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
_OUTSIDE = "import socket; socket.create_connection(('192.0.2.1', 53), timeout=5)"


def test_the_engine_is_killed(neovim: Neovim) -> None:
    typed, _ = type_until_ghost(neovim)
    server, engine = neovim.server(), neovim.engine()
    engine.kill()
    engine.wait(10)
    assert neovim.line == typed
    neovim.type(ESCAPE)
    type_until_ghost(neovim, "after")
    assert neovim.server().pid == server.pid
    assert neovim.engine().pid != engine.pid


def test_the_server_is_killed(start: Start, version: str) -> None:
    # Neovim itself tells of it too, in more than one line.
    neovim = start("vim.o.cmdheight = 4\n")
    typed, _ = type_until_ghost(neovim)
    server, engine = neovim.server(), neovim.engine()
    server.kill()
    server.wait(10)
    neovim.until(lambda: neovim.state == "starting", "the bad news")
    assert "signal 9" in neovim.lua("return require('lintseq').info().reason")
    neovim.picture(f"{version}-server-killed")
    neovim.until_ready()
    assert neovim.line == typed
    neovim.type(ESCAPE)
    type_until_ghost(neovim, "after")
    # Nothing is left behind: the model's process ends with its server.
    neovim.until(lambda: not engine.is_running(), "the end of the old engine")


def test_the_end_of_the_editor_is_the_end_of_all(neovim: Neovim) -> None:
    type_until_ghost(neovim)
    processes = [neovim.server(), neovim.engine()]
    neovim.type(f"{ESCAPE}:qa!\r")
    neovim.terminal.process.wait(20)
    end = time.monotonic() + 20
    while any(each.is_running() for each in processes) and time.monotonic() < end:
        time.sleep(0.1)
    assert [each for each in processes if each.is_running()] == []


def test_without_a_network(start: Start, version: str) -> None:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("a network namespace needs unshare (util-linux) and ip (iproute2)")
    tried = subprocess.run([*_ALONE, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no network namespace can be made here: {tried.stderr.strip()}")
    neovim = start(around=_ALONE)
    typed, ghost = type_until_ghost(neovim)
    neovim.type("\t")
    neovim.until(lambda: neovim.line == (typed + ghost).split("\n")[-1], "the accepted text")
    # It is the namespace that is without a network, and not only this test that asks for nothing.
    refused = neovim.lua(
        "return vim.system({ 'python3', '-c', ... }, { text = true }):wait().stderr", _OUTSIDE
    )
    assert "Network is unreachable" in refused
