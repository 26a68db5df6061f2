"""The imports that are known to bring a name: for somebody who asks, and for what comes unasked."""

import pytest

from lintseq.imports.facts import read_facts
from lintseq.imports.known import Surroundings, is_known, known_imports, sure_imports
from lintseq.imports.project import Project

SHOP = {
    "shop/__init__.py": "from .till import Till\n",
    "shop/till.py": "from collections import Counter\n\nRATE = 2\n\n\nclass Till:\n    pass\n",
    "shop/paths.py": "import numpy as np\nfrom .till import Till\n\n\ndef near(): ...\n",
    "tests/test_till.py": "from shop.till import Till\nfrom shop import paths\nimport attr\n",
}


def lines(name: str, use: str, where: Surroundings | None = None, text: str = "") -> list[str]:
    found = known_imports(name, use, text, where or Surroundings())
    return [each.statement.line for each in found]


def shop(path: str = "shop/new.py", installed: frozenset[str] | None = None) -> Surroundings:
    project = Project.of({each: read_facts(text) for each, text in SHOP.items()})
    return Surroundings(path, project, installed)


@pytest.mark.parametrize(
    ("use", "line"),
    [
        ("os.path.join(x)", "import os"),
        ("re.compile('x')", "import re"),
        ("Path(x)", "from pathlib import Path"),
        ("Path.home()", "from pathlib import Path"),
        ("defaultdict(list)", "from collections import defaultdict"),
        ("@dataclass\nclass A: ...", "from dataclasses import dataclass"),
        ("datetime.now()", "from datetime import datetime"),
        ("datetime.datetime.now()", "import datetime"),
        ("deepcopy(x)", "from copy import deepcopy"),
        ("importlib.metadata.version('x')", "import importlib.metadata"),
        ("sleep(1)", "from time import sleep"),
        ("ET.parse(x)", "import xml.etree.ElementTree as ET"),
    ],
)
def test_the_standard_library_is_known(use: str, line: str) -> None:
    name = use.lstrip("@").split("(")[0].split(".")[0].split("\n")[0]
    assert lines(name, use)[0] == line
    assert line in sure_imports(name, use, "", Surroundings())


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("lenght", "lenght(x)"),
        ("Lenght", "Lenght()"),
        # Attributes that the module lacks.
        ("os", "os.pth"),
    ],
)
def test_what_is_not_known_noop(name: str, use: str) -> None:
    assert lines(name, use) == []


@pytest.mark.parametrize(
    ("name", "use"),
    [
        # A plain word may be a variable.
        ("copy", "copy = copy or x"),
        ("token", "token + 1"),
        # The class that is usually meant has no such attribute.
        ("Path", "Path.from_home()"),
        # Nothing says that it is there.
        ("np", "np.zeros(3)"),
        ("pytest", "pytest.raises(ValueError)"),
    ],
)
def test_what_is_offered_only_to_those_who_ask(name: str, use: str) -> None:
    assert lines(name, use)
    assert sure_imports(name, use, "", Surroundings()) == ()


def test_a_package_that_is_not_there_is_not_offered() -> None:
    def found(where: Surroundings) -> list[str]:
        return lines("pd", "pd.DataFrame()", where)

    assert found(Surroundings()) == ["import pandas as pd"]
    assert found(Surroundings(installed=frozenset({"numpy"}))) == []
    there = Surroundings(installed=frozenset({"pandas"}))
    assert found(there) == ["import pandas as pd"]
    assert sure_imports("pd", "pd.DataFrame()", "", there) == ("import pandas as pd",)


def test_what_is_there_comes_before_what_may_not_be() -> None:
    # Other projects know a package of that name.
    where = Surroundings(
        "app/main.py", Project.of({"app/click.py": read_facts("def command(): ...\n")})
    )
    assert lines("click", "click.command()", where)[0] == "from app import click"


@pytest.mark.parametrize(
    ("path", "name", "use", "line"),
    [
        # As the files of the package do it, and as the tests do.
        ("shop/new.py", "Till", "Till()", "from .till import Till"),
        ("tests/test_new.py", "Till", "Till()", "from shop.till import Till"),
        # Defined, and imported by nobody.
        ("shop/new.py", "near", "near()", "from .paths import near"),
        ("tests/test_new.py", "near", "near()", "from shop.paths import near"),
        ("shop/deep/new.py", "RATE", "RATE + 1", "from ..till import RATE"),
        # A module of the project, one from elsewhere, one by another name.
        ("tests/test_new.py", "paths", "paths.near()", "from shop import paths"),
        ("shop/new.py", "paths", "paths.near()", "from . import paths"),
        ("shop/new.py", "Counter", "Counter(x)", "from collections import Counter"),
        ("shop/new.py", "np", "np.ones(3)", "import numpy as np"),
        ("shop/new.py", "attr", "attr.s", "import attr"),
    ],
)
def test_the_project_is_known(path: str, name: str, use: str, line: str) -> None:
    assert lines(name, use, shop(path))[0] == line
    assert sure_imports(name, use, "", shop(path))[0] == line


def test_a_file_does_not_import_from_itself() -> None:
    assert lines("near", "near()", shop("shop/paths.py")) == []


def test_the_use_decides_between_modules() -> None:
    where = Surroundings(
        "new.py",
        Project.of(
            {
                "one/tools.py": read_facts("def cut(): ...\n"),
                "two/tools.py": read_facts("def glue(): ...\n"),
            }
        ),
    )
    assert lines("tools", "tools.glue()", where)[0] == "from two import tools"
    assert lines("tools", "tools.cut()", where)[0] == "from one import tools"


def test_what_the_file_does_elsewhere_decides() -> None:
    text = "def f():\n    from tools.path import Path\n    return Path()\n\n\nprint(Path())\n"
    assert lines("Path", "print(Path())", text=text)[0] == "from tools.path import Path"


@pytest.mark.parametrize(
    ("line", "name", "expected"),
    [
        ("import os\n", "os", True),
        ("import os as system", "system", True),
        ("from os import path", "path", True),
        ("from pathlib import Path", "Path", True),
        ("from pathlib import Paths", "Paths", False),
        ("import invented", "invented", False),
        ("from invented import Path", "Path", False),
        ("from shop.till import RATE", "RATE", True),
        ("from shop.till import Rate", "Rate", False),
        ("from .till import RATE", "RATE", True),
        ("from ..till import RATE", "RATE", False),
        ("import numpy", "numpy", True),
        ("import os", "re", False),
        ("import os; x = 1", "os", False),
        ("import os, re", "os", False),
        ("os = 1", "os", False),
    ],
)
def test_a_guess_is_held_against_what_is_known(line: str, name: str, expected: bool) -> None:
    assert is_known(line, name, "", shop()) is expected
