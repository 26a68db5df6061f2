"""Nothing outside can be reached while these tests run, and nothing tries to."""

import os
import re
import zipfile
from pathlib import Path

import pytest

# Set by `make test-editors` where the system lets it make a network of its own.
ISOLATED = "LINTSEQ_ISOLATED"
# What a program of Node's reaches a network with; "net" is there for sockets of this machine.
REACHING = re.compile(r"""require\(["'](?:node:)?(https?|http2|dgram|tls|dns)["']\)|\bfetch\(""")


def test_there_is_no_network_but_loopback() -> None:
    if not os.environ.get(ISOLATED):
        pytest.skip("no network namespace: run by `make test-editors` where unshare is allowed")
    lines = Path("/proc/net/dev").read_text("utf-8").splitlines()[2:]
    assert [line.split(":")[0].strip() for line in lines] == ["lo"]
    # No route leads anywhere either.
    assert len(Path("/proc/net/route").read_text("utf-8").splitlines()) <= 1


def test_the_extension_has_nothing_to_reach_a_network_with(extension: Path) -> None:
    with zipfile.ZipFile(extension) as archive:
        code = archive.read("extension/dist/extension.js").decode()
    assert REACHING.findall(code) == []
    assert "createTelemetryLogger" not in code
