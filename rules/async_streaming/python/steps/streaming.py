"""Whether the llm steps in the dict literals of a Python file stream."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Edit, Finding, Fix, Look, Severity, Source
from migrator.helpers.python.literals import insert_after, text_of

from ..._names import STEP_KEYS
from ..reading.mappings import HOLDERS, STREAM, Mapping, Pair, imports_pipeline, pairs, spreads
from ..reading.meaning import Meaning, meaning_of
from .steps import PASSED_THROUGH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULE = "step-must-stream"

_KEYS = frozenset({STREAM, *(old for old, new in STEP_KEYS.items() if new == STREAM)})
_MAX_DEPTH = 8
_WRITERS = frozenset({"clear", "pop", "popitem", "setdefault", "update"})


class Says(Enum):
    """What a mapping says for a key."""

    YES = "yes"
    NO = "no"
    OPEN = "open"  # another value, or something unpacked: left to the author
    NOTHING = "nothing"


@dataclass(frozen=True)
class Answer:
    """What is said for a key, where, and the value if it is known."""

    says: Says
    node: cst.CSTNode | None = None
    value: cst.BaseExpression | None = None


_NOTHING = Answer(Says.NOTHING)
_OPEN = Answer(Says.OPEN)


def findings(source: Source, look: Look) -> Iterator[Finding]:
    """The llm steps of `source` that do not stream."""
    meaning = meaning_of(source, look)
    module = imports_pipeline(meaning)
    if module is None or meaning.is_library:
        return
    evidence = f"the file imports `{module}`"
    judge = Judge(meaning)
    nodes = meaning.tree.of(cst.Dict, cst.Call)
    for node in sorted(nodes, key=lambda node: meaning.tree.spans[node]):
        step = judge.type_of(node)
        if step is not None:
            yield from _of_step(source, meaning, judge, node, step, evidence)
        elif isinstance(node, cst.Dict):
            yield from _of_merged(source, meaning, judge, node, evidence)


def _of_step(
    source: Source, meaning: Meaning, judge: Judge, node: Mapping, step: Pair, evidence: str
) -> Iterator[Finding]:
    answer = judge.answer(node)
    span = meaning.tree.spans[step.node]
    if answer.says is Says.NO:
        at = answer.node if answer.node in _items(node) else step.node
        yield _chosen(source, meaning, at, answer, evidence)
    elif answer.says is Says.NOTHING:
        message = f"this llm step does not stream: set `{STREAM}`"
        fix = Fix(f"add `{STREAM}`", _added(source, node, step), Applicability.REVIEW)
        yield Finding(RULE, source.path, span, Severity.ERROR, message, (evidence,), fix)


def _of_merged(
    source: Source, meaning: Meaning, judge: Judge, node: cst.Dict, evidence: str
) -> Iterator[Finding]:
    """A step by what it unpacks: the literal unpacked is judged itself, the key set here is not."""
    if judge.is_merged(node):
        answer = judge.answer(node)
        if answer.says is Says.NO and answer.node in _items(node):
            yield _chosen(source, meaning, answer.node, answer, evidence)


def _chosen(
    source: Source, meaning: Meaning, at: cst.CSTNode | None, answer: Answer, evidence: str
) -> Finding:
    assert at is not None and answer.node is not None
    line = source.position(meaning.tree.spans[answer.node].start).line
    if at is answer.node and isinstance(at, (cst.Arg, cst.DictElement)):
        at = at.value
    return Finding(
        RULE,
        source.path,
        meaning.tree.spans[at],
        Severity.ERROR,
        "this llm step is told not to stream: someone chose it, so decide by hand",
        (evidence, f"streaming is switched off at line {line}"),
    )


def _items(node: Mapping) -> Sequence[cst.CSTNode]:
    return node.args if isinstance(node, cst.Call) else node.elements


def _added(source: Source, node: Mapping, step: Pair) -> tuple[Edit, ...]:
    if isinstance(step.name, cst.SimpleString):
        quote = step.name.quote[0]
        text = f"{quote}{STREAM}{quote}: True"
    else:
        text = f"{STREAM}=True"
    items = _items(node)
    return insert_after(source, items, items.index(step.node), text)


class Judge:
    """Finds what is said for a step under one of `keys`."""

    def __init__(self, meaning: Meaning, keys: frozenset[str] = _KEYS) -> None:
        self.keys = keys
        self.meaning = meaning
        self.tree = meaning.tree
        self._own_answers: dict[tuple[Mapping, int], Answer] = {}

    def type_of(self, node: cst.Dict | cst.Call) -> Pair | None:
        """The pair that makes `node` an llm step."""
        if isinstance(node, cst.Call) and not self._makes_dict(node):
            return None
        found = None
        for pair in pairs(node):
            if pair.key == "type":
                found = pair
        return found if found is not None and text_of(found.value) == "llm" else None

    def is_merged(self, node: cst.Dict, depth: int = 0) -> bool:
        """Whether `node` is an llm step by what it unpacks."""
        if depth > _MAX_DEPTH or any(pair.key == "type" for pair in pairs(node)):
            return False
        literals = [self._literal(spread) for spread in spreads(node)]
        return any(
            literal is not None
            and (
                self.type_of(literal) is not None
                or (isinstance(literal, cst.Dict) and self.is_merged(literal, depth + 1))
            )
            for literal in literals
        )

    def _makes_dict(self, node: cst.BaseExpression) -> bool:
        return (
            isinstance(node, cst.Call)
            and isinstance(node.func, cst.Name)
            and node.func.value == "dict"
            and not self.meaning.names.reaching(node.func)
        )

    def answer(self, node: Mapping) -> Answer:
        """What is said for the step `node`: by itself, then by what is around it."""
        found = self._own(node)
        if found.says is Says.NO and self._user(node).says is Says.YES:
            return _OPEN
        if found.says is Says.NOTHING:
            found = self._user(node)
        if found.says is Says.NOTHING:
            found = self._around(node)
        return found

    # The step itself

    def _own(self, node: Mapping, depth: int = 0) -> Answer:
        key = (node, depth)
        if key not in self._own_answers:
            self._own_answers[key] = self._by_itself(node, depth)
        return self._own_answers[key]

    def _by_itself(self, node: Mapping, depth: int) -> Answer:
        answer = _NOTHING
        known: dict[cst.CSTNode, Pair] = {pair.node: pair for pair in pairs(node)}
        current = False
        for item in _items(node):
            if item in known:
                pair = known[item]
                if pair.key in self.keys and not (current and pair.key != STREAM):
                    answer = _said(pair.value, pair.node)
                    current = pair.key == STREAM
            elif isinstance(item, (cst.StarredDictElement, cst.Arg)):
                unpacked = self._literal(item.value)
                inner = self._own(unpacked, depth + 1) if unpacked and depth < _MAX_DEPTH else _OPEN
                if inner.says is not Says.NOTHING:
                    answer, current = inner, False
            else:
                answer = _OPEN
        return answer

    def _literal(self, node: cst.BaseExpression) -> Mapping | None:
        """The dict that `node` certainly is where it is read."""
        if isinstance(node, cst.Dict) or (isinstance(node, cst.Call) and self._makes_dict(node)):
            return node
        if isinstance(node, cst.Name):
            bindings = self.meaning.names.reaching(node)
            if len(bindings) == 1 and bindings[0].index is None and bindings[0].value is not None:
                value = bindings[0].value
                changed = any(
                    self._writes(read) is not None
                    for read in self.meaning.names.reads.get(node.value, ())
                    if bindings[0] in self.meaning.names.reaching(read)
                )
                return None if changed or isinstance(value, cst.Name) else self._literal(value)
        return None

    def _writes(self, read: cst.Name) -> Answer | None:
        """What a use of a dict's variable changes about streaming; `None` if it changes nothing."""
        parent = self.tree.parents[read]
        if isinstance(parent, cst.Subscript) and parent.value is read:
            return self._stored(parent)
        if isinstance(parent, cst.Attribute) and parent.attr.value in _WRITERS:
            call = self.tree.parents[parent]
            return self._called(call) if isinstance(call, cst.Call) else _OPEN
        if isinstance(parent, cst.AugAssign) and parent.target is read:
            value = self._literal(parent.value)
            return self._own(value) if value else _OPEN
        return None

    def _stored(self, node: cst.Subscript) -> Answer | None:
        around = self.tree.parents[node]
        index = node.slice[0].slice
        key = text_of(index.value) if isinstance(index, cst.Index) else None
        if isinstance(around, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign)):
            if key is None:
                return _OPEN
            holder = self.tree.parents[around] if isinstance(around, cst.AssignTarget) else around
            value = holder.value if isinstance(holder, (cst.Assign, cst.AnnAssign)) else None
            if key in self.keys:
                return _said(value, node) if value is not None else _OPEN
        elif isinstance(around, cst.Del) and (key is None or key in self.keys):
            return _OPEN
        return None

    def _called(self, call: cst.Call) -> Answer | None:
        assert isinstance(call.func, cst.Attribute)
        method = call.func.attr.value
        if method == "update":
            answer = _NOTHING
            for arg in call.args:
                if arg.keyword:
                    said = _said(arg.value, arg) if arg.keyword.value in self.keys else _NOTHING
                else:
                    literal = self._literal(arg.value)
                    said = self._own(literal) if literal else _OPEN
                answer = said if said.says is not Says.NOTHING else answer
            return answer if answer.says is not Says.NOTHING else None
        key = text_of(call.args[0].value) if call.args else None
        if method == "setdefault" and key in self.keys and len(call.args) > 1:
            return _said(call.args[1].value, call)
        return None if key is not None and key not in self.keys else _OPEN

    # What the step is given to

    def _user(self, node: Mapping) -> Answer:
        """What the expression the literal stands in, or its variable, adds to it."""
        parent = self.tree.parents[node]
        outer = self.tree.parents[parent]
        if isinstance(parent, cst.StarredDictElement) and isinstance(outer, cst.Dict):
            return self._own(outer)
        if isinstance(parent, cst.Arg) and isinstance(outer, cst.Call):
            if parent.star == "**" or self._makes_dict(outer):
                return self._own(outer)
            return self._keyword(outer)
        if isinstance(parent, cst.BinaryOperation) and isinstance(parent.operator, cst.BitOr):
            literal = self._literal(parent.right) if parent.left is node else None
            return self._own(literal) if literal else _OPEN
        answers = [answer for read in self._reads(node) if (answer := self._writes(read))]
        return answers[-1] if answers else self._template(node)

    def _keyword(self, call: cst.Call) -> Answer:
        for arg in call.args:
            if arg.keyword and arg.keyword.value in self.keys:
                return _said(arg.value, arg)
        return _NOTHING

    def _template(self, node: Mapping) -> Answer:
        """Where a dict is only ever unpacked into others, those say whether they stream."""
        said: set[Says] = set()
        for read in self._reads(node):
            parent = self.tree.parents[read]
            outer = self.tree.parents[parent]
            if not isinstance(parent, cst.StarredDictElement) or not isinstance(outer, cst.Dict):
                return _NOTHING
            said.add(self._own(outer).says)
        if not said or Says.NOTHING in said:
            return _NOTHING
        return Answer(said.pop()) if len(said) == 1 and Says.NO not in said else _OPEN

    def _reads(self, node: Mapping) -> Iterator[cst.Name]:
        """The reads of the variable that `node` is assigned to."""
        parent = self.tree.parents[node]
        targets: list[cst.BaseExpression] = []
        if isinstance(parent, cst.Assign):
            targets = [target.target for target in parent.targets]
        elif isinstance(parent, cst.AnnAssign):
            targets = [parent.target]
        for target in targets:
            if isinstance(target, cst.Name):
                for read in self.meaning.names.reads.get(target.value, ()):
                    if any(one.node is target for one in self.meaning.names.reaching(read)):
                        yield read

    # What is around the step

    def _around(self, node: cst.CSTNode, depth: int = 0) -> Answer:
        """The nearest `defaults` beside the steps that `node` is in, or further out."""
        child, key = node, ""
        for parent in self.tree.ancestors(node):
            if isinstance(parent, cst.DictElement):
                key = text_of(parent.key) or ""
            elif isinstance(parent, cst.Arg):
                key = parent.keyword.value if parent.keyword else ""
            elif isinstance(parent, (cst.Dict, cst.Call)):
                if key in HOLDERS:
                    answer = self._defaults(parent)
                    if answer.says is not Says.NOTHING:
                        return answer
            elif isinstance(parent, (cst.Assign, cst.AnnAssign)):
                return self._by_variable(child, depth)
            elif not isinstance(parent, PASSED_THROUGH):
                break
            child = parent
        return _NOTHING

    def _by_variable(self, node: cst.CSTNode, depth: int) -> Answer:
        if depth > _MAX_DEPTH or not isinstance(node, cst.BaseExpression):
            return _NOTHING
        for read in self._reads(node):  # type: ignore[arg-type]
            answer = self._around(read, depth + 1)
            if answer.says is not Says.NOTHING:
                return answer
        return _NOTHING

    def _defaults(self, mapping: Mapping) -> Answer:
        for pair in pairs(mapping):
            if pair.key == "defaults":
                literal = self._literal(pair.value)
                return self._own(literal) if literal else _OPEN
        for spread in spreads(mapping):
            if self._literal(spread) is None:
                return _OPEN
        return _NOTHING


def _said(value: cst.BaseExpression, node: cst.CSTNode) -> Answer:
    if isinstance(value, cst.Name) and value.value in ("True", "False"):
        return Answer(Says.YES if value.value == "True" else Says.NO, node, value)
    return Answer(Says.OPEN, node, value)
