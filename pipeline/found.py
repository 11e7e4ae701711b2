"""A working installation from nothing: sources.yaml with comments, folders, settings, service files.

The files stand in starter/ beside this one, as templates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from pipeline import sources
from pipeline.errors import ConfigError, NevawireError
from pipeline.record import dataclass

#: Template → where it goes, and its mode.
_FILES = {
    "sources.yaml": ("sources.yaml", 0o644),
    "nevawire.env": ("nevawire.env", 0o600),
    "nevawire.service": ("systemd/nevawire.service", 0o644),
    "nevawire-backup.service": ("systemd/nevawire-backup.service", 0o644),
    "nevawire-backup.timer": ("systemd/nevawire-backup.timer", 0o644),
}
_FOLDERS = {"store": 0o750, "feeds": 0o755, "backups": 0o700}
#: Signs that would mean something else in a unit file or an environment file.
_PLAIN = re.compile(r"/[\w./+-]*")


@dataclass(frozen=True, slots=True)
class Answers:
    """What only the operator knows."""

    title: str
    home: str
    contact: str
    timezone: str = "Europe/Moscow"


def found(folder: Path, answers: Answers, program: Path) -> tuple[Path, ...]:
    """Make an installation in folder and return the files written.

    program: the installed `nevawire`. Raises ConfigError where an answer will not do or the folder holds one already.
    """
    folder, made = folder.absolute(), []
    documents = rendered(folder, answers, program)
    sources.parse(documents["sources.yaml"].encode(), "sources.yaml")
    taken = [target for target, _ in _FILES.values() if (folder / target).exists()]
    if taken:
        raise ConfigError(
            f"{folder}: {', '.join(taken)} is there already; nothing is overwritten, choose another folder"
        )
    try:
        for name, mode in _FOLDERS.items():
            (folder / name).mkdir(parents=True, exist_ok=True, mode=mode)
        for name, document in documents.items():
            target, mode = _FILES[name]
            path = folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=mode)
            path.write_text(document, encoding="utf-8")
            made.append(path)
    except OSError as error:
        raise NevawireError(f"cannot write {error.filename or folder}: {error.strerror or error}") from error
    (folder / "sources.schema.json").write_text(sources.json_schema_text(), encoding="utf-8")
    return tuple(made)


def rendered(folder: Path, answers: Answers, program: Path) -> Mapping[str, str]:
    """Return the files of an installation in folder, by template."""
    for path in (folder, program):
        if not _PLAIN.fullmatch(str(path)):
            raise ConfigError(f"{path}: service files cannot name this; use letters, digits and . _ + - only")
    values = {
        "title": _quoted(answers.title), "home": _quoted(answers.home), "contact": _quoted(answers.contact),
        "timezone": _quoted(answers.timezone), "folder": str(folder), "program": str(program),
        # An installation, or its program, in somebody's home must be seen there.
        "protect_home": "no" if {"home", "root"} & {path.parts[1] for path in (folder, program) if len(path.parts) > 1} else "yes",
    }  # fmt: skip
    starter = files("pipeline") / "starter"
    return {name: Template((starter / name).read_text("utf-8")).substitute(values) for name in _FILES}


def _quoted(text: str) -> str:
    """Return text as a scalar of YAML, which JSON's strings are."""
    return json.dumps(text, ensure_ascii=False)
