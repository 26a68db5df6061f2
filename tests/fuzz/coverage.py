"""One target led by coverage, in a process of its own.

    python -m tests.fuzz.coverage NAME FOLDER SECONDS

Needs atheris, which brings libFuzzer; what breaks a law is kept in FOLDER.
"""

import sys

import atheris

with atheris.instrument_imports(include=["lintseq", "server"]):
    from tests.fuzz.campaign import CORPUS
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    name, folder, seconds = sys.argv[1:]
    arguments = [
        *(sys.argv[0], folder, str(CORPUS / name)),
        *(f"-max_total_time={seconds}", "-max_len=4096", "-timeout=60", "-rss_limit_mb=4096"),
        *(f"-artifact_prefix={folder}/found-", "-print_final_stats=1", "-verbosity=0"),
    ]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
