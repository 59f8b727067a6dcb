"""The types of a rule file: what may be written in it, checked strictly when it is read.

The JSON Schema that editors complete by is made from these types, with their descriptions.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Kind = Literal[
    "name", "attribute", "call", "string", "number", "lambda", "function", "list", "tuple", "dict",
    "atom", "module",
]  # fmt: skip

_Rename = Annotated[
    str,
    Meta(
        description="`old.name -> new.name`; with `(old=)` and `(new=)` behind the names, a "
        "keyword argument of a function"
    ),
]


class Constraint(Struct, forbid_unknown_fields=True, rename="kebab", frozen=True, kw_only=True):
    """What has to hold of the code in a hole; all of what is given."""

    kind: Annotated[
        Kind | tuple[Kind, ...], Meta(description="What kind of expression stands in the hole")
    ] = ()
    text: Annotated[
        str | None, Meta(description="A regular expression for the whole text of the code")
    ] = None
    name: Annotated[
        str | None, Meta(description="The dotted name that the code stands for, through imports")
    ] = None
    instance: Annotated[
        str | None,
        Meta(description="The dotted name of a class, an instance of which the code stands for"),
    ] = None
    subclass: Annotated[
        str | None,
        Meta(
            description="The dotted name of a class, which the code stands for, or a class that "
            "derives from it"
        ),
    ] = None
    proven: Annotated[
        bool,
        Meta(description="Only where `name`, `instance` or `subclass` is proven to hold"),
    ] = False
    inside: Annotated[str | None, Meta(description="A pattern of code around it")] = None
    has: Annotated[
        str | None, Meta(description="A pattern of code in it; of `$$$NAME`, in one of them")
    ] = None
    without: Annotated[
        tuple[str, ...], Meta(description="Of `$$$NAME`: no argument has one of these names")
    ] = ()
    value: Annotated[
        Constraint | None,
        Meta(
            description="What has to hold of what a variable is set to, where that is one thing; "
            "of other code, of itself"
        ),
    ] = None
    not_: Annotated[Constraint | None, Meta(description="What must not hold")] = msgspec.field(
        name="not", default=None
    )

    @property
    def classes(self) -> frozenset[str]:
        """The classes that it asks about, in whatever way."""
        own = frozenset(one for one in (self.instance, self.subclass) if one is not None)
        below = (one.classes for one in (self.value, self.not_) if one is not None)
        return own.union(*below)


class _Pattern(Struct, forbid_unknown_fields=True, rename="kebab", frozen=True, kw_only=True):
    """What belongs to a pattern."""

    replace: Annotated[
        str | None,
        Meta(
            description='What to write instead, `""` to take the statement or decorator out; '
            "without it, the finding is manual"
        ),
    ] = None
    where: Annotated[
        dict[str, Constraint], Meta(description="Constraints on holes, by their names")
    ] = {}
    inside: Annotated[
        str | tuple[str, ...] | None,
        Meta(
            description="A pattern of code around what is found, or several, of which one is to be "
            "there; a hole of `find` stands for the same code in it"
        ),
    ] = None
    not_inside: Annotated[
        str | tuple[str, ...] | None,
        Meta(description="A pattern of code that must not be around it, or several"),
    ] = None
    becomes: Annotated[
        str | tuple[str, ...] | None,
        Meta(
            description="What other rules make of what is found, a pattern or several: found as "
            "well where a comment suppresses this rule, so that the comment stays in use"
        ),
    ] = None
    message: Annotated[
        str | None, Meta(description="What to tell, with holes; else made from the pattern")
    ] = None
    at: Annotated[
        str | None, Meta(description="The hole that is pointed at, where nothing is replaced")
    ] = None


class Alternative(_Pattern, frozen=True, kw_only=True):
    """One pattern and what becomes of what it finds."""

    find: Annotated[
        str,
        Meta(description="Code with holes: `$NAME` for one expression, `$$$NAME` for any number"),
    ]


class Path(Struct, forbid_unknown_fields=True, rename="kebab", frozen=True, kw_only=True):
    """Values in YAML by their path, and what becomes of them; one of the verbs, or none."""

    path: Annotated[
        str | tuple[str, ...],
        Meta(
            description="Keys with dots between; `*` any key, `**` any depth, `[*]` any item, "
            "`[key=value]` where a sibling is so, `[!key]` where there is none; or several paths"
        ),
    ]
    text: Annotated[str | None, Meta(description="A regular expression for the whole value")] = None
    rename: Annotated[str | None, Meta(description="The key's new name")] = None
    nest: Annotated[
        str | None,
        Meta(description="The keys that the value goes below, with dots between: `service.name`"),
    ] = None
    replace: Annotated[
        str | None, Meta(description="The new value, with `\\1` for a group of `text`")
    ] = None
    add: Annotated[
        str | None, Meta(description="`key: value` to add to each mapping that the path leads to")
    ] = None
    remove: Annotated[bool, Meta(description="Take the pair or item out")] = False
    message: Annotated[str | None, Meta(description="What to tell")] = None


class RuleFile(_Pattern, frozen=True, kw_only=True):
    """A rule without code: what it finds, and what becomes of it."""

    summary: Annotated[str, Meta(description="What it finds, in one line", min_length=1)]
    why: Annotated[
        str | None, Meta(description="Why, with a source: the rest of the manual page")
    ] = None
    severity: Annotated[
        Literal["error", "advice"],
        Meta(description="`error`: it breaks, or will; `advice` never fails a gate"),
    ] = "error"
    applicability: Annotated[
        Literal["safe", "review", "manual"],
        Meta(description="The most that a fix may be; it is never more than what is proven"),
    ] = "safe"
    files: Annotated[
        tuple[str, ...],
        Meta(description="Only files whose paths end like one of these, with `*` for a name"),
    ] = ()
    when: Annotated[
        dict[str, str | bool],
        Meta(description="Only where options of the pack have these values, by their names"),
    ] = {}
    find: Annotated[
        str | tuple[str, ...] | None, Meta(description="A pattern, or several with one `replace`")
    ] = None
    alternatives: Annotated[
        tuple[Alternative, ...],
        Meta(description="Further patterns; what an earlier one took a later one leaves"),
    ] = ()
    signatures: Annotated[
        tuple[str, ...],
        Meta(
            description="Parameters of functions, `a.b.f(x, y=..., *, z)`: arguments then match "
            "by position or keyword"
        ),
    ] = ()
    imports: Annotated[
        tuple[str, ...],
        Meta(
            description="What is imported of a name that is written: `datetime.timezone` for "
            "`datetime.timezone.utc`"
        ),
    ] = ()
    every: Annotated[
        str | None,
        Meta(description="A pattern; each place it finds is reported unless `has` is found in it"),
    ] = None
    has: Annotated[str | None, Meta(description="A pattern of what `every` such place has")] = None
    rename: Annotated[
        _Rename | tuple[_Rename, ...] | None,
        Meta(description="Names of modules, classes, functions and keyword arguments that moved"),
    ] = None
    under: Annotated[
        dict[str, Literal["safe", "review"]],
        Meta(
            description="In YAML: keys whose values are names, and the most that a `rename` is "
            "there; under others it is for review"
        ),
    ] = {}
    paths: Annotated[tuple[Path, ...], Meta(description="Values in YAML")] = ()


class OptionForm(Struct, forbid_unknown_fields=True, rename="kebab", frozen=True, kw_only=True):
    """An option of a pack, which a project sets under `[tool.migrator.<pack>]`."""

    type: Annotated[
        Literal["text", "flag", "number", "texts", "tables"], Meta(description="What values it has")
    ]
    default: Annotated[
        str | bool | tuple[str, ...] | None,
        Meta(description="What holds where a project says nothing; lists are empty by default"),
    ] = None
    columns: Annotated[
        dict[str, Literal["text", "flag", "number"]],
        Meta(description="Of `tables`: the keys of each table, and the types of their values"),
    ] = {}
    about: Annotated[str, Meta(description="What it is for, in one line")] = ""
