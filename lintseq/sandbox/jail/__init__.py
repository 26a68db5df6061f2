"""What runs in the process that becomes a sandbox."""
