"""sources.yaml, the way out: proposals written into it, comments, order and quoting kept.

Each change takes the file's bytes and returns others; `replace` puts them in the file's place, once they
read cleanly and say nothing new about any other source. Where a change is a matter of whole lines,
lines are spliced at the places ruamel.yaml names; within lines its round trip writes.
"""

from __future__ import annotations

import difflib
import io
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipeline import sources
from pipeline.errors import ConfigError, Problem
from pipeline.model import Config

#: How nested lists may be indented: (mapping, sequence, offset); tried until a file comes out as it went in.
_INDENTS = ((2, 4, 2), (2, 2, 0), (4, 6, 4), (4, 4, 2), (4, 4, 0))
_MARK = re.compile(r"[ \t]+#[ \t]*unverified\b[ \t]*(?:[;:,.–—-][ \t]*(?P<rest>\S.*))?(?P<more>.*)$")
#: Longer than this a mapping is written on several lines.
_FLOW = 110


def added(
    data: bytes, id_: str, block: Mapping[str, Any], file: str, note: str = "", *, section: str = "sources"
) -> bytes:
    """Return data with one more entry at the end of `sources`, or of `searches`; note: lines of a comment above it.

    Raises ConfigError where the file cannot be read, has the id already, or writes the section in braces.
    """
    text, root = read(data, file)
    known = root.get(section)
    if known and known.fa.flow_style():
        raise ConfigError(f"{file}: `{section}` is written in braces; write it line by line, then add to it")
    if known and id_ in known:
        what = (
            f"a source {id_} is there already; choose another id with --id"
            if section == "sources"
            else f"{id_} is taken"
        )
        raise ConfigError(f"{file}: {what}")
    lines = text.splitlines()
    at = _end(lines, root, section) if section in root else len(lines)
    while at and lines[at - 1].strip() in ("", "..."):  # the end of the file, or of its one document
        at -= 1
    if section in root and not known:  # what follows an empty section are comments, such as an example
        at = root.lc.key(section)[0] + 1
        lines[at - 1] = re.sub(r"\{\s*\}", "", lines[at - 1], count=1).rstrip()
    indent = known.lc.col if known else 2
    head = [] if section in root else [f"{section}:"]
    gap = [""] if known and section == "sources" else []
    shown = [f"# {line}".rstrip() for line in note.splitlines()] + rendered(id_, block).splitlines()
    lines[at:at] = [*gap, *head, *(" " * indent + line if line else "" for line in shown)]
    return _written(lines, data)


def confirmed(data: bytes, id_: str, file: str, keep: Sequence[str] = ()) -> bytes:
    """Return data with a source enabled and its `# unverified` taken away, but for the keys in keep."""
    text, root = read(data, file)
    source = _source(root, id_, file)
    lines = text.splitlines()
    first, last = root["sources"].lc.key(id_)[0], _end(lines, root["sources"], id_, _end(lines, root, "sources"))
    kept = {n for key in keep if key in source for n in range(source.lc.key(key)[0], _end(lines, source, key, last))}
    for number in range(first, last):
        if number not in kept and not lines[number].lstrip().startswith("#"):
            lines[number] = _MARK.sub(_unmarked, lines[number])
    gone = {"enabled", "reason"} & set(source) if source.get("enabled") is False else set()
    if source.fa.flow_style():
        text, root = read(_written(lines, data), file)
        for key in gone:
            del root["sources"][id_][key]
        return dumped(root, text, data)
    spans = [(source.lc.key(key)[0], _content_end(lines, source, key, last)) for key in gone]
    for start, end in sorted(spans, reverse=True):
        del lines[start:end]
    return _written(lines, data)


def mended(
    data: bytes, id_: str, file: str, *,
    rule: Mapping[str, Any] | None = None, until: str = "", links: Mapping[str, str | None] | None = None,
) -> bytes:  # fmt: skip
    """Return data with a new rule before a source's others, which end with the day `until`, and new `links` selectors.

    links: listing address → selector, None to leave the finding to the program.
    """
    text, root = read(data, file)
    source = _source(root, id_, file)
    for listing in source["listings"]:
        if links and listing["url"] in links:
            selector = links[listing["url"]]
            if selector is None:
                listing.pop("links", None)
            elif "links" in listing:
                listing["links"] = DoubleQuotedScalarString(selector)
            else:
                listing.insert(1, "links", DoubleQuotedScalarString(selector))
    if rule and source.get("rules"):
        for old in source["rules"]:
            if "until" not in old:
                old.insert(0, "until", date.fromisoformat(until))  # as text it would come out in quotes
        source["rules"].insert(0, _node("rule", rule))
    data = dumped(root, text, data)
    return _with_rules(data, id_, file, rule) if rule and not source.get("rules") else data


def rendered(id_: str, block: Mapping[str, Any]) -> str:
    """Return a source as sources.yaml writes it, not indented."""
    out = io.StringIO()
    _yaml(_INDENTS[0]).dump(CommentedMap({id_: _node("", block)}), out)
    return out.getvalue()


def difference(before: bytes, after: bytes, file: str) -> str:
    """Return what changes, as a unified diff."""
    old, new = (data.decode("utf-8").splitlines(keepends=True) for data in (before, after))
    return "".join(difflib.unified_diff(old, new, file, f"{file} (proposed)"))


def replace(path: Path, before: bytes, after: bytes, touched: Sequence[str], *, section: str = "sources") -> None:
    """Put `after` in the place of a file that still holds `before`, at once and whole.

    Raises ConfigError where another process changed the file meanwhile, `after` would not
    read cleanly, or would change anything not in `touched`, entries of the section.
    """
    _only(sources.parse(before, str(path)), sources.parse(after, str(path)), touched, path, section)
    try:
        if path.read_bytes() != before:
            raise ConfigError(f"{path}: was changed meanwhile; nothing is written, look and try again")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(path.stat().st_mode & 0o7777)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror or error})") from error


def term_name(term: tuple[str, str]) -> str:
    """Return how a pair of names is called where changes are told apart."""
    return " – ".join(term)


def _only(old: Config, new: Config, touched: Sequence[str], path: Path, section: str) -> None:
    def others(config: Config) -> dict[str, Any]:
        every = {term_name(one) if isinstance(one, tuple) else one.id: one for one in getattr(config, section)}
        return {name: one for name, one in every.items() if name not in touched}

    rest: dict[str, Any] = {section: ()}
    if others(old) != others(new) or changed(old, **rest) != changed(new, **rest):
        raise ConfigError(f"{path}: the change would alter more than {', '.join(touched)}; make it by hand")


# ── reading and writing YAML ────────────────────────────────────────────────────────────────
def _yaml(indent: tuple[int, int, int]) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    mapping, sequence, offset = indent
    yaml.indent(mapping=mapping, sequence=sequence, offset=offset)
    return yaml


def read(data: bytes, file: str) -> tuple[str, CommentedMap]:
    """Return the file's text and tree. Raises ConfigError where it is wrong."""
    sources.parse(data, file)  # what is wrong with it is told there, with its place
    text = data.decode("utf-8-sig")
    root = _yaml(_INDENTS[0]).load(text)
    assert isinstance(root, CommentedMap)
    return text, root


def dumped(root: CommentedMap, text: str, data: bytes) -> bytes:
    """Write a changed tree: its changes alone, where the unchanged one would not come out as it went in."""

    def lines(tree: CommentedMap, indent: tuple[int, int, int]) -> list[str]:
        out = io.StringIO()
        _yaml(indent).dump(tree, out)
        return out.getvalue().splitlines()

    wanted = text.splitlines()
    usual = {indent: lines(_yaml(indent).load(text), indent) for indent in _INDENTS}
    best = max(_INDENTS, key=lambda indent: sum(block.size for block in _alike(usual[indent], wanted)))
    return _written(_carried(wanted, usual[best], lines(root, best)), data)


def _alike(one: Sequence[str], two: Sequence[str]) -> Sequence[difflib.Match]:
    return difflib.SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks()


def _carried(text: Sequence[str], usual: Sequence[str], changed_: Sequence[str]) -> list[str]:
    """Return text with what was changed between its usual form and the changed one; that one where they do not meet."""
    place = {block.a + n: block.b + n for block in _alike(usual, text) for n in range(block.size + 1)}
    done = list(text)
    for tag, start, end, first, last in reversed(
        difflib.SequenceMatcher(None, usual, changed_, autojunk=False).get_opcodes()
    ):
        if tag == "equal":
            continue
        if start not in place or end not in place:
            return list(changed_)
        done[place[start] : place[end]] = changed_[first:last]
    return done


def _written(lines: Sequence[str], data: bytes) -> bytes:
    """Return lines as bytes, with the byte order mark and the line ends that data has."""
    end = "\r\n" if b"\r\n" in data else "\n"
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return mark + (end.join(lines) + end).encode("utf-8")


def _source(root: CommentedMap, id_: str, file: str) -> CommentedMap:
    found = (root.get("sources") or {}).get(id_)
    if not isinstance(found, CommentedMap):
        raise ConfigError(f"{file}: no source {id_}", (Problem(file, 1, 1, f"sources.{id_}", "is not there"),))
    return found


def _end(lines: Sequence[str], node: CommentedMap, key: str, last: int | None = None) -> int:
    """Return the line after all that belongs to a key: where the next key begins, less the comment above that."""
    keys = list(node)
    following = keys[keys.index(key) + 1 :]
    if not following:
        return len(lines) if last is None else last
    at: int = node.lc.key(following[0])[0]
    while at and (not lines[at - 1].strip() or _is_note(lines[at - 1], node.lc.col)):
        at -= 1
    return at


def _is_note(line: str, column: int) -> bool:
    """Tell whether a line is a comment that stands no further in than the keys at column: it speaks of the next one."""
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= column


def _content_end(lines: Sequence[str], node: CommentedMap, key: str, last: int) -> int:
    end = _end(lines, node, key, last)
    while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return end


def _unmarked(match: re.Match[str]) -> str:
    rest = match["rest"] or ""
    return f" # {rest}" if rest else f" #{match['more']}" if match["more"].strip() else ""


def _with_rules(data: bytes, id_: str, file: str, rule: Mapping[str, Any]) -> bytes:
    text, root = read(data, file)
    source = _source(root, id_, file)
    lines = text.splitlines()
    if source.fa.flow_style():
        source["rules"] = CommentedSeq([_node("rule", rule)])
        return dumped(root, text, data)
    at = _content_end(lines, root["sources"], id_, _end(lines, root, "sources"))
    shown = rendered("rules", {"rules": [rule]}).splitlines()[1:]
    lines[at:at] = [" " * (source.lc.col - 2) + line for line in shown]
    return _written(lines, data)


# ── plain data into YAML nodes ──────────────────────────────────────────────────────────────
#: Keys whose values are patterns and selectors, quoted as in the rest of the file.
_QUOTED = frozenset({"links", "next", "text", "date", "title", "swap", "same_id", "drop", "date_format"})


def _node(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        node = CommentedMap({name: _node(name, part) for name, part in value.items()})
        flat = all(not isinstance(part, Mapping | list | tuple) for part in value.values()) or key == "versions"
        if flat and len(str(dict(value))) < _FLOW and key != "rule":
            node.fa.set_flow_style()
        return node
    if isinstance(value, list | tuple):
        parts = CommentedSeq([_node("rule" if key == "rules" else key, part) for part in value])
        if not any(isinstance(part, Mapping) for part in value):
            parts.fa.set_flow_style()
        return parts
    return DoubleQuotedScalarString(value) if key in _QUOTED and re.search(r"[^\w=-]", str(value)) else value
