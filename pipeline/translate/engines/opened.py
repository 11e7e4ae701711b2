"""The engines that sources.yaml names, ready to be asked; keys come from the environment.

Nothing is connected to, and no model is read, before the first text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.model import EngineRules
from pipeline.translate.engines import deepl, google, libretranslate, yandex
from pipeline.translate.engines.engine import Engine
from pipeline.translate.engines.http import Caller, Judge
from pipeline.translate.engines.local import Local, Model, opus_model

_HERE = re.compile(r"https?://(localhost|127\.[\d.]+|\[::1\])(:\d+)?(/|$)")

Models = Mapping[tuple[str, str], Model]


def opened(rules: Sequence[EngineRules], environment: Mapping[str, str], argos: Models) -> list[Engine]:
    """Return the engines, in the order of the rules; argos: the installed packages.

    Raises ConfigError where a key is missing, or would travel in the open.
    """
    makers: dict[str, Callable[[EngineRules], Engine]] = {
        "libretranslate": partial(_libretranslate, environment), "deepl": partial(_deepl, environment),
        "yandex": partial(_yandex, environment), "google": partial(_google, environment),
        "argos": lambda one: Local(one.name, dict(argos)), "ctranslate2": _ctranslate2,
    }  # fmt: skip
    return [makers[one.name](one) for one in rules]


def _libretranslate(environment: Mapping[str, str], rules: EngineRules) -> Engine:
    key = _value(rules, rules.key_env, environment) if rules.key_env else ""
    if key:
        _closed(rules)
    caller = _caller(rules, libretranslate.judge, {}, bills=False)
    return libretranslate.LibreTranslate(rules.url, caller, key, outside=not rules.own)


def _deepl(environment: Mapping[str, str], rules: EngineRules) -> Engine:
    key = _value(rules, rules.key_env, environment)
    _closed(rules)
    return deepl.DeepL(_caller(rules, deepl.judge, deepl.headers(key)), rules.url or deepl.host(key))


def _yandex(environment: Mapping[str, str], rules: EngineRules) -> Engine:
    key, folder = _value(rules, rules.key_env, environment), _value(rules, rules.folder_env, environment)
    _closed(rules)
    return yandex.Yandex(_caller(rules, yandex.judge, yandex.headers(key)), folder, rules.url or yandex.URL)


def _google(environment: Mapping[str, str], rules: EngineRules) -> Engine:
    key = _value(rules, rules.key_env, environment)
    _closed(rules)
    return google.Google(_caller(rules, google.judge, google.headers(key)), rules.url or google.URL)


def _ctranslate2(rules: EngineRules) -> Engine:
    pairs = {tuple(pair.split("-")): opus_model(Path(folder)) for pair, folder in sorted(rules.folders.items())}
    return Local(rules.name, {(source, target): model for (source, target), model in pairs.items()})


def _caller(rules: EngineRules, judge: Judge, headers: Mapping[str, str], *, bills: bool = True) -> Caller:
    return Caller(rules.name, judge, headers, rules.timeout.total_seconds(), bills=bills)


def _value(rules: EngineRules, variable: str, environment: Mapping[str, str]) -> str:
    value = environment.get(variable, "").strip()
    if not value:
        raise ConfigError(f"translation: {rules.name}: the environment variable {variable} is not set, or empty")
    return value


def _closed(rules: EngineRules) -> None:
    """Refuse an address that would carry a key in the open, beyond this machine."""
    if rules.url.startswith("http://") and not _HERE.match(rules.url):
        raise ConfigError(f"translation: {rules.name}: {rules.url} would carry the key in the open; write https://")
