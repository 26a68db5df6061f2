"""Whether what a text does with a name can be done with what an import brings."""

from lintseq.imports.project import Project, Target
from lintseq.imports.public import PublicCode
from lintseq.imports.use import Use


def fit(target: Target, used: Use, project: Project, public: PublicCode) -> int:
    """1 if the target has what is used of it, -1 if it has not, 0 if that is not known."""
    return _in_project(target, used, project) if target.place else _elsewhere(target, used, public)


def _in_project(target: Target, used: Use, project: Project) -> int:
    above = project.facts_at(target.place)
    place = (*target.place, *filter(None, [target.name]))
    is_value = above is not None and target.name in above.names
    if is_value or not project.layout.is_module(place):
        return 0
    if used.is_called:
        return -1
    facts = project.facts_at(place)
    names = facts.names if facts else frozenset()
    has = (name in names or project.layout.is_module((*place, name)) for name in used.first)
    return _judged(all(has), used)


def _elsewhere(target: Target, used: Use, public: PublicCode) -> int:
    module, _, below = target.module.partition(".")
    if not target.name and below and target.bound == module:
        # `import a.b` is for what is used of `a.b`.
        is_used = any(f"{chain}.".startswith(f"{below}.") for chain in used.attributes)
        is_needless = used.first <= public.standard.get(module, frozenset())
        return 1 if is_used and not is_needless else -1
    whole = f"{target.module}.{target.name}" if target.name else target.module
    names = public.standard.get(whole)
    if names is not None and used.is_called:
        return -1
    names = public.attributes.get(whole) if names is None else names
    if names is not None:
        return _judged(used.first <= names, used)
    return int(not used.first.isdisjoint(public.modules.get(whole, ())))


def _judged(has: bool, used: Use) -> int:
    return (1 if has else -1) if used.first else 0
