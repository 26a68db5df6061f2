from pathlib import Path

import pytest

from tests.infer.tiny_model import TinyModel, write_tiny_model


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GGUF of random weights: what it says is noise, how it is asked is real."""
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf", TinyModel(context=2048))
