"""Modules of the standard library, as documents."""

import ast
import random
from pathlib import Path

from lintseq.source import decode_source
from training.corpus.document import Document

_FILES = sorted(
    path for path in Path(ast.__file__).parent.glob("*.py") if 2000 < path.stat().st_size < 40_000
)
MODULES = [
    Document("stdlib", path.name, "PSF-2.0", decode_source(path.read_bytes()).text)
    for path in random.Random(0).sample(_FILES, 12)
]
