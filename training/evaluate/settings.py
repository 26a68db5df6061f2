"""What the figures of a benchmark on held-out documents depend on, for the report."""

import hashlib
from collections.abc import Sequence
from typing import Any

from lintseq.infer.engine import Engine
from training.corpus.document import Document
from training.evaluate.documents import joint_sha256
from training.evaluate.options import Options


def settings_of(
    engine: Engine, documents: Sequence[Document], options: Options, *, is_whole: bool
) -> dict[str, Any]:
    """The settings that all benchmarks share, as JSON values.

    Args:
        is_whole: whether all was asked; else it was interrupted.
    """
    return {
        "asked": options.count,
        "seed": options.seed,
        "data": [path.name for path in options.data],
        "data_sha256": joint_sha256(documents),
        "documents": len(documents),
        "without": sorted(options.without),
        "threads": options.threads,
        "nearby": options.nearby,
        "model_sha256": hashlib.sha256(engine.model.path.read_bytes()).hexdigest(),
        "quantization": engine.model.quantization,
        "parameters": engine.model.parameters,
        "linter": engine.model.linter,
        "context": engine.model.context,
        "interrupted": not is_whole,
    }
