"""Families of exercises: each draws tasks whose text and code come from the same parts."""
