"""sources.yaml, the way in: read strictly, whole, and before anything is fetched.

load ─► tree (YAML with places) ─► schema (what may stand where) ─► config (defaults applied)

The only code that reads the file. Whatever is wrong with it is told at once, as one
`ConfigError` with a line for each problem.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import ConfigError, Problem
from pipeline.model import Config
from pipeline.sources import config, pictures, references, report, schema, tree
from pipeline.sources.advice import publisher_missing, warnings
from pipeline.sources.json_schema import json_schema, json_schema_text
from pipeline.sources.stamp import stamp

__all__ = ["json_schema", "json_schema_text", "load", "parse", "publisher_missing", "stamp", "warnings"]


def load(path: Path) -> Config:
    """Return the configuration in the file at path.

    Raises ConfigError with everything that is wrong, one problem a line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error}); name another with --sources") from error
    return parse(data, str(path))


def parse(data: bytes, file: str) -> Config:
    """Return the configuration in the bytes of a file, which is called `file` in messages.

    Raises ConfigError like `load`.
    """
    root, problems = tree.read(data, file)
    checked = None
    if root is None or root.value is None:
        problems = problems or [Problem(file, 1, 1, "", "the file is empty; begin with the line `sources:`")]
    elif not isinstance(root.value, dict):
        what = "the file should be a mapping; begin with the line `sources:`"
        problems = [*problems, Problem(file, *root.position, "", what)]
    else:
        try:
            checked = schema.Sources.model_validate(root.plain())
        except ValidationError as error:
            problems = [*problems, *report.problems(error, root, file)]
        else:
            beside = Path(file).parent
            problems = [
                *problems, *references.problems(checked, root, file), *pictures.problems(checked, root, file, beside),
            ]  # fmt: skip
    if checked is None or problems:
        ordered = tuple(sorted(set(problems)))
        raise ConfigError("\n".join(map(str, ordered)), ordered)
    return config.build(checked, Path(file).parent)
