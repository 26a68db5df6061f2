"""Published models: which families there are, how one is taken up, and what llama.cpp is told."""
