"""Running a model: prompts go in as segments, checked edits come out."""
