"""The table of imports: what is counted, what the stubs say, and what is read back from it."""

import importlib
import json
from pathlib import Path

import pytest

from lintseq.imports.public import public_code, read_public_code
from lintseq.imports.statement import Import
from lintseq.infer.model_file import models_folder
from training.__main__ import main
from training.corpus.document import Document, document_writer
from training.imports.count import count_imports
from training.imports.stubs import Stubs, typeshed

STUBS = Stubs(typeshed())
NP = Import("numpy", 0, "", "np")


def document(project: str, text: str, path: str = "main.py") -> Document:
    return Document(project, path, "MIT", text)


def test_an_import_counts_once_for_each_project() -> None:
    counts = count_imports(
        [
            document("one", "import numpy as np\nfrom . import near\n"),
            document("one", "import numpy as np\nfrom tools.deep import cut\n", "other.py"),
            document("one", "x = 1\n", "tools/deep.py"),
            document("two", "import numpy as np\nfrom tools.deep import cut\n"),
        ]
    )
    assert (counts.documents, counts.projects, counts.licenses) == (4, 2, {"MIT": 4})
    # What a project imports from itself says nothing about others.
    assert counts.imports == {NP: 2, Import("tools.deep", 0, "cut", "cut"): 1}


@pytest.mark.parametrize(
    "module", ["collections", "itertools", "math", "os.path", "asyncio", "concurrent.futures", "re"]
)
def test_the_stubs_name_what_the_module_has(module: str) -> None:
    has = importlib.import_module(module)
    names = STUBS.names(module)
    public = {name for name in getattr(has, "__all__", dir(has)) if not name.startswith("_")}
    # `re.template` is gone in the version that is described.
    assert public - names <= {"template"}
    missing = {name for name in names if not hasattr(has, name)}
    # What newer versions or other systems have is not much.
    assert len(missing) <= len(names) / 5


def test_the_modules_that_python_still_has() -> None:
    modules = STUBS.modules()
    assert {"os", "os.path", "xml.etree.ElementTree", "tomllib", "winreg"} <= {*modules}
    gone = {"imp", "asynchat", "distutils.core", "_typeshed", "typing_extensions", "antigravity"}
    assert gone.isdisjoint(modules)


def test_the_attributes_of_a_class_are_those_of_its_bases_too() -> None:
    attributes = STUBS.attributes("pathlib", "Path")
    assert attributes is not None
    assert {"home", "parent", "read_text"} <= attributes
    assert STUBS.attributes("os.path", "join") is None
    ordered = STUBS.attributes("collections", "OrderedDict")
    assert ordered is not None
    assert {"move_to_end", "setdefault"} <= ordered


def test_the_command_writes_what_is_read(tmp_path: Path) -> None:
    text = "import numpy as np\nfrom os import environ as env\nfrom imp import gone\n"
    text += "from os import gone\nimport xml.dom\n"
    corpus, table = tmp_path / "documents-0.jsonl.gz", tmp_path / "imports.json"
    with document_writer(corpus) as write:
        for project in ("one", "two", "three"):
            write(document(project, text))
        write(document("three", "import rare\n", "more.py"))
    assert main(["imports", str(corpus), "--least", "2", "--output", str(table)]) == 0
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []
    made = json.loads(table.read_text("utf-8"))["made"]
    assert (made["documents"], made["projects"], made["licenses"]) == (4, 3, {"MIT": 4})
    public = read_public_code(table)
    assert public.counted == {
        "np": {NP: 3},
        "env": {Import("os", 0, "environ", "env"): 3},
        "gone": {Import("imp", 0, "gone", "gone"): 3},
        "xml": {Import("xml.dom", 0, "", "xml"): 3},
    }
    assert public.standard["math"] == STUBS.names("math")
    assert main(["imports", str(corpus), "--without", "nobody", "--least", "0"]) == 2


def test_without_a_table_nothing_is_known(tmp_path: Path) -> None:
    for text in ("", "[]", '{"imported": 1}', '{"imported": {}, "standard": {"os": 1}}'):
        (tmp_path / "imports.json").write_text(text)
        assert read_public_code(tmp_path / "imports.json").imports("os") == {}
    assert read_public_code(tmp_path / "none.json").imports("os") == {}


def test_the_table_that_comes_along() -> None:
    path = models_folder() / "imports.json"
    assert path.stat().st_size <= 300_000
    public = public_code()
    found = public.imports("np")
    assert max(found, key=lambda each: found[each]) == NP
    # Nothing that the standard library has not.
    for name, statements in public.counted.items():
        for each in statements:
            names = public.standard.get(each.module)
            whole = f"{each.module}.{each.name}"
            assert names is None or {each.name} <= {*names, ""} or whole in public.standard, name
