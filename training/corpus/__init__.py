"""The corpus: permissively licensed Python files, filtered, decontaminated and de-duplicated."""
