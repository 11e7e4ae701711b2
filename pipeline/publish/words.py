"""What the feeds themselves say, per language: the labels around the sources' own words.

No text of an article is here, and no markup. A language without words of its own
speaks English.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipeline import grammar
from pipeline.model import DOCUMENT_TYPES, Attachment

_WORDS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "name": "По-русски",
        "read": "Читать на сайте источника",
        "source": "Источник",
        "retrieved": "Получено",
        "attachments": "Документы",
        "undated": "Дата публикации не указана.",
        "prose": "Дата взята из текста.",
        "also": "Тот же текст",
        "licence": "Лицензия",
        "untitled": "Без заголовка",
        "all": "все новости",
        "newsletter": "рассылка",
        "older": "Более ранние записи",
        "digest": "дайджест",
        "digests": "дайджесты",
        "entries": "Записей",
        "more": "Ещё новостей",
        "other": "Другие новости",
        "online": "Открыть в браузере",
        "unsubscribe": "Отписаться",
        "with machine": "с машинным переводом",
        "machine": "Машинный перевод",
        "edited": "Машинный перевод, отредактирован",
        "edited on": "отредактирован",
        "translation of": "Машинный перевод: {}",
        "language": "новости на русском языке",
        "about": "Новости источников, собранные в одну ленту; каждая запись называет свой источник и ссылается на него.",
        "feeds": "Ленты",
        "newsletters": "Рассылки и дайджесты",
        "kinds": "По виду источника",
        "sources": "По источникам",
        "topics": "По темам",
        "empty": "Записей пока нет.",
        "takedown": "Правообладателям",
        "reasons": "Почему это одна новость",
        "back": "Все ленты",
        "edited title": "Заголовок изменён составителями ленты.",
        "edited summary": "Краткое изложение написано составителями ленты.",
        "gone": "Страница источника недоступна с {}",
        "missing": "Такой страницы нет. Здесь только ленты новостей и то, что к ним относится.",
    },
    "en": {
        "name": "In English",
        "read": "Read on the source's site",
        "source": "Source",
        "retrieved": "Retrieved on",
        "attachments": "Documents",
        "undated": "The page states no date of publication.",
        "prose": "Dated from the text.",
        "also": "Same text",
        "licence": "Licence",
        "untitled": "Untitled",
        "all": "all news",
        "newsletter": "newsletter",
        "older": "Earlier entries",
        "digest": "digest",
        "digests": "digests",
        "entries": "Entries",
        "more": "More news",
        "other": "Other news",
        "online": "Read in a browser",
        "unsubscribe": "Unsubscribe",
        "with machine": "with machine translation",
        "machine": "Machine translation",
        "edited": "Machine translation, edited",
        "edited on": "edited on",
        "translation of": "Machine translation of {}",
        "language": "news in English",
        "about": "News of many sources in one feed; each entry names its source and links to it.",
        "feeds": "Feeds",
        "newsletters": "Newsletters and digests",
        "kinds": "By kind of source",
        "sources": "By source",
        "topics": "By topic",
        "empty": "No entries yet.",
        "takedown": "For rights holders",
        "reasons": "Why this is one story",
        "back": "All feeds",
        "edited title": "Title reworded by the editors of this feed.",
        "edited summary": "Summary written by the editors of this feed.",
        "gone": "The source's page has not been available since {}",
        "missing": "There is no such page. Only news feeds and what belongs to them are here.",
    },
}
# The kinds of source that sources.yaml commonly names; any other word stands for itself.
_KINDS: Mapping[str, Mapping[str, str]] = {
    "agency": {"ru": "информационные агентства", "en": "news agencies"},
    "bureau": {"ru": "конгрессные бюро", "en": "convention bureaus"},
    "cluster": {"ru": "кластеры", "en": "clusters"},
    "committee": {"ru": "комитеты", "en": "committees"},
    "forum": {"ru": "форумы", "en": "forums"},
    "government": {"ru": "органы власти", "en": "public authorities"},
    "member": {"ru": "участники кластеров", "en": "members of clusters"},
    "observatory": {"ru": "обозрения", "en": "observatories"},
    "park": {"ru": "технопарки и особые зоны", "en": "science parks and special zones"},
    "portal": {"ru": "порталы", "en": "portals"},
    "press": {"ru": "пресса", "en": "press"},
    "research": {"ru": "исследовательские центры", "en": "research centres"},
    "technopark": {"ru": "технопарки", "en": "technoparks"},
    "university": {"ru": "университеты", "en": "universities"},
    "venue": {"ru": "площадки", "en": "venues"},
}


def say(word: str, language: str) -> str:
    """Return a label in language. Raises KeyError for a label that does not exist."""
    return _WORDS.get(language, _WORDS["en"])[word]


def kind(word: str, language: str) -> str:
    """Return what a kind of source is called in language."""
    return _KINDS.get(word, {}).get(language, word)


def day(when: date, language: str) -> str:
    """Return a day as people write it: "5 мая 2026 г.", "5 May 2026"."""
    return grammar.day(when, language) + (" г." if language == "ru" else "")


def file_facts(file: Attachment, language: str) -> str:
    """Return what sort of file it is and how large, as people write it behind a link: " (PDF, 1.2 MB)"; "" for neither."""
    kind = next((ending.upper() for ending, media in DOCUMENT_TYPES.items() if media == file.type), "")
    facts = ", ".join(filter(None, (kind, _size(file.size, language) if file.size else "")))
    return f" ({facts})" if facts else ""


def _size(size: int, language: str) -> str:
    units = ("Б", "КБ", "МБ", "ГБ") if language == "ru" else ("B", "KB", "MB", "GB")
    power = min(3, (size.bit_length() - 1) // 10)
    figure = f"{size / 1024**power:.1f}".removesuffix(".0")
    return f"{figure.replace('.', ',') if language == 'ru' else figure} {units[power]}"


def name_of(names: Mapping[str, str], language: str, otherwise: str = "") -> str:
    """Return the name in language, or in whichever language there is one, or `otherwise`."""
    return names.get(language) or next((names[key] for key in sorted(names) if names[key]), otherwise)
