"""What runs in the process that becomes a sandbox; started as a folder, by its path."""
