"""The legacy keys of steps in one Python file, each with what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability
from migrator.helpers.python.literals import text_of

from ..._names import STEP_KEYS
from ..handlers.concerned import concerned
from ..reading import callees
from ..reading.callees import Callee, called
from ..reading.classes import local_bases
from ..reading.mappings import MARKS, Pair, imports_pipeline, pairs
from .key_lookups import Lookups, code_of, is_other

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning
    from .key_lookups import Lookup
    from .steps import Steps


@dataclass(frozen=True)
class Seen:
    """A legacy key at `node`: how sure it is that of a step, and why; `problem` rules out a fix."""

    node: cst.CSTNode
    key: str
    level: Applicability
    reason: str
    problem: str = ""


class Keys:
    """Finds the legacy keys of steps in one file."""

    def __init__(self, meaning: Meaning, found: Steps) -> None:
        self.meaning = meaning
        self.tree = meaning.tree
        self.steps = found
        self.lookups = Lookups(meaning)

    def seen(self) -> Iterator[Seen]:
        """Each place that has a key; the same may come twice, for another reason."""
        kinds = (cst.Dict, cst.Call, cst.MatchMapping, cst.ClassDef, cst.Comparison)
        for node in self.tree.of(*kinds):
            if isinstance(node, cst.Dict):
                yield from self._dict(node)
            elif isinstance(node, cst.Call):
                yield from self._call(node)
            elif isinstance(node, cst.MatchMapping):
                yield from self._pattern(node)
            elif isinstance(node, cst.ClassDef):
                yield from self._fields(node)
            elif isinstance(node, cst.Comparison):
                yield from self._compared(node)
        for lookup in self.lookups.every:
            yield from self._lookup(lookup)

    def _dict(self, node: cst.Dict) -> Iterator[Seen]:
        keys = {pair.key for pair in pairs(node)}
        for pair in pairs(node):
            if pair.key in STEP_KEYS:
                yield self._of_pair(node, pair, keys)
        for element in node.elements:
            if isinstance(element, cst.DictElement) and isinstance(element.key, cst.Name):
                yield from self._constants(element.key)

    def _of_pair(self, node: cst.Dict, pair: Pair, keys: set[str]) -> Seen:
        new = STEP_KEYS[pair.key]
        why = self.steps.why(node)
        reason = why or "no `type`, `provider` or `steps` shows whether the dict is a step"
        problem = ""
        if new in keys:
            problem = _together(pair.key, new)
        elif text_of(pair.value) == new:
            problem = "this looks like a table from old keys to new ones"
        elif self._has_both(node, new):
            problem = _together(pair.key, new)
        else:
            taken = self._unpacked_into(node, pair.key)
            if taken:
                problem, reason = "rename the parameter together with its callers", taken
        level = Applicability.SAFE if why else Applicability.REVIEW
        return Seen(pair.name, pair.key, level, reason, problem)

    def _has_both(self, node: cst.Dict, new: str) -> bool:
        """Whether the variable that the dict is bound to is asked for the new key as well."""
        parent = self.tree.parents[node]
        if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
            target = parent.targets[0].target
            return self.lookups.ask_now(target, new)
        return False

    def _unpacked_into(self, node: cst.Dict, key: str) -> str | None:
        arg = self.tree.parents[node]
        call = self.tree.parents[arg] if isinstance(arg, cst.Arg) and arg.star == "**" else None
        if isinstance(call, cst.Call):
            callee = called(self.meaning, call, key)
            return callee.reason if callee.kind is Callee.OWN else None
        return None

    def _call(self, node: cst.Call) -> Iterator[Seen]:
        yield from self._listed(node)
        keywords = {pair.key for pair in pairs(node)}
        for pair in pairs(node):
            if pair.key in STEP_KEYS:
                seen = self._of_keyword(node, pair)
                new = STEP_KEYS[pair.key]
                if seen is not None and new in keywords:
                    seen = Seen(
                        seen.node, seen.key, seen.level, seen.reason, _together(pair.key, new)
                    )
                if seen is not None:
                    yield seen

    def _listed(self, node: cst.Call) -> Iterator[Seen]:
        """`dict([("async_stream", True)])`, and the same for `update`."""
        func = node.func
        is_dict = isinstance(func, cst.Name) and func.value == "dict"
        is_update = isinstance(func, cst.Attribute) and func.attr.value == "update"
        listed = node.args[0].value if (is_dict or is_update) and node.args else None
        if not isinstance(listed, (cst.List, cst.Tuple)):
            return
        found: dict[str, cst.BaseExpression] = {}
        for element in listed.elements:
            pair = element.value
            if isinstance(pair, (cst.List, cst.Tuple)) and len(pair.elements) == 2:
                found[text_of(pair.elements[0].value) or ""] = pair.elements[0].value
        why = next((f"the pairs have `{mark}`" for mark in MARKS if mark in found), None)
        if isinstance(func, cst.Attribute):
            why = why or self.steps.leads(func.value)
        for key in sorted(STEP_KEYS.keys() & found.keys()):
            new = STEP_KEYS[key]
            reason = why or "no `type`, `provider` or `steps` shows whether the pairs make a step"
            problem = _together(key, new) if new in found else ""
            level = Applicability.SAFE if why else Applicability.REVIEW
            yield Seen(found[key], key, level, reason, problem)

    def _of_keyword(self, node: cst.Call, pair: Pair) -> Seen | None:
        callee = called(self.meaning, node, pair.key)
        if callee.kind is Callee.OWN:
            problem = "rename the parameter together with its callers"
            return Seen(pair.name, pair.key, Applicability.REVIEW, callee.reason, problem)
        why = self.steps.why(node)
        if (
            why is None
            and isinstance(node.func, cst.Attribute)
            and node.func.attr.value == "update"
        ):
            why = self.steps.leads(node.func.value)
        if why is None and callee.kind is Callee.MAPPING and node.args:
            first = node.args[0]
            why = self.steps.leads(first.value) if first.keyword is None else None
        if why is not None:
            return Seen(pair.name, pair.key, Applicability.SAFE, why)
        if callee.kind is Callee.OTHER and not self.concerned:
            return None
        reason = "no `type`, `provider` or `steps` shows whether the call makes a step"
        return Seen(pair.name, pair.key, Applicability.REVIEW, reason)

    @cached_property
    def concerned(self) -> bool:
        """Whether the file has to do with the pipeline at all."""
        return imports_pipeline(self.meaning) is not None or concerned(self.meaning) is not None

    def _pattern(self, node: cst.MatchMapping) -> Iterator[Seen]:
        named = {
            key: element
            for element in node.elements
            if isinstance(element.key, cst.SimpleString)
            and (key := text_of(element.key)) is not None
        }
        for key, element in named.items():
            if key not in STEP_KEYS:
                continue
            new = STEP_KEYS[key]
            why = next((f"the pattern has `{mark}`" for mark in MARKS if mark in named), None)
            why = why or self._subject(node)
            reason = why or "nothing shows whether the subject is a step"
            problem = _together(key, new) if new in named else ""
            level = Applicability.SAFE if why else Applicability.REVIEW
            yield Seen(element.key, key, level, reason, problem)

    def _subject(self, node: cst.MatchMapping) -> str | None:
        for around in self.tree.ancestors(node):
            if isinstance(around, cst.MatchMapping) and any(
                text_of(element.key) in (*MARKS, "steps") for element in around.elements
            ):
                return "it stands inside the pattern of a step"
            if isinstance(around, cst.Match):
                return self.steps.leads(around.subject)
        return None

    def _fields(self, node: cst.ClassDef) -> Iterator[Seen]:
        own = callees.fields(self.meaning, node)
        if not STEP_KEYS.keys() & own.keys():
            return
        is_dict = callees.is_typed_dict(self.meaning, node)
        every = {
            name
            for base in local_bases(self.meaning, node)
            for name in callees.fields(self.meaning, base)
        }
        name = node.name.value
        for key in sorted(STEP_KEYS.keys() & own.keys()):
            new = STEP_KEYS[key]
            mark = next((mark for mark in MARKS if mark in every), None)
            reason = f"`{name}` describes the keys of a dict" + (f" with `{mark}`" if mark else "")
            level = Applicability.SAFE if mark else Applicability.REVIEW
            problem = _together(key, new) if new in every else ""
            if not is_dict and mark:
                reason = f"`{name}` describes a step: it has `{mark}`"
                problem = "rename the field together with its uses"
            if is_dict or mark:
                yield Seen(own[key], key, level, reason, problem)

    def _compared(self, node: cst.Comparison) -> Iterator[Seen]:
        """`key == "async_stream"`, in a file that has to do with the pipeline."""
        target = node.comparisons[0]
        sides = (node.left, target.comparator)
        if not isinstance(target.operator, (cst.Equal, cst.NotEqual)) or not self.concerned:
            return
        for side, other in (sides, sides[::-1]):
            key = text_of(side)
            if key in STEP_KEYS and key is not None and isinstance(other, cst.Name):
                reason = f"`{other.value}` is compared with the key of a step"
                yield Seen(side, key, Applicability.REVIEW, reason)

    def _lookup(self, lookup: Lookup) -> Iterator[Seen]:
        if isinstance(lookup.key, cst.Name):
            if not is_other(self.meaning, lookup.base):
                yield from self._constants(lookup.key)
            return
        key = text_of(lookup.key)
        if key not in STEP_KEYS or key is None or is_other(self.meaning, lookup.base):
            return
        new = STEP_KEYS[key]
        why = self.steps.leads(lookup.base)
        code = code_of(self.meaning, lookup.base)
        reason = why or f"nothing shows whether `{code}` is a step"
        problem = _together(key, new) if self.lookups.ask_now(lookup.base, new) else ""
        level = Applicability.SAFE if why else Applicability.REVIEW
        yield Seen(lookup.key, key, level, reason, problem)

    def _constants(self, name: cst.Name) -> Iterator[Seen]:
        """The legacy keys that `name`, used as a key, was bound to in this file."""
        reason = "the string is used as a key by way of a name"
        for binding in self.meaning.names.reaching(name):
            for value in self._values(binding):
                key = text_of(value) if isinstance(value, cst.SimpleString) else None
                if key in STEP_KEYS and key is not None:
                    yield Seen(value, key, Applicability.REVIEW, reason)

    def _values(self, binding: Binding) -> Iterator[cst.BaseExpression]:
        if binding.kind == "assign" and binding.value is not None and binding.index is None:
            yield binding.value
        elif binding.kind == "for" and binding.index is None:
            for around in self.tree.ancestors(binding.node):
                if isinstance(around, (cst.For, cst.CompFor)):
                    if isinstance(around.iter, (cst.List, cst.Set, cst.Tuple)):
                        yield from (element.value for element in around.iter.elements)
                    return


def _together(key: str, new: str) -> str:
    return f"it stands together with `{new}`; keep one of them, as `{new}`"
