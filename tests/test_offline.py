"""What `make test-offline` runs reaches this machine and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import offline

# TEST-NET-1 and the documentation prefix, which nobody has; unreachable at once without a route.
_REACH = """
import errno, socket, subprocess, sys
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname(), timeout=5).close()
for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
    with socket.socket(family) as outside:
        outside.settimeout(5)
        assert outside.connect_ex((address, 9)) == errno.ENETUNREACH, address
"""
_BY_A_CHILD = (
    f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_REACH!r}], check=True)"
)


@pytest.mark.parametrize("program", [_REACH, _BY_A_CHILD])
def test_loopback_alone_can_be_reached(program: str) -> None:
    if reason := offline.why_not():
        pytest.skip(reason)
    subprocess.run(offline.isolated([sys.executable, "-c", program]), check=True)


@pytest.mark.skipif(offline.ISOLATED not in os.environ, reason="is run by `make test-offline`")
def test_these_tests_reach_loopback_alone() -> None:
    subprocess.run([sys.executable, "-c", _REACH], check=True)


@pytest.mark.parametrize("expected", [0, 1])
def test_the_status_is_that_of_the_tests(tmp_path: Path, expected: int) -> None:
    if reason := offline.why_not():
        pytest.skip(reason)
    tests = tmp_path / "test_it.py"
    condition = f"{offline.ISOLATED!r} in os.environ"
    tests.write_text(f"import os\ndef test(): assert ({condition}) == {not expected}\n")
    assert offline.main([str(tests), "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}"]) == (
        expected
    )


def test_nothing_is_run_without_a_namespace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert offline.main([]) == offline.SKIPPED
    out, err = capfd.readouterr()
    assert out == ""
    assert "skipped, nothing was tested: no network namespace here: unshare" in err
