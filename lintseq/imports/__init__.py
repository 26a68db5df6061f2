"""Which import brings a name: what the project, the standard library and public code say."""
