"""Any LibreTranslate server, the operator's own or another's.

Where it lacks a pair of languages it answers with the original text, so its list of languages is
asked first. 400: it cannot read this, or it is too much at once; 403: a key is needed, or the
server has banned us; 429: slower; 500: the model failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any

from pipeline.record import dataclass
from pipeline.translate.engines.engine import EngineFailed, Traits
from pipeline.translate.engines.http import Caller, busy, texts_of

NAME = "libretranslate"


@dataclass
class LibreTranslate:
    """A server at an address."""

    url: str
    caller: Caller
    key: str = ""
    outside: bool = True
    batch: int = 25
    longest: int = 5_000
    _targets: dict[str, frozenset[str]] = field(default_factory=dict)
    _version: str | None = None

    @property
    def traits(self) -> Traits:
        """What it is: nobody bills by the character, but a server with keys may count requests."""
        return Traits(NAME, "tags", self.batch, self.longest, bills=False, outside=self.outside)

    def about(self, source: str, target: str) -> tuple[str, str, str]:
        """Return the server's version, once it is sure that it has these languages."""
        if not self._targets:
            self._targets = _languages(self.caller.get(self._at("languages")))
        if target not in self._targets.get(source, ()):
            raise EngineFailed(NAME, "unsupported", f"{self.url} has no model from {source} to {target}")
        if self._version is None:
            self._version = self._asked_version()
        return "", self._version, ""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Return the translations of texts."""
        self.about(source, target)
        body: dict[str, Any] = {"q": list(texts), "source": source, "target": target, "format": "html"}
        found = self.caller.post(self._at("translate"), body | ({"api_key": self.key} if self.key else {}))
        return texts_of(NAME, found.get("translatedText") if isinstance(found, dict) else None, len(texts))

    def close(self) -> None:
        """Close the connections."""
        self.caller.close()

    def _at(self, what: str) -> str:
        return f"{self.url.rstrip('/')}/{what}"

    def _asked_version(self) -> str:
        try:
            found = self.caller.get(self._at("spec"))
        except EngineFailed:  # a server may hide its description; nothing hangs on it
            return ""
        about = found.get("info") if isinstance(found, dict) else None
        return str(about.get("version", "")) if isinstance(about, dict) else ""


def judge(status: int, found: Any, text: str) -> str:
    """Return how a request failed."""
    said = str(found.get("error", "")) if isinstance(found, dict) else text
    if status == 200:
        return ""
    if status == 429:
        return "overload"
    if status in (400, 413):
        if "limit" in said.lower() or status == 413:
            return "too-large"
        return "unsupported" if "not supported" in said.lower() else "refused"
    return busy(status) if status >= 500 else "refused"


def _languages(found: Any) -> dict[str, frozenset[str]]:
    """Return which languages a server translates into which, as it lists them."""
    rows = found if isinstance(found, list) else []
    every = {str(row.get("code")) for row in rows if isinstance(row, dict)}
    known = {
        str(row["code"]): frozenset(map(str, row.get("targets", every))) for row in rows if isinstance(row, dict) and "code" in row
    }  # fmt: skip
    if not known:
        raise EngineFailed(NAME, "lost", "its list of languages cannot be read")
    return known
