"""Whether llama.cpp reads text with a GGUF's vocabulary as the tokenizer does that trained it."""

from __future__ import annotations

from pathlib import Path

from lintseq.infer.llama import log_errors_only
from training.families.adopt import AdoptedTokenizer

TEXTS = (
    "@@ -120,0 +121,2 @@\n+def area(radius: float) -> float:\n+    return 3.14159 * radius**2\n",
    "\tif x == 0x1F:\n\t\traise ValueError(f'{x!r} is 1234567890, not -1e-9')\n",
    "    " * 7 + 'text = """Naïve café, Ωmega, 漢字, 👩‍👩‍👧 e\u0301"""  # it\'s \\n\n\n\n\n',
    " a  b   c\r\n\r\n \t \n_private__name=1_000;y=[0,1,22,333,4444]\n",
    "import os, sys\n\n\nclass A(B):\n    x: int = 0\n    \n    def __init__(self): ...\n",
    "a\u00a0b\u3000c\u2028d\x0ce\x00f <|diff|> <|endoftext|>",
)
"""What edits are made of, and the characters over which tokenizers differ."""


def check_agreement(path: Path, tokenizer: AdoptedTokenizer) -> None:
    """Return if both read `TEXTS` alike.

    Raises:
        ValueError: They differ, or llama.cpp cannot read the vocabulary.
    """
    import llama_cpp

    log_errors_only()
    try:
        llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
    except ValueError as error:
        raise ValueError(f"llama.cpp cannot read the vocabulary: {error}") from error
    backend = tokenizer.backend()
    try:
        for text in TEXTS:
            got = list(llama.tokenize(text.encode(), add_bos=False, special=False))
            wanted = backend.encode(text, add_special_tokens=False).ids
            if got != wanted:
                raise ValueError(f"llama.cpp reads {text!r} as {got}, the tokenizer as {wanted}")
    finally:
        llama.close()
