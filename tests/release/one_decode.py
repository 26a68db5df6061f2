"""A program: decodes a few tokens with the default model in this very process, and says with what.

Run under an emulated CPU, where the engine's own process would not be emulated.
"""

import json
import re
from pathlib import Path

from lintseq.infer.abort import Abort
from lintseq.infer.llama import Context, ContextOptions, Entry, Model
from lintseq.infer.model_file import default_model

_TEXT = b"def add(first, second):\n    return first"

model = Model(default_model())
options = ContextOptions(64, 1, None, generation_threads=1, prompt_threads=1)
tokens = model.tokenize(_TEXT)
(logits,) = Context(model, options, Abort()).decode([Entry(0, 0, tokens, (len(tokens) - 1,))])
libraries = set(re.findall(r"libggml-cpu-(\w+)", Path("/proc/self/maps").read_text()))
print(json.dumps({"libraries": sorted(libraries), "token": int(logits.argmax())}))
