"""What a torch model has read of many rows that begin with a few prompts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from transformers import DynamicCache

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

# P prompts, R rows (of prompts, at first), T positions, V vocabulary


class State:
    """What the model has read of each row, and its logits behind that."""

    def __init__(
        self,
        model: LlamaForCausalLM,
        prompts: Sequence[Sequence[int]],
        owners: Sequence[int],
    ) -> None:
        """Read the prompts, each once.

        Args:
            model: on its device.
            prompts: tokens of each.
            owners: for each row, the index of its prompt.
        """
        self._model = model
        self._cache = DynamicCache()
        width = max(map(len, prompts))
        padded = [[0] * (width - len(prompt)) + list(prompt) for prompt in prompts]
        seen = [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        self._seen_RT = torch.tensor(seen, device=model.device)
        places_RT = (self._seen_RT.cumsum(-1) - 1).clamp(min=0)
        self.logits_RV = self._read(torch.tensor(padded, device=model.device), places_RT)
        self._places_R1 = places_RT[:, -1:]
        self.keep(owners)

    def keep(self, indices: Sequence[int]) -> None:
        """Go on with these rows, in this order; one may be taken several times."""
        indices_R = torch.tensor(indices, device=self._seen_RT.device, dtype=torch.long)
        self._cache.batch_select_indices(indices_R)
        self._seen_RT = self._seen_RT[indices_R]
        self._places_R1 = self._places_R1[indices_R]
        self.logits_RV = self.logits_RV[indices_R]

    def feed(self, tokens: Sequence[int]) -> None:
        """Read one token of each row."""
        tokens_R1 = torch.tensor(tokens, device=self._seen_RT.device)[:, None]
        self._seen_RT = torch.cat([self._seen_RT, torch.ones_like(tokens_R1)], dim=1)
        self._places_R1 = self._places_R1 + 1
        self.logits_RV = self._read(tokens_R1, self._places_R1)

    def _read(self, tokens_RT: torch.Tensor, places_RT: torch.Tensor) -> torch.Tensor:
        output = self._model(
            input_ids=tokens_RT,
            attention_mask=self._seen_RT,
            position_ids=places_RT,
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        )
        logits_RV: torch.Tensor = output.logits[:, -1].float()
        return logits_RV
