import pytest

from lintseq.infer.known_imports import is_known, known_imports


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
    ],
)
def test_the_standard_library_is_known(use: str, line: str) -> None:
    name = use.lstrip("@").split("(")[0].split(".")[0].split("\n")[0]
    assert known_imports(name, use, [])[0] == line


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("lenght", "lenght(x)"),
        ("np", "np.zeros(3)"),
        # Words that variables have too: only their use says that a module is meant.
        ("token", "token + 1"),
        ("path", "path(x)"),
        ("copy", "copy = copy or x"),
        # Attributes that the module lacks.
        ("os", "os.pth"),
        ("Path", "Path.from_home()"),
    ],
)
def test_what_is_not_known_noop(name: str, use: str) -> None:
    assert known_imports(name, use, []) == ()


def test_other_texts_come_first() -> None:
    other = "import numpy as np\nfrom shop.paths import Path, basket as cart\nfrom . import near\n"
    assert known_imports("np", "np.zeros(3)", [other]) == ("import numpy as np",)
    assert known_imports("cart", "cart", [other]) == ("from shop.paths import basket as cart",)
    assert known_imports("Path", "Path()", [other])[0] == "from shop.paths import Path"
    assert known_imports("near", "near", [other]) == ()
    assert known_imports("np", "np.x", [other + "def (:\n"]) == ("import numpy as np",)


@pytest.mark.parametrize(
    ("line", "name", "expected"),
    [
        ("import os\n", "os", True),
        ("import os as system", "system", True),
        ("from pathlib import Path", "Path", True),
        ("from pathlib import Paths", "Paths", False),
        ("import invented", "invented", False),
        ("from invented import Path", "Path", False),
        ("from shop import Cart", "Cart", True),
        ("import os", "re", False),
        ("import os; x = 1", "os", False),
        ("os = 1", "os", False),
    ],
)
def test_a_guess_is_held_against_what_is_known(line: str, name: str, expected: bool) -> None:
    assert is_known(line, name, ["from shop import Till"]) is expected
