"""The language server: verified insertions for the editor, silent when unsure, saying why."""
