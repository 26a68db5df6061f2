"""Makes the model: corpus, tokenizer, pretraining, instruction tuning, evaluation, export."""
