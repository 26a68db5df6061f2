"""What astroid remembers of a text, forgotten when the text has been linted.

astroid keeps the trees of the modules that a text imports, which is what makes the next text
fast. It also keeps what it inferred, and it writes attributes that a text assigns (`error.x = 1`)
into the imported classes, where the next text would find them. Such assignments to a node of
another module are taken back behind the text. Those of an imported module are taken back as soon
as it is loaded: whether it is loaded before or behind the text that would see them is chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from astroid import nodes
from astroid.bases import Proxy
from astroid.builder import AstroidBuilder
from astroid.context import _invalidate_cache
from astroid.exceptions import InferenceError
from astroid.inference_tip import clear_inference_tip_cache
from astroid.interpreter.objectmodel import ObjectModel
from astroid.manager import AstroidManager
from astroid.nodes._base_nodes import LookupMixIn
from pylint.checkers.clear_lru_cache import clear_lru_caches

TEXT = "lintseq_text"
"""The name of the module that every text is built as; no program imports it."""
MAX_MODULES = 1_000
"""So many trees of imported modules are kept; when there are more, all are dropped."""

_NAMESPACES = ("instance_attrs", "locals")


@dataclass(frozen=True, slots=True)
class _Assignment:
    """`node` was appended to `names[node.attrname]`, which belong to another module."""

    names: dict[str, list[Any]]
    node: nodes.AssignAttr

    def take_back(self) -> None:
        values = self.names.get(self.node.attrname, [])
        if self.node in values:
            values.remove(self.node)
            if not values:
                del self.names[self.node.attrname]


_ASSIGNMENTS: list[_Assignment] = []
"""Those of the text."""
_ASSIGN = AstroidBuilder.delayed_assattr


def watch_assignments() -> None:
    """From now on, take back what modules assign to each other."""
    AstroidBuilder.delayed_assattr = _assign


def forget_text() -> None:
    """Drop the text that was linted last, and all that was inferred because of it."""
    manager = AstroidManager()
    manager.astroid_cache.pop(TEXT, None)
    while _ASSIGNMENTS:
        _ASSIGNMENTS.pop().take_back()
    if len(manager.astroid_cache) > MAX_MODULES:
        manager.clear_cache()
    _forget_inferences()


def forget_everything() -> None:
    """Drop all trees: linting stopped halfway, and some may be half built."""
    _ASSIGNMENTS.clear()
    AstroidManager().clear_cache()
    _forget_inferences()


def _forget_inferences() -> None:
    _invalidate_cache()
    clear_inference_tip_cache()
    clear_lru_caches()
    for function in (
        LookupMixIn.lookup,
        nodes.ClassDef._metaclass_lookup_attribute,
        ObjectModel.attributes,
    ):
        function.cache_clear()


def _assign(builder: AstroidBuilder, node: nodes.AssignAttr) -> None:
    _ASSIGN(builder, node)
    for names in _foreign_names(node):
        assignment = _Assignment(names, node)
        if node.root().name == TEXT:
            _ASSIGNMENTS.append(assignment)
        else:
            assignment.take_back()


def _foreign_names(node: nodes.AssignAttr) -> Iterator[dict[str, list[Any]]]:
    """The names of other modules that an assignment may have been written to."""
    try:
        inferred = list(node.expr.infer())
    except InferenceError:
        return
    here = node.root()
    for value in inferred:
        target = value._proxied if isinstance(value, Proxy) else value
        if isinstance(target, nodes.NodeNG) and target.root() is not here:
            yield from (getattr(target, each) for each in _NAMESPACES if hasattr(target, each))
