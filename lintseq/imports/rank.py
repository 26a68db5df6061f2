"""How likely each import is, from what speaks for it: a pure function of counts."""

from dataclasses import dataclass

from lintseq.imports.project import Evidence


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing counts, in files of the project that import the same."""

    own: float = 100.0
    files: float = 1.0
    near: float = 2.0
    closeness: float = 1.0
    defined: float = 1.0
    exported: float = 0.5
    kinship: float = 0.5
    public: float = 4.0
    standard: float = 0.3
    module: float = 0.02
    fits: float = 3.0
    misfits: float = 0.02
    absent: float = 0.05


WEIGHTS = Weights()


def likelihood(
    evidence: Evidence,
    share: float,
    fit: int,
    *,
    is_standard: bool,
    is_absent: bool,
    weights: Weights = WEIGHTS,
) -> float:
    """How likely it is that an import is meant, in relation to others that bring the name.

    Args:
        evidence: what the project says.
        share: of the public projects that import the name, those that do it this way.
        fit: 1 if it has what is used of it, -1 if it has not, 0 if that is not known.
        is_standard: whether it is of the standard library.
        is_absent: whether nothing says that it is installed.
        weights: what each of these counts.
    """
    found = evidence
    is_of_project = found.is_defined or found.is_exported
    mass = (
        weights.own * found.is_own
        + weights.files * found.files
        + weights.near * found.near
        + weights.closeness * found.closeness
        + weights.defined * found.is_defined
        + weights.exported * found.is_exported
        + weights.kinship * found.kinship * is_of_project
        + weights.public * share
        + weights.standard * is_standard
        + weights.module * min(found.module_files, 50)
    )
    factor = weights.fits if fit > 0 else weights.misfits if fit < 0 else 1.0
    return mass * factor * (weights.absent if is_absent else 1.0)
