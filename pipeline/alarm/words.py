"""Alarms in plain words, Russian and English.

Only sentences are made here, from the facts of an alarm; who is told, and how, is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline import grammar
from pipeline.grammar import counted
from pipeline.model import Alarm

Facts = Mapping[str, Any]

_HEADS = {
    "ru": {
        "silence": "Тишина", "drift": "Страницы изменились", "shrink": "Список укоротился",
        "failing": "Не отвечает", "paused": "Приостановлен", "publish": "Лента не обновлена",
        "disk": "Диск заполнен", "archive": "Архив страниц недоступен",
    },
    "en": {
        "silence": "Silence", "drift": "Pages changed", "shrink": "Listing shrank",
        "failing": "Failing", "paused": "Paused", "publish": "Feed not updated",
        "disk": "Disk filling up", "archive": "Page archive away",
    },
}  # fmt: skip
_OVER = {
    "ru": {
        "silence": "снова есть новости", "drift": "страницы снова читаются", "shrink": "список снова полон",
        "failing": "снова отвечает", "paused": "снова опрашивается", "publish": "ленты снова обновляются",
        "disk": "места снова хватает, страницы снова сохраняются",
        "archive": "он снова доступен, страницы снова сохраняются",
    },
    "en": {
        "silence": "there is news again", "drift": "its pages can be read again", "shrink": "the listing is full again",
        "failing": "it answers again", "paused": "it is asked again", "publish": "feeds are updated again",
        "disk": "there is room again, and pages are archived again",
        "archive": "it is reached again, and pages are archived again",
    },
}  # fmt: skip
_RETIRED = {"ru": "больше не собирается", "en": "no longer collected"}


def told(alarm: Alarm, name: str, language: str, zone: str, *, over: bool = False) -> str:
    """Return one line about an alarm that was raised, or is over.

    name: of the source, in the language; zone: IANA name of the zone dates are told in.
    """
    head = _HEADS[language][alarm.kind]
    subject = f"{head}: {name}" if name else head
    if over:
        return f"{subject} — {_RETIRED[language] if alarm.facts.get('retired') else _OVER[language][alarm.kind]}"
    if alarm.kind == "silence":
        return f"{subject} — {_silence(alarm.facts, language, zone)}"
    return f"{subject} — {_SAYING[alarm.kind](alarm.facts, language)}"


def _silence(facts: Facts, language: str, zone: str) -> str:
    last = _day(datetime.fromisoformat(facts["last"]).astimezone(ZoneInfo(zone)), language)
    usual = _at_most(facts["normal_hours"], language)
    if language == "ru":
        return f"ничего нового с {last}; обычно перерыв не больше {usual}"
    return f"nothing new since {last}; there is usually news within {usual}"


def _day(at: datetime, language: str) -> str:
    return f"{grammar.day(at, language)}{' года' if language == 'ru' else ''}, {at:%H:%M}"


def _at_most(hours: float, language: str) -> str:
    """Return a span as one says it; in Russian in the genitive."""
    number, forms = (max(1, round(hours)), "часа|часов|часов") if hours < 36 else (round(hours / 24), "дня|дней|дней")
    if language == "ru":
        return counted(number, forms, language)
    return counted(number, "hour|hours" if hours < 36 else "day|days", language)


def _drift(facts: Facts, language: str) -> str:
    return "; ".join(_CAUSES[cause["cause"]](cause, language) for cause in facts["causes"])


def _links(cause: Facts, language: str) -> str:
    gone = cause["how"] == "no-links"
    if language == "ru":
        return f"на {cause['listing']} " + ("нет ни одной ссылки на статьи" if gone else "прежних ссылок больше нет")
    return (
        f"{cause['listing']} shows no link to an article" if gone else f"the usual links of {cause['listing']} are gone"
    )


def _rule(cause: Facts, language: str) -> str:
    if language == "ru":
        pages = counted(cause["of"], "новой страницы|новых страниц|новых страниц", language)
        return f"правило из sources.yaml ничего не нашло на {cause['missed']} из {pages}"
    pages = counted(cause["of"], "new page|new pages", language)
    return f"the rule in sources.yaml matched nothing on {cause['missed']} of {pages}"


def _text(cause: Facts, language: str) -> str:
    if language == "ru":
        now = counted(cause["now"], "знак|знака|знаков", language)
        return f"тексты стали необычно короткими: {now}, обычно {counted(cause['usual'], '||', language).strip()}"
    now = counted(cause["now"], "character|characters", language)
    return f"texts are suddenly short: {now}, usually {counted(cause['usual'], '|', language).strip()}"


_CAUSES = {"links": _links, "rule": _rule, "text": _text}


def _shrink(facts: Facts, language: str) -> str:
    parts = []
    for one in facts["listings"]:
        links = counted(one["links"], "ссылка|ссылки|ссылок" if language == "ru" else "link|links", language)
        if language == "ru":
            parts.append(f"на {one['listing']} {links}, должно быть не меньше {one['least']}")
        else:
            parts.append(f"{one['listing']} shows {links}, should be at least {one['least']}")
    return "; ".join(parts)


def _failing(facts: Facts, language: str) -> str:
    where = f"{facts['url']} ({facts['kind']})".strip()
    if language == "ru":
        return f"{counted(facts['failures'], 'неудача|неудачи|неудач', language)} подряд: {where}"
    return f"{counted(facts['failures'], 'failure|failures', language)} in a row: {where}"


def _paused(_facts: Facts, language: str) -> str:
    if language == "ru":
        return "слишком много неудач подряд, сам больше не опрашивается; снимет успешный `nevawire run --source`"
    return "too many failures, so it is no longer asked by itself; a `nevawire run --source` that succeeds ends it"


def _publish(facts: Facts, _language: str) -> str:
    return "; ".join(f"{name}: {why}" for name, why in sorted(facts["refused"].items()))


def _disk(facts: Facts, language: str) -> str:
    if language == "ru":
        return (
            f"занято {facts['used']} % (предел {facts['limit']:g} %): исходные страницы больше не сохраняются, "
            "ленты выходят как прежде"
        )
    return f"{facts['used']} % used (limit {facts['limit']:g} %): raw pages are no longer archived, feeds go on"


def _archive(facts: Facts, language: str) -> str:
    if language == "ru":
        return f"исходные страницы не сохраняются, ленты выходят как прежде ({facts['why']})"
    return f"raw pages are not kept, feeds go on ({facts['why']})"


_SAYING = {
    "archive": _archive, "disk": _disk, "drift": _drift, "shrink": _shrink, "failing": _failing, "paused": _paused, "publish": _publish,
}  # fmt: skip
