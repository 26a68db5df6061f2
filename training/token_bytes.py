"""The bytes that each token stands for, of a byte-level BPE or one as SentencePiece makes it."""

from __future__ import annotations

import json
import re

import tokenizers

SPACE = "\u2581"
"""What SentencePiece writes for a space."""
BYTE = re.compile(r"<0x([0-9A-F]{2})>")


def token_bytes(backend: tokenizers.Tokenizer) -> list[bytes]:
    """Return them by number; nothing for a control token, or where there is no token."""
    falls_back = bool(json.loads(backend.to_str())["model"].get("byte_fallback"))
    added = backend.get_added_tokens_decoder()
    numbers = backend.get_vocab(with_added_tokens=True)
    pieces = [b""] * (max(numbers.values()) + 1)
    for text, number in numbers.items():
        if number in added:
            pieces[number] = b"" if added[number].special else text.replace(SPACE, " ").encode()
        else:
            pieces[number] = _of_character_piece(text) if falls_back else _of_byte_piece(text)
    return pieces


def _of_character_piece(text: str) -> bytes:
    byte = BYTE.fullmatch(text)
    return bytes([int(byte[1], 16)]) if byte else text.replace(SPACE, " ").encode()


def _of_byte_piece(text: str) -> bytes:
    return bytes(_BYTES[letter] for letter in text)


def _byte_letters() -> dict[str, int]:
    """Return the letters of byte-level BPE: a byte that is no visible letter has one from 256 on.

    Source: Radford et al. 2019, GPT-2, `bytes_to_unicode` of its encoder.
    """
    visible = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = [byte for byte in range(256) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {
        chr(256 + place): byte for place, byte in enumerate(hidden)
    }


_BYTES = _byte_letters()
