"""Model files and caches are data: nothing that is read can run code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml"}
_CALLS = {"torch.load", "pandas.read_pickle", "torch.hub.load", "allow_pickle"}
_NAMES = {"eval", "exec", "compile", "__import__"}
# Where the sandbox is, and where a text is compiled to see whether it can be, but never run.
_ALLOWED = {
    "lintseq/sandbox/jail/program.py": {"exec", "compile"},
    "lintseq/syntax.py": {"compile"},
    # Templates of this repository, from which exercises for the model are made.
    "training/exercises/choice.py": {"eval", "exec"},
    "training/exercises/oracle.py": {"eval", "exec", "compile"},
    "training/exercises/statements.py": {"compile"},
    "training/exercises/template.py": {"eval"},
}


def uses(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module)):
                yield module.partition(".")[0]
            # numpy reads no pickle unless it is told to.
            case ast.keyword(arg="allow_pickle"):
                yield "allow_pickle"
            case ast.Call(func=ast.Name(id=name)):
                yield name
            case ast.Call(func=ast.Attribute()) as call:
                yield ast.unparse(call.func)


@pytest.mark.parametrize("package", ["lintseq", "server", "training"])
def test_nothing_is_unpickled_or_evaluated(package: str) -> None:
    found = {}
    for path in (ROOT / package).rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        used = set(uses(ast.parse(path.read_text("utf-8"))))
        bad = used & (_MODULES | _CALLS | _NAMES) - _ALLOWED.get(name, set())
        if bad:
            found[name] = bad
    assert found == {}


def test_it_would_be_seen() -> None:
    bad = "import pickle\nfrom dill import load\ntorch.load('x')\neval('1')\nf(allow_pickle=True)\n"
    assert {"pickle", "dill", "torch.load", "eval", "allow_pickle"} <= set(uses(ast.parse(bad)))
