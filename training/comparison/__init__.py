"""The paper's comparison: one base, tuned on whole programs, LintSeq and RandSeq, and measured."""
