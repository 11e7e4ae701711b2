"""The sections `translation` and `glossary` of sources.yaml: which engines, how much, at what cost.

Keys never stand in the file: it names environment variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, model_validator

from pipeline.model import EngineRules, TranslationRules
from pipeline.sources.checks import to_timedelta
from pipeline.sources.keys import Address, Duration, Interval, Keys, Text, key
from pipeline.sources.notices import Variable
from pipeline.sources.wording import show

#: Engines, and what of each must be there.
ENGINES = ("libretranslate", "argos", "ctranslate2", "deepl", "yandex", "google")
#: Where keys are looked for if the file does not say.
VARIABLES = {
    "deepl": {"key_env": "NEVAWIRE_DEEPL_KEY"},
    "yandex": {"key_env": "NEVAWIRE_YANDEX_KEY", "folder_env": "NEVAWIRE_YANDEX_FOLDER"},
    "google": {"key_env": "NEVAWIRE_GOOGLE_KEY"},
}
Engine = Literal["libretranslate", "argos", "ctranslate2", "deepl", "yandex", "google"]


def once(values: list[str]) -> list[str]:
    """Return values if each stands there once."""
    if len(set(values)) != len(values):
        twice = next(one for one in values if values.count(one) > 1)
        raise ValueError(f"names {show(twice)} twice; write each once, in the order in which they are to be taken")
    return values


def one_language(values: list[str]) -> list[str]:
    """Return languages if there are any."""
    if not values:
        raise ValueError("names no language; write [en], [ru] or [ru, en]")
    return once(values)


class Spending(Keys):
    """What every engine may have."""

    characters_per_day: int = key(
        "Characters a day", "Most characters it is sent in a day (UTC). Left out: no limit.", 100_000, ge=1
    )
    price_per_million: float = key(
        "Price",
        "What a million characters cost, in your currency; `translate status` then says what was spent.",
        20,
        ge=0,
    )


class Service(Spending):
    """A translation service with a key."""

    key_env: Variable = key(
        "Key",
        "Environment variable with the key. Left out: NEVAWIRE_DEEPL_KEY, NEVAWIRE_GOOGLE_KEY.",
        "NEVAWIRE_DEEPL_KEY",
    )
    url: Address = key("Address", "Another address of the service.", "https://translate.site.ru/")
    timeout: Interval = key("Timeout", "Longest wait for an answer. Default: 60s.", "60s")


class Yandex(Service):
    """Yandex Translate."""

    folder_env: Variable = key(
        "Folder", "Environment variable with the id of the folder that pays. Left out: NEVAWIRE_YANDEX_FOLDER.",
        "NEVAWIRE_YANDEX_FOLDER",
    )  # fmt: skip


class LibreTranslate(Spending):
    """A LibreTranslate server."""

    url: Address = key("Address", "Where it is.", "http://127.0.0.1:5000/", needed=True)
    key_env: Variable = key(
        "Key", "Environment variable with its key, where it wants one.", "NEVAWIRE_LIBRETRANSLATE_KEY"
    )
    own: bool = key(
        "Own", "Whether the server is yours: then rights to translate do not bound what it is sent. Default: true on this machine, "
        "false elsewhere.", True,
    )  # fmt: skip
    timeout: Interval = key("Timeout", "Longest wait for an answer. Default: 60s.", "60s")


class Argos(Spending):
    """Argos packages on this machine (needs nevawire[argos]); installed by `nevawire translate install`."""


class Ctranslate2(Spending):
    """OPUS-MT models converted for CTranslate2, on this machine (needs nevawire[argos])."""

    ru_en: Text = key(
        "Russian to English", "Folder of the model, from the sources file.", "models/opus-mt-ru-en", alias="ru-en"
    )
    en_ru: Text = key(
        "English to Russian", "Folder of the model, from the sources file.", "models/opus-mt-en-ru", alias="en-ru"
    )


class Term(Keys):
    """An official name in both languages."""

    ru: Text = key("Russian", "The name in Russian.", "Кластер чистых технологий", needed=True)
    en: Text = key("English", "The name in English.", "Cleantech Cluster", needed=True)


class Translation(Keys):
    """How a machine fills a story's missing language."""

    engines: Annotated[list[Engine], AfterValidator(once)] = key(
        "Engines", "Which engines, in the order in which they are asked; [] for none.", ["argos", "deepl"]
    )
    what: Literal["titles", "excerpt", "full"] = key(
        "What", "How much of an article; the source's rights bound it. Default: titles.", "titles"
    )
    into: Annotated[list[Literal["ru", "en"]], AfterValidator(one_language)] = key(
        "Into", "Which languages may be filled. Default: [ru, en].", ["en"]
    )
    wait: Duration = key("Wait", "How long the publisher's own version is waited for. Default: 0s.", "2h")
    max_age: Interval = key("Age", "Older stories are not translated. Default: 14d.", "14d")
    failures: float = key(
        "Failures",
        "With a larger share of failed sentences a story stays in one language. Default: 0.25.",
        0.25,
        ge=0,
        le=1,
    )
    characters_per_source: int = key(
        "Characters a source",
        "Most characters sent in a day (UTC) of one source's articles. Left out: no limit.",
        50_000,
        ge=1,
    )
    models: Text = key("Models", "Folder of installed models, from the sources file. Default: models.", "models")
    index: Address = key(
        "Index", "Where Argos packages are listed, if not at the public place.", "https://site.ru/index.json"
    )
    libretranslate: LibreTranslate = key(
        "LibreTranslate", "A LibreTranslate server.", {"url": "http://127.0.0.1:5000/"}
    )
    argos: Argos = key("Argos", "Argos packages.", {"characters_per_day": 1_000_000})
    ctranslate2: Ctranslate2 = key("CTranslate2", "OPUS-MT models.", {"ru-en": "models/opus-mt-ru-en"})
    deepl: Service = key("DeepL", "DeepL's service.", {"characters_per_day": 15_000})
    yandex: Yandex = key("Yandex", "Yandex Translate.", {"characters_per_day": 15_000})
    google: Service = key("Google", "Google Cloud Translation, Basic.", {"characters_per_day": 15_000})

    @model_validator(mode="after")
    def _engines_are_told(self) -> Self:
        wanted = self.engines or []
        if "libretranslate" in wanted and self.libretranslate is None:
            raise ValueError("libretranslate needs its address; write libretranslate: {url: http://127.0.0.1:5000/}")
        if "ctranslate2" in wanted and not (
            self.ctranslate2 and {"ru_en", "en_ru"} & self.ctranslate2.model_fields_set
        ):
            raise ValueError(
                "ctranslate2 needs the folder of a model; write ctranslate2: {ru-en: models/opus-mt-ru-en}"
            )
        return self


def to_rules(given: Translation | None, folder: Path) -> TranslationRules:
    """Return the rules that the section stands for; folders from the folder of the file."""
    if given is None:
        return TranslationRules()
    said = {name: getattr(given, name) for name in given.model_fields_set if name not in ENGINES}
    engines = tuple(_engine(name, getattr(given, name, None), folder) for name in said.pop("engines", None) or ())
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    plain |= {name: to_timedelta(plain[name]) for name in ("wait", "max_age") if name in plain}
    plain["models"] = str(folder / plain.get("models", TranslationRules().models))
    return TranslationRules(engines=engines, **plain)


def _engine(name: str, given: Keys | None, folder: Path) -> EngineRules:
    said: Mapping[str, Any] = {key: getattr(given, key) for key in given.model_fields_set} if given is not None else {}
    plain: dict[str, Any] = {**VARIABLES.get(name, {}), **{key: value for key, value in said.items() if key not in ("ru_en", "en_ru")}}  # fmt: skip
    if "timeout" in plain:
        plain["timeout"] = to_timedelta(plain["timeout"])
    if name == "libretranslate" and "own" not in plain:
        plain["own"] = bool(re.match(r"https?://(localhost|127\.[\d.]+|\[::1\])(:\d+)?(/|$)", plain.get("url", "")))
    folders = {key.replace("_", "-"): str(folder / said[key]) for key in ("ru_en", "en_ru") if key in said}
    return EngineRules(name=name, folders=folders, **plain)
