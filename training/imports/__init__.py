"""How public code imports names, counted; and what the standard library has."""
