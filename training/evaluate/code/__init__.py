"""Benchmarks that write whole programs and run them: HumanEval, MBPP, and their longer tests."""
