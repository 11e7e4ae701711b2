"""What sources.yaml declares of translating, defaults applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from pipeline.model.languages import LANGUAGES
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class EngineRules:
    """One translating engine, as it is to be used; names of environment variables, never keys."""

    name: str  #: libretranslate | argos | ctranslate2 | deepl | yandex | google
    url: str = ""  #: "" for the service's own
    key_env: str = ""
    folder_env: str = ""  #: of the folder that pays (yandex)
    own: bool = False  #: the server is the operator's: what it is sent leaves nobody's hands
    folders: Mapping[str, str] = field(default_factory=dict)  #: "ru-en" → folder of a model (ctranslate2)
    timeout: timedelta = timedelta(seconds=60)
    characters_per_day: int | None = None
    price_per_million: float | None = None  #: of characters sent, in whatever currency the operator pays in


@dataclass(frozen=True, slots=True)
class TranslationRules:
    """Whether and how a machine fills a story's missing side."""

    engines: tuple[EngineRules, ...] = ()  #: the next one where one fails; none: no translation
    what: str = "titles"  #: titles | excerpt | full; `Rights.translate` bounds it
    into: tuple[str, ...] = LANGUAGES
    wait: timedelta = timedelta(0)  #: so long the publisher's own version is waited for
    max_age: timedelta = timedelta(days=14)  #: older stories are left as they are
    failures: float = 0.25  #: with a larger share of failed segments a story stays in one language
    characters_per_source: int | None = None  #: a day, of one source's articles
    models: str = "models"  #: folder of installed models
    index: str = ""  #: address of the list of Argos packages; "" for the public one

    @property
    def on(self) -> bool:
        """Whether anything is translated at all."""
        return bool(self.engines)
