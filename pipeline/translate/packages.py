"""Argos packages: fetched by the public index's format or taken from files, checked, unpacked, written down.

A package (`.argosmodel`) is a zip with one folder: `metadata.json`, `sentencepiece.model`, `model/`.
Only these are unpacked, under names of our own. `installed.json` beside them says which file with which SHA-256
each came from, and under which licence.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import httpx

from pipeline.errors import TranslateError
from pipeline.record import dataclass
from pipeline.translate.engines.local import Model

#: Where the Argos project lists its packages; `translation.index` names another.
INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"
LIST = "installed.json"
#: A package, and what is in it, is not larger than this.
LARGEST = 4 * 1024**3
_PAIR = re.compile(r"[a-z]{2,3}-[a-z]{2,3}")
_PIECES = ("sentencepiece.model", "bpe.model")
#: What models trained on OPUS ask for, where a package says nothing of a licence.
_UNKNOWN = "licence not stated in the package"


@dataclass(frozen=True, slots=True)
class Installed:
    """One package that is installed."""

    pair: str  #: ru-en
    version: str
    file: str  #: the name of the file it came from
    sha256: str
    licence: str
    credit: str  #: what stands in the feeds' footer
    at: str  #: instant, ISO
    prefix: str = ""


def install(path: Path, models: Path, now: datetime, expected: str = "") -> Installed:
    """Install a package from a file; expected: its SHA-256, where known. Raises TranslateError saying what is wrong with it."""
    digest = _digest(path)
    if expected and digest != expected.lower():
        raise TranslateError(f"{path}: SHA-256 is {digest}, not {expected}; nothing was installed")
    try:
        with zipfile.ZipFile(path) as archive:
            root, about = _metadata(path, archive)
            licence = _licence(archive, root, about)
            one = _described(path, about, digest, licence, now)
            _unpack(archive, root, models / one.pair)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise TranslateError(f"{path}: is no Argos package ({error})") from error
    rows = {**installed(models), one.pair: one}
    _write(models / LIST, {name: asdict(rows[name]) for name in sorted(rows)})
    return one


def fetch(index: str, pair: str, models: Path, now: datetime, client: httpx.Client) -> Installed:
    """Install the newest package of a pair that an index lists. Raises TranslateError."""
    if not _PAIR.fullmatch(pair):
        raise TranslateError(
            f"{pair!r} is no pair of languages; write for example ru-en, or the path of a .argosmodel file"
        )
    row = _newest(_listed(index, client), pair, index)
    failures = []
    for link in [
        one for one in row.get("links", ()) if isinstance(one, str) and one.startswith(("http://", "https://"))
    ]:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / f"{pair}.argosmodel"
            try:
                _download(link, target, client)
                return install(target, models, now, str(row.get("sha256", "")))
            except (httpx.HTTPError, TranslateError) as error:
                failures.append(f"{link}: {error}")
    raise TranslateError(f"{pair}: no address of the package works; " + "; ".join(failures or ["the index names none"]))


def visitor() -> httpx.Client:
    """Return a client to fetch packages with; close it when done."""
    return httpx.Client(timeout=60.0, headers={"User-Agent": "Nevawire"})


def installed(models: Path) -> dict[str, Installed]:
    """Return what is installed, by pair. Raises TranslateError where the list cannot be read."""
    path = models / LIST
    if not path.exists():
        return {}
    try:
        return {pair: Installed(**row) for pair, row in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError) as error:
        raise TranslateError(f"{path}: cannot be read ({error}); install the packages again") from error


def models_of(models: Path) -> dict[tuple[str, str], Model]:
    """Return the installed models as the engine takes them, by (source, target)."""
    found = {}
    for pair, one in installed(models).items():
        source, target = pair.split("-")
        folder = models / pair
        pieces = folder / "sentencepiece.model"
        found[source, target] = Model(
            folder / "model", pieces, pieces, f"argos-{pair}", one.version, one.credit, prefix=one.prefix
        )
    return found


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise TranslateError(f"{path}: cannot be read ({error.strerror or error})") from error


def _metadata(path: Path, archive: zipfile.ZipFile) -> tuple[PurePosixPath, dict[str, Any]]:
    names = [PurePosixPath(name) for name in archive.namelist()]
    here = next((name for name in names if name.name == "metadata.json" and len(name.parts) <= 2), None)
    if here is None:
        raise TranslateError(f"{path}: is no Argos package; there is no metadata.json in it")
    try:
        about = json.loads(archive.read(str(here)))
    except ValueError as error:
        raise TranslateError(f"{path}: its metadata.json cannot be read ({error})") from error
    if not isinstance(about, dict) or about.get("type", "translate") != "translate":
        raise TranslateError(f"{path}: is a package of another kind; only packages that translate can be used")
    root = here.parent
    if not any(root / one in names for one in _PIECES[:1]):
        raise TranslateError(f"{path}: has no sentencepiece.model; packages with another tokenizer cannot be used")
    if root / "model" / "model.bin" not in names:
        raise TranslateError(f"{path}: has no model/model.bin")
    return root, about


def _described(path: Path, about: dict[str, Any], digest: str, licence: str, now: datetime) -> Installed:
    pair = f"{about.get('from_code', '')}-{about.get('to_code', '')}"
    if not _PAIR.fullmatch(pair):
        raise TranslateError(f"{path}: its metadata names no pair of languages (from_code, to_code)")
    version = str(about.get("package_version", ""))
    credit = f"Argos Translate {pair} {version} ({licence})"
    return Installed(
        pair, version, path.name, digest, licence, credit, now.isoformat(), str(about.get("target_prefix", ""))
    )


def _licence(archive: zipfile.ZipFile, root: PurePosixPath, about: dict[str, Any]) -> str:
    stated = about.get("license") or about.get("licence")
    if isinstance(stated, str) and stated.strip():
        return stated.strip()[:80]
    try:
        text = archive.read(str(root / "README.md")).decode("utf-8", "replace")
    except KeyError:
        return _UNKNOWN
    found = re.search(r"licen[cs]e\W+([^\n]{2,80})", text, re.IGNORECASE) or re.search(
        r"(CC[- ]BY[\w. -]*|CC0|MIT)", text
    )
    return found[1].strip(" .*#") if found else _UNKNOWN


def _unpack(archive: zipfile.ZipFile, root: PurePosixPath, folder: Path) -> None:
    """Unpack what is needed beside the folder, then put it in its place."""
    wanted = {root / "sentencepiece.model": "sentencepiece.model"}
    sizes = 0
    for row in archive.infolist():
        name = PurePosixPath(row.filename)
        if name.parent == root / "model" and not row.is_dir():
            wanted[name] = f"model/{name.name}"
        sizes += row.file_size if name in wanted else 0
    if sizes > LARGEST:
        raise TranslateError(f"the package would take {sizes} bytes; {LARGEST} are the most")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        (fresh / "model").mkdir()
        for name, own in wanted.items():
            with archive.open(str(name)) as source, (fresh / own).open("wb") as target:
                shutil.copyfileobj(source, target)
        old = folder.with_name(f".old-{folder.name}")
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _listed(index: str, client: httpx.Client) -> Sequence[Any]:
    try:
        answer = client.get(index)
        answer.raise_for_status()
        rows = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise TranslateError(f"{index}: the list of packages cannot be had ({error}); set translation.index, or install from a file") from error  # fmt: skip
    if not isinstance(rows, list):
        raise TranslateError(f"{index}: should be a list of packages")
    return rows


def _newest(rows: Sequence[Any], pair: str, index: str) -> dict[str, Any]:
    own = [
        row for row in rows
        if isinstance(row, dict) and row.get("type", "translate") == "translate" and f"{row.get('from_code')}-{row.get('to_code')}" == pair
    ]  # fmt: skip
    if not own:
        raise TranslateError(f"{index}: lists no package for {pair}")
    return max(own, key=lambda row: [int(part) for part in re.findall(r"\d+", str(row.get("package_version", "")))])


def _download(link: str, target: Path, client: httpx.Client) -> None:
    with client.stream("GET", link, follow_redirects=True) as answer, target.open("wb") as file:
        answer.raise_for_status()
        _copied(answer, file)


def _copied(answer: httpx.Response, file: IO[bytes]) -> None:
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > LARGEST:
            raise TranslateError(f"the package is larger than {LARGEST} bytes")
        file.write(part)


def _write(path: Path, rows: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(rows, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(path)
