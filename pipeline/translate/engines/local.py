"""Models on this machine, run by CTranslate2 with SentencePiece: an Argos package, or an OPUS-MT folder.

Both come with the extra `nevawire[argos]`; they are imported when the first text is translated. A
model that loses a number in brackets gets the stretches between them one by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from pipeline.record import dataclass
from pipeline.translate.engines.engine import EngineFailed, Traits

#: Pieces a model reads at once; longer texts are cut, which OPUS-MT would do without saying so.
PIECES = 480
#: Pieces of a translation; where it never ends, it is cut here, and `checks` find that it runs in circles.
_MOST = 500
_BRACKET = re.compile(r"(\[\d{1,5}\])")
_MISSING = "CTranslate2 and SentencePiece are not installed; install nevawire[argos]"


@dataclass(frozen=True, slots=True)
class Model:
    """Where a pair of languages' model lies."""

    folder: Path  #: of CTranslate2's files
    source: Path  #: SentencePiece model of the source language
    target: Path
    name: str = ""
    version: str = ""
    credit: str = ""
    prefix: str = ""  #: a token that the translation begins with
    ending: str = ""  #: a token that the source ends with


@dataclass
class Local:
    """The models of one kind, by (source, target)."""

    name: str  #: argos | ctranslate2
    models: dict[tuple[str, str], Model]
    threads: int = 0
    _open: dict[tuple[str, str], tuple[Any, Any, Any]] = field(default_factory=dict)

    @property
    def traits(self) -> Traits:
        """What it is: it costs nothing but time, and nothing leaves the machine."""
        return Traits(self.name, "plain", 32, 20_000, bills=False, outside=False)

    def about(self, source: str, target: str) -> tuple[str, str, str]:
        """Return name, version and credit of the model for these languages."""
        model = self._model(source, target)
        return model.name, model.version, model.credit

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return the translations of texts."""
        whole = self._run(texts, source, target)
        torn = [
            n for n, text in enumerate(texts) if sorted(_BRACKET.findall(text)) != sorted(_BRACKET.findall(whole[n]))
        ]
        for n in torn:
            parts = _BRACKET.split(texts[n])
            words = [part for part in parts[::2] if part.strip()]
            said = iter(self._run(words, source, target))
            spoken = [next(said) if not at % 2 and part.strip() else part for at, part in enumerate(parts)]
            whole[n] = "".join(_spaced(part, one) for part, one in zip(parts, spoken, strict=True)).strip()
        return whole

    def close(self) -> None:
        """Let go of the models."""
        self._open.clear()

    def _model(self, source: str, target: str) -> Model:
        model = self.models.get((source, target))
        if model is None:
            raise EngineFailed(self.name, "unsupported", f"no model from {source} to {target} is installed")
        return model

    def _run(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        if not texts:
            return []
        model = self._model(source, target)
        translator, reads, writes = self._opened(source, target)
        cut = [_pieces(reads, text, model.ending) for text in texts]
        rows = [row for own in cut for row in own]
        prefix = [[model.prefix]] * len(rows) if model.prefix else None
        try:
            found = translator.translate_batch(
                rows, target_prefix=prefix, replace_unknowns=True, max_batch_size=32, beam_size=2, length_penalty=0.2,
                max_decoding_length=min(_MOST, 2 * max(map(len, rows)) + 30),
            )  # fmt: skip
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(self.name, "refused", f"{model.folder}: {error}") from error
        said = [_joined(writes, one.hypotheses[0], model.prefix) for one in found]
        out, at = [], 0
        for own in cut:
            out.append(" ".join(said[at : at + len(own)]))
            at += len(own)
        return out

    def _opened(self, source: str, target: str) -> tuple[Any, Any, Any]:
        if (source, target) not in self._open:
            model = self._model(source, target)
            try:
                import ctranslate2
                import sentencepiece
            except ImportError as error:
                raise EngineFailed(self.name, "refused", _MISSING) from error
            try:
                translator = ctranslate2.Translator(
                    str(model.folder), device="cpu", inter_threads=1, intra_threads=self.threads
                )
                reads = sentencepiece.SentencePieceProcessor(model_file=str(model.source))
                writes = sentencepiece.SentencePieceProcessor(model_file=str(model.target))
            except (RuntimeError, ValueError, OSError) as error:
                raise EngineFailed(self.name, "refused", f"{model.folder} cannot be read: {error}") from error
            self._open[source, target] = (translator, reads, writes)
        return self._open[source, target]


def opus_model(folder: Path) -> Model:
    """Return the model in an OPUS-MT folder converted for CTranslate2; raises EngineFailed saying what is missing."""
    pieces = [folder / "source.spm", folder / "target.spm"]
    for file in (folder / "model.bin", *pieces):
        if not file.is_file():
            raise EngineFailed("ctranslate2", "refused", f"{file} is missing; a converted OPUS-MT folder has it")
    try:
        settings = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        settings = {}  # older converters wrote none
    ending = "" if settings.get("add_source_eos") else "</s>"
    licence = _licence(folder / "README.md") or "CC-BY-4.0"
    return Model(
        folder, pieces[0], pieces[1], folder.name, "", f"OPUS-MT {folder.name} (Helsinki-NLP), {licence}", ending=ending
    )


def _licence(readme: Path) -> str:
    """Return the licence that the head of a model's README states; "" where it states none."""
    try:
        text = readme.read_text("utf-8", errors="replace")[:4_000]
    except OSError:
        return ""
    found = re.search(r"^\W*licen[cs]e\W+([\w .-]{2,40})", text, re.IGNORECASE | re.MULTILINE)
    return found[1].strip() if found else ""


def _pieces(reads: Any, text: str, ending: str) -> list[list[str]]:
    pieces: list[str] = reads.encode(text, out_type=str)
    rows = [pieces[start : start + PIECES] for start in range(0, len(pieces), PIECES)] or [[]]
    return [[*row, ending] if ending else row for row in rows]


def _joined(writes: Any, pieces: list[str], prefix: str) -> str:
    kept = [piece for piece in pieces if piece not in ("</s>", "<s>", "<pad>", prefix or None)]
    return str("".join(kept).replace("▁", " ")).strip() if writes is None else str(writes.decode(kept)).strip()


def _spaced(part: str, said: str) -> str:
    """Return what was said of a stretch, with the spaces that it had at its ends."""
    front = " " if part[:1].isspace() else ""
    back = " " if part[-1:].isspace() else ""
    return said if part == said else f"{front}{said}{back}"
