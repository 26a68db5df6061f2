from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from training.corpus.archive import archive_files, archive_project
from training.corpus.build import CorpusConfig, build_corpus
from training.corpus.document import read_documents
from training.corpus.filters import Reason
from training.corpus.find import find_projects, find_standard_libraries, project_files
from training.corpus.plan import Sources, make_plan
from training.corpus.project import Kind, RawFile
from training.corpus.repository import repository_files, repository_project

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this"
METADATA = "Metadata-Version: 2.4\nName: good\nVersion: 1.5\nLicense-Expression: MIT\n"
MODULE = "".join(f"def one_{n}(first, other):\n    return first + other * {n}\n" for n in range(12))
MOST = 10_000


def wheel(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def sdist(path: Path, files: dict[str, str], *links: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for link in links:
            archive.addfile(link)
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def test_a_wheel(tmp_path: Path) -> None:
    path = wheel(
        tmp_path / "good-1.5-py3-none-any.whl",
        {
            "good/m.py": MODULE,
            "good/data.txt": "no Python",
            "good/large.py": "#" * (MOST + 1),
            "good-1.5.dist-info/METADATA": METADATA,
        },
    )
    project = archive_project(path)
    assert (project.name, project.version, project.license) == ("good", "1.5", "MIT")
    assert list(archive_files(path, MOST)) == [
        RawFile("good/m.py", MODULE.encode()),
        RawFile("good/large.py", Reason.TOO_LARGE),
    ]


def test_a_source_distribution(tmp_path: Path) -> None:
    link = tarfile.TarInfo("good-1.5/link.py")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    files = {"good-1.5/m.py": MODULE, "good-1.5/PKG-INFO": METADATA, "good-1.5/tests/t.py": "x\n"}
    path = sdist(tmp_path / "good-1.5.tar.gz", files, link)
    assert archive_project(path).license == "MIT"
    assert [raw.path for raw in archive_files(path, MOST)] == ["m.py", "tests/t.py"]


@pytest.mark.parametrize(
    ("metadata", "license_text", "expected"),
    [
        ("Name: a\nVersion: 1\n", MIT, "MIT"),
        ("Name: a\nVersion: 1\nLicense-Expression: GPL-3.0-only\n", MIT, None),
        (
            "Name: a\nVersion: 1\nClassifier: License :: OSI Approved :: Mozilla Public License"
            " 2.0 (MPL 2.0)\n",
            MIT,
            None,
        ),
        ("Name: a\nVersion: 1\n", "All rights reserved.", None),
    ],
)
def test_license_of_a_wheel(
    tmp_path: Path, metadata: str, license_text: str, expected: str | None
) -> None:
    files = {"a-1.dist-info/METADATA": metadata, "a-1.dist-info/licenses/LICENSE": license_text}
    assert archive_project(wheel(tmp_path / "a-1-py3-none-any.whl", files)).license == expected


@pytest.mark.parametrize("name", ["../out.py", "/etc/out.py", "a/../../out.py", "C:\\out.py"])
def test_an_archive_that_leaves_itself_is_refused(tmp_path: Path, name: str) -> None:
    paths = wheel(tmp_path / "a.whl", {name: MODULE}), sdist(tmp_path / "a.tar.gz", {name: MODULE})
    for path in paths:
        with pytest.raises(ValueError, match="leaves the archive"):
            archive_project(path)
        with pytest.raises(ValueError, match="leaves the archive"):
            list(archive_files(path, MOST))


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.corpus.archive.MOST_UNPACKED", 1 << 20)
    text = "0" * (1 << 20)
    bomb = {"a.py": text, "b.py": text}
    for path in wheel(tmp_path / "a.zip", bomb), sdist(tmp_path / "a.tar.gz", bomb):
        assert path.stat().st_size < 10_000
        with pytest.raises(ValueError, match="refused: wanted at most"):
            list(archive_files(path, MOST))


def test_a_header_that_lies_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    path = wheel(tmp_path / "a.zip", {"a.py": "#" * 1_000_000})
    data = path.read_bytes()
    # The size in the central directory, which is what a reader is told first.
    size = (1_000_000).to_bytes(4, "little")
    path.write_bytes(data.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(ValueError, match="not a readable archive"):
        list(archive_files(path, MOST))


@pytest.mark.parametrize("name", ["a.whl", "a.tar.gz", "a.zip"])
def test_a_damaged_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 no archive at all")
    with pytest.raises(ValueError, match="not a readable archive"):
        archive_project(tmp_path / name)


def git(folder: Path, *arguments: str) -> str:
    author = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    done = subprocess.run(
        ["git", "-C", str(folder), *author, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def repository(folder: Path) -> str:
    """A repository with two commits; the first one's hash."""
    folder.mkdir()
    git(folder, "init", "-q")
    for name, text in (("LICENSE", MIT), ("m.py", MODULE), ("large.py", "#" * (MOST + 1))):
        (folder / name).write_text(text)
    (folder / "link.py").symlink_to("m.py")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "one")
    first = git(folder, "rev-parse", "HEAD")
    (folder / "ünï code.py").write_text("x = 1\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "two")
    (folder / "uncommitted.py").write_text("x = 1\n")
    return first


def test_a_repository_with_a_work_tree_and_a_bare_one(tmp_path: Path) -> None:
    repository(tmp_path / "tree")
    git(tmp_path, "clone", "-q", "--bare", "tree", "bare.git")
    for name in ("tree", "bare.git"):
        (project,) = find_projects(tmp_path / name)
        assert project.kind is Kind.REPOSITORY
        assert project.name == name.removesuffix(".git")
        assert project.license == "MIT"
        assert project.version == git(tmp_path / "tree", "rev-parse", "HEAD")
        assert list(project_files(project, MOST)) == [
            RawFile("large.py", Reason.TOO_LARGE),
            RawFile("m.py", MODULE.encode()),
            RawFile("ünï code.py", b"x = 1\n"),
        ]


def test_a_commit_of_a_repository(tmp_path: Path) -> None:
    first = repository(tmp_path / "tree")
    project = repository_project(tmp_path / "tree", "owner+name", first)
    assert (project.name, project.version) == ("owner+name", first)
    assert [raw.path for raw in repository_files(project, MOST)] == ["large.py", "m.py"]
    with pytest.raises(ValueError, match="git rev-parse"):
        repository_project(tmp_path / "tree", commit="0" * 40)


def test_nothing_in_a_repository_is_run(tmp_path: Path) -> None:
    repository(tmp_path / "tree")
    ran = tmp_path / "ran"
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    git(tmp_path / "tree", "config", "core.fsmonitor", str(hook))
    git(tmp_path / "tree", "config", "core.pager", str(hook))
    (project,) = find_projects(tmp_path / "tree")
    assert len(list(project_files(project, MOST))) == 3
    assert not ran.exists()


def test_a_distribution_whose_repository_is_there_is_left_out(tmp_path: Path) -> None:
    repository(tmp_path / "owner+good")
    files = {"good/other.py": MODULE, "good-1.5.dist-info/METADATA": METADATA}
    wheel(tmp_path / "good-1.5-py3-none-any.whl", files)
    sources = Sources((tmp_path / "owner+good", tmp_path / "good-1.5-py3-none-any.whl"))
    for hold_out, names in (((), ["owner+good"]), (("good",), ["owner+good", "good"])):
        plan = make_plan(sources, hold_out, 0)
        assert [each.name for shard in plan.shards for each in shard.projects] == names
    assert make_plan(sources, (), 0).absent == ("good 1.5: its repository is there",)


def test_a_folder_of_archives(tmp_path: Path) -> None:
    other = {"other/m.py": MODULE.replace("first", "second"), "other-2.dist-info/METADATA": ""}
    wheel(tmp_path / "b.whl", other)
    wheel(tmp_path / "a.whl", {"good/m.py": MODULE, "good-1.5.dist-info/METADATA": METADATA})
    assert [project.name for project in find_projects(tmp_path)] == ["good", "b"]
    build_corpus(CorpusConfig(Sources((tmp_path,)), tmp_path / "corpus"))
    (document,) = read_documents(tmp_path / "corpus")
    assert (document.package, document.version) == ("good", "1.5")


def test_an_archive_damaged_behind_its_directory_costs_itself(tmp_path: Path) -> None:
    files = {f"good/m{n}.py": MODULE.replace("one", f"name{n}") for n in range(3)}
    path = wheel(tmp_path / "good.whl", {"good-1.5.dist-info/METADATA": METADATA} | files)
    data = bytearray(path.read_bytes())
    at = data.index(b"good/m1.py") + 40
    data[at : at + 20] = bytes(20)
    path.write_bytes(data)
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "LICENSE").write_text(MIT)
    (tree / "m.py").write_text("".join(f"class Other{n}:\n    x = {n}\n" for n in range(9)))
    report = build_corpus(CorpusConfig(Sources((path, tree)), tmp_path / "corpus"))
    entry, _ = (each for shard in report.shards.values() for each in shard.projects)
    assert "not a readable archive" in entry.error
    assert [each.path for each in read_documents(tmp_path / "corpus")] == ["good/m0.py", "m.py"]


def test_the_standard_libraries_have_a_license() -> None:
    libraries = find_standard_libraries()
    assert libraries
    assert {find_projects(library)[0].license for library in libraries[:1]} == {"PSF-2.0"}
