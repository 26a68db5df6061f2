"""What stands in the file and beside it is repeated: a real server, a model of random weights."""

from pathlib import Path

import pytest

from lintseq.infer.locality import Locality, Trust
from tests.server.editor import REAL_SERVER, editor
from training.install import install_model

# What stands in other files is believed at once, so that the noise of the model does not matter.
CERTAIN, NEVER = (Trust(score, 0.0, 0.0, 0.0, 0.0, 0.0) for score in (20.0, -20.0))
BESIDE = "import math\n\n\ndef area(radius):\n    return math.pi * radius**2\n"
OWN = "import math\n\n\ndef area_of_ring(radius, inner):\n    return math.\n"


@pytest.fixture(scope="module")
def credulous_model(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose manifest says that what stands in other files comes again."""
    folder = tmp_path_factory.mktemp("models")
    install_model(tiny_model, folder, locality=Locality(others=CERTAIN, own=NEVER))
    return folder / tiny_model.name


async def shown(model: Path, workspace: Path | None, **options: object) -> str | None:
    """What is shown when asked by a key behind `return math.`."""
    settings = {"model": str(model), "threads": 1, "alternatives": 1, **options}
    async with editor(REAL_SERVER, options=settings, folder=workspace) as session:
        session.open(OWN)
        return await session.ghost(4, 16, invoked=True)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("reach", "is_repeated"), [("folder", True), ("open", False), ("file", False), ("off", False)]
)
async def test_files_beside_are_repeated_as_far_as_the_option_reaches(
    reach: str, is_repeated: bool, credulous_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "shapes.py").write_text(BESIDE)
    found = await shown(credulous_model, tmp_path, nearby=reach)
    assert (found == "pi * radius**2") == is_repeated


@pytest.mark.asyncio
async def test_files_outside_the_workspace_are_not_read(
    credulous_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "shapes.py").write_text(BESIDE)
    inner = tmp_path / "project"
    inner.mkdir()
    assert await shown(credulous_model, inner) != "pi * radius**2"


@pytest.mark.asyncio
async def test_files_that_are_excluded_are_not_read(credulous_model: Path, tmp_path: Path) -> None:
    (tmp_path / "shapes.py").write_text(BESIDE)
    found = await shown(credulous_model, tmp_path, exclude=["shapes*"])
    assert found != "pi * radius**2"
