"""A model that returns its loss: what is differentiated, compiled, replicated or sharded."""

# B batch, T token, N positions with a target, D hidden width, V vocabulary

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from training.attention import use_block_attention
from training.device import can_compile
from training.families.attention import attends_plainly
from training.families.loss import capped_cross_entropy
from training.fused_attention import use_fused_attention
from training.loss import summed_cross_entropy
from training.micro_batch import MicroBatch

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM


class LossModel(torch.nn.Module):
    """A causal language model and its loss in one module, in bf16 where that is precise enough."""

    def __init__(self, model: LlamaForCausalLM, *, compiled: bool, separate: bool = True) -> None:
        """Prepare the model.

        Args:
            compiled: compile its layers. They are compiled once for all, in a fraction of the time
                that the whole model takes: what matters where every ten minutes are a new process.
            separate: let no example look at those in front of it in its row.
        """
        super().__init__()
        self.model = model
        self.device = next(model.parameters()).device
        self._separate = separate
        self._cap = getattr(model.config, "final_logit_softcapping", None)
        if attends_plainly(model.config):
            model.set_attn_implementation(
                use_block_attention() if self.device.type == "cpu" else use_fused_attention()
            )
        if compiled and can_compile(self.device):
            for layer in model.model.layers:
                layer.compile()

    def forward(self, batch: MicroBatch) -> torch.Tensor:
        """Return the loss summed over the targets of the rows, in nats."""
        with torch.autocast(self.device.type, torch.bfloat16):
            hidden_BTD = self.model.model(
                input_ids=batch.tokens, use_cache=False, **self._examples(batch)
            ).last_hidden_state
        hidden_ND = hidden_BTD.flatten(0, 1).index_select(0, batch.positions)
        output_VD = self.model.lm_head.weight
        if self._cap is not None:
            return capped_cross_entropy(hidden_ND, output_VD, batch.targets, self._cap)
        return summed_cross_entropy(hidden_ND, output_VD, batch.targets)

    def _examples(self, batch: MicroBatch) -> dict[str, torch.Tensor]:
        """Return by what the attention knows the examples: transformers' own by the positions."""
        if not self._separate:
            return {}
        return {"position_ids": batch.places, "places": batch.places}

    @torch.no_grad()
    def next_logits(self, tokens_BT: torch.Tensor) -> torch.Tensor:
        """Return the logits of the token behind each row, [B, V]; never compiled."""
        with (
            torch.compiler.set_stance("force_eager"),
            torch.autocast(self.device.type, torch.bfloat16),
        ):
            hidden_BTD = self.model.model(input_ids=tokens_BT.to(self.device)).last_hidden_state
            logits_BV: torch.Tensor = self.model.lm_head(hidden_BTD[:, -1])
        return logits_BV.float()
