"""A tree of hostile files, and what must become of each.

`CASES` is the manifest: a path, how it is made, how it ends, and a word of the reason. `MIGRATED`
files differ in their edits alone; all others keep every byte.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import trees

CLEAN, REPORTED, MIGRATED = "clean", "reported", "migrated"
SKIPPED, REFUSED, LEFT_OUT, LEFT = "skipped", "not analysed", "left out", "reported, not written"

YAML = b"async_stream: true\n"
PYTHON = b"from pipeline.async_streaming import Handler\n"
# What other files may speak of, by the name of this one.
OWN = PYTHON + b"class Own(Handler):\n    pass\n"


@dataclass(frozen=True)
class Case:
    """One file: `make` makes it, `end` is how it ends, `why` a part of what is said of it.

    `after` are its bytes after an apply. `crashes` ends the process that parses it.
    """

    path: str
    make: Callable[[Path], object]
    end: str
    why: str = ""
    after: bytes | None = None
    crashes: bool = False


def data(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def migrated(path: str, content: bytes) -> Case:
    after = content.replace(b"async_stream:", b"stream:").replace(
        b"pipeline.async_streaming import", b"pipeline.streaming import"
    )
    assert after != content
    return Case(path, data(content), MIGRATED, after=after)


def _bytes() -> Iterator[Case]:
    """Section 1: encodings, line ends, syntax."""
    ends = {"lf": b"\n", "crlf": b"\r\n", "cr": b"\r"}
    for name, end in ends.items():
        yield migrated(f"ends/{name}.py", b"x = 1" + end + PYTHON.rstrip() + end + b"y = 2" + end)
        yield migrated(f"ends/{name}-none-last.py", b"x = 1" + end + PYTHON.rstrip())
        yield migrated(f"ends/{name}-blank.py", PYTHON.rstrip() + end * 3 + b"  " + end)
        yield migrated(f"ends/{name}.yaml", b"x: 1" + end + YAML.rstrip() + end)
        yield migrated(f"ends/{name}-none-last.yaml", b"x: 1" + end + YAML.rstrip())
    yield migrated("ends/mixed.py", b"x = 1\r\n" + PYTHON + b"y = 2\r\n\n")
    yield migrated("ends/mixed.yaml", b"x: 1\r\n" + YAML + b"y: 2\r\n")
    yield migrated("ends/form-feed.py", b"\f\nx = 1\n\f" + PYTHON)
    yield migrated("ends/tabs.py", b"if x:\n\ty = 1\n\tif y:\n\t\tz = 1\n" + PYTHON)
    yield migrated("ends/trailing.py", PYTHON.rstrip() + b" \t \n")
    for codec in ("latin-1", "cp1252", "koi8-r", "shift_jis", "euc-jp", "gb18030", "iso8859-15"):
        text = {"koi8-r": "дом", "shift_jis": "家", "euc-jp": "家", "gb18030": "家"}
        word = text.get(codec, "café").encode(codec)
        for form in (
            b"# coding: %s\n",
            b"# -*- coding: %s -*-\n",
            b"#!/x\n# vim: fileencoding=%s\n",
        ):
            head = form % codec.encode()
            number = len(head)
            yield migrated(f"encodings/{codec}-{number}.py", head + PYTHON + b"x = '%s'\n" % word)
    yield migrated("encodings/bom.py", b"\xef\xbb\xbf" + PYTHON)
    yield migrated("encodings/bom-cookie.py", b"\xef\xbb\xbf# coding: utf-8\n" + PYTHON)
    yield migrated("encodings/bom.yaml", b"\xef\xbb\xbf" + YAML)
    yield migrated("encodings/astral.yaml", "# 🦀 é\n".encode() + YAML)
    yield migrated("encodings/astral.py", "# 🦀 é\n".encode() + PYTHON)
    refused = {
        "utf-7": (b"# coding: utf-7\n" + PYTHON, "no encoding for source code"),
        "utf-16-cookie": (b"# coding: utf-16\n" + PYTHON, "no encoding for source code"),
        "utf-32-cookie": (b"# coding: utf-32\n" + PYTHON, "no encoding for source code"),
        "unicode-escape": (b"# coding: unicode_escape\n" + PYTHON, "no encoding"),
        "raw-unicode-escape": (b"# coding: raw_unicode_escape\n" + PYTHON, "no encoding"),
        "idna": (b"# coding: idna\n" + PYTHON, "no encoding"),
        "punycode": (b"# coding: punycode\n" + PYTHON, "no encoding"),
        "rot13": (b"# coding: rot13\n" + PYTHON, "no encoding"),
        "hex": (b"# coding: hex\n" + PYTHON, "no encoding"),
        "zip": (b"# coding: zip\n" + PYTHON, "no encoding"),
        "unknown": (b"# coding: klingon\n" + PYTHON, "unknown encoding 'klingon'"),
        "module": (b"# coding: os.path\n" + PYTHON, "unknown encoding"),
        "bom-latin-1": (b"\xef\xbb\xbf# coding: latin-1\n" + PYTHON, "byte order mark"),
        "utf-16": (b"\xff\xfe" + PYTHON.decode().encode("utf-16-le"), "is UTF-16"),
        "utf-16-be": (b"\xfe\xff" + PYTHON.decode().encode("utf-16-be"), "is UTF-16"),
        "nul": (PYTHON + b"\0", "NUL byte at offset 45"),
        "undecodable": (PYTHON + b"# \xff\n", "is not utf-8: byte 47"),
        "undecodable-ascii": (b"# coding: ascii\n# \xc3\n" + PYTHON, "is not ascii"),
        "python-2-print": (PYTHON + b"print 'x'\n", "line 2"),
        "python-2-raise": (PYTHON + b"raise A, 'b'\n", "line 2"),
        "python-2-exec": (PYTHON + b"exec 'x' in y\n", "line 2"),
        "backticks": (PYTHON + b"x = `y`\n", "line 2"),
        "unclosed": (PYTHON + b"x = (\n", "does not parse"),
        "indentation": (PYTHON + b"  x = 1\n", "line 2"),
        "template": (PYTHON + b"{% if x %}\n", "line 2"),
        "conflict": (b"<<<<<<< HEAD\n" + PYTHON, "line 1"),
    }
    for name, (content, why) in refused.items():
        yield Case(f"refused/{name}.py", data(content), REFUSED, why)
    for name, content in {
        "undecodable": YAML + b"# \xff\n",
        "control": YAML + b"a: \x01\n",
        "tab": YAML + b"\tx: 1\n",
        "template": b"{% if a %}\n" + YAML,
        "unclosed": YAML + b"x: [1\n",
        "twice": YAML + YAML,
        "conflict": b"<<<<<<< HEAD\n" + YAML,
        "anchor": YAML + b"x: *nowhere\n",
        "nul": YAML + b"\0",
    }.items():
        yield Case(f"refused/{name}.yaml", data(content), REFUSED)
    nested = {"parentheses": b"(", "brackets": b"[", "braces": b"{", "not": b"not "}
    for kind, opened in nested.items():
        yield Case(f"hostile/{kind}.py", data(PYTHON + opened * 60_000), REFUSED, crashes=True)
    yield Case(
        "hostile/brackets.yaml", data(YAML + b"x: " + b"[" * 20_000), REFUSED, "nested deeper"
    )
    bomb = b"a0: &a0 [x, x]\n" + b"".join(
        b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 30)
    )
    yield migrated("yaml/bomb.yaml", bomb + YAML)
    yield migrated("yaml/merge.yaml", b"x: &x {a: 1}\ny:\n  <<: *x\n" + YAML)
    yield migrated("yaml/loop.yaml", b"x: &x [*x]\n" + YAML)
    for number, tag in enumerate(
        (b"!!python/object/apply:os.system ['x']", b"!include /etc/passwd", b"!!binary x", b"!x y")
    ):
        yield migrated(f"yaml/tag-{number}.yaml", b"x: " + tag + b"\n" + YAML)
    yield migrated("yaml/documents.yaml", b"---\n" + YAML + b"---\nx: 1\n")
    yield Case("clean/empty.py", data(b""), CLEAN)
    yield Case("clean/empty.yaml", data(b""), CLEAN)
    yield Case("clean/spaces.py", data(b"  \n\t\n"), CLEAN)
    yield Case("clean/not-ours.py", data(b"print 'python 2'\n"), CLEAN)
    yield Case("clean/comment.py", data(b"# async_streaming\n"), CLEAN)


def _names() -> Iterator[Case]:
    """Names of any bytes, in their folders too."""
    names = [b"\xff", b"\xc3\x28", b"new\nline", b"carriage\rreturn", b"tab\tbed", b"bell\x07"]
    names += [b"\x1b[31mred", b"\xe2\x80\xaeoverride", b'quote"d', b"apo'strophe", b"back\\slash"]
    names += [b" leading", b"trailing ", b"-dash", b"--help", b"$(touch x)", b"`x`", b"a;b", b"a|b"]
    names += [
        b"*",
        b"?",
        b"[a]",
        b"{b}",
        b"%s",
        b"%0A::error::x",
        b"::warning::x",
        b"#",
        b"~",
        b"&",
    ]
    names += ["é".encode(), "家".encode(), "e\u0301".encode(), b"l" * 240, b"con", b"..x", b"\x7f"]
    if sys.platform == "darwin":
        # Names are texts there, and two spellings of a letter are one name.
        names = [name for name in names if name.decode("utf-8", "ignore").encode() == name]
        names.remove("e\u0301".encode())
    for name in names:
        text = os.fsdecode(name)
        yield migrated(f"names/{text}.yaml", YAML)
        yield migrated(f"names/{text}.py", OWN)
    for name in names[:6]:
        yield migrated(f"names in/{os.fsdecode(name)}/a.yaml", YAML)
    yield migrated("/".join(["deep"] * 60) + "/a.yaml", YAML)


def _files() -> Iterator[Case]:
    """Section 2: what is no plain file, or not to be written."""
    yield Case("files/link.yaml", lambda path: path.symlink_to("target.txt"), SKIPPED, "link")
    yield Case("files/out.yaml", lambda path: path.symlink_to("/etc/passwd"), SKIPPED, "link")
    yield Case("files/dangling.yaml", lambda path: path.symlink_to("nowhere"), SKIPPED, "link")
    yield Case("files/itself.yaml", lambda path: path.symlink_to(path.name), SKIPPED, "link")
    yield Case("files/folder.yaml", lambda path: path.mkdir(), LEFT_OUT)
    yield Case("files/pipe.yaml", lambda path: os.mkfifo(path), SKIPPED, "no regular file")
    yield Case("files/socket.yaml", _socket, SKIPPED, "no regular file")
    large = YAML + b"#" * 5 * 1024 * 1024
    yield Case("files/large.yaml", data(large), REFUSED, "larger than 5 MiB")
    yield Case("files/hard.yaml", _hard_link, LEFT, "hard link")
    yield Case("files/read-only.yaml", _with_mode(0o444), LEFT, "read-only")
    for mode in (0o600, 0o640, 0o664, 0o755, 0o4755, 0o2755):
        path = f"files/mode-{mode:o}.yaml"
        yield Case(path, _with_mode(mode), MIGRATED, after=b"stream: true\n")
    if trees.xattr is not None:
        path = "files/attributes.yaml"
        yield Case(path, _with_attributes, MIGRATED, after=b"stream: true\n")
    yield Case("loop/up", lambda path: path.symlink_to(".."), LEFT_OUT)
    yield Case("loop/out", lambda path: path.symlink_to("/etc"), LEFT_OUT)
    # `make` takes the right to write there away when all files are made.
    yield Case("read-only folder/a.yaml", data(YAML), LEFT, "read-only folder")
    for folder in ("vendor", "node_modules", "third_party", "site-packages", ".tox", "__pycache__"):
        yield Case(f"{folder}/a.yaml", data(YAML), LEFT_OUT)
    yield Case("module/a.yaml", _submodule, LEFT_OUT)
    yield Case("env/a.yaml", _environment, LEFT_OUT)
    yield Case("ignored/a.yaml", data(YAML), LEFT_OUT)
    yield Case("ignores/a.gen.yaml", data(YAML), LEFT_OUT)
    yield migrated("ignores/kept.gen.yaml", YAML)
    yield Case("ignores/nested/.gitignore", data(b"local.yaml\n!b.gen.yaml\n[\n"), LEFT_OUT)
    yield Case("ignores/nested/local.yaml", data(YAML), LEFT_OUT)
    yield migrated("ignores/nested/b.gen.yaml", YAML)
    yield migrated("ignores/local.yaml", YAML)
    yield Case("other.txt", data(YAML), LEFT_OUT)


def make(tree: Path) -> None:
    """Make the tree of all cases."""
    (tree / ".git").mkdir(parents=True)
    (tree / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    lines = b"/ignored/\n*.gen.yaml\n!kept.gen.yaml\n" + b"a*" * 50 + b"b\n"
    (tree / ".gitignore").write_bytes(lines)
    for case in CASES:
        path = tree / case.path
        path.parent.mkdir(parents=True, exist_ok=True)
        case.make(path)
    (tree / "read-only folder").chmod(0o555)


def _with_mode(mode: int) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        path.write_bytes(YAML)
        path.chmod(mode)

    return make


def _with_attributes(path: Path) -> None:
    assert trees.xattr is not None
    path.write_bytes(YAML)
    trees.xattr.setxattr(str(path), "user.note", b"\0kept\xff")
    trees.xattr.setxattr(str(path), "user.empty", b"")


def _hard_link(path: Path) -> None:
    path.write_bytes(YAML)
    path.with_suffix(".txt").hardlink_to(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may not be long
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _submodule(path: Path) -> None:
    (path.parent / ".git").write_text("gitdir: ../.git/modules/module\n")
    path.write_bytes(YAML)


def _environment(path: Path) -> None:
    (path.parent / "pyvenv.cfg").write_text("")
    path.write_bytes(YAML)


CASES = (*_bytes(), *_names(), *_files())
#: What only the superuser may look at: cases for all others.
UNREADABLE = (
    Case("files/unreadable.yaml", _with_mode(0), REFUSED, "cannot be read"),
    Case("unlisted", lambda path: path.mkdir(0), SKIPPED, "cannot be listed"),
)
