"""What the editor can ask for, one file each; every file has `register(server)`."""
