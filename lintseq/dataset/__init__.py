"""Data sets of edit sequences: made from many programs, verified, described."""
