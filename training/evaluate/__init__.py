"""Benchmarks: one file each, all through the proposals that the server shows."""
