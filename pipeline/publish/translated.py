"""What feeds say of text that no publisher wrote: who translated it, when, and whom the model's licence wants named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.model import FeedEntry, Text, Translated
from pipeline.publish import words

#: What engines are called where people read; the first is asked by its own terms to be named.
_NAMES = {
    "google": "Google Translate", "yandex": "Yandex Translate", "deepl": "DeepL", "libretranslate": "LibreTranslate",
    "argos": "Argos Translate", "ctranslate2": "OPUS-MT",
}  # fmt: skip
#: Stands among the engines where the memory had a person's wording.
_PERSON = "person"


def how(texts: Sequence[Text]) -> Translated | None:
    """Return how the machine's text among these came to be; None where publishers wrote all of them."""
    return next((text.translated for text in texts if text.origin != "publisher"), None)


def engines(made: Translated) -> list[str]:
    """Return the engines that had a part in a text."""
    return [one for one in made.engine.split("+") if one and one != _PERSON]


def line(text: Text) -> str:
    """Return the sentence that says who translated a text and when; "" where a publisher wrote it."""
    made = text.translated
    if text.origin == "publisher" or made is None:
        return ""
    named = ", ".join(_NAMES.get(one, one) for one in engines(made))
    facts = [" ".join(filter(None, (named, made.model, made.version))), words.day(made.at.date(), text.language)]
    if made.edited:
        facts.append(f"{words.say('edited on', text.language)} {words.day(made.edited.date(), text.language)}")
    return f"{words.say('machine', text.language)}: {', '.join(filter(None, facts)).rstrip('.')}."


def credit(entries: Iterable[FeedEntry], language: str) -> str:
    """Return what the licences of the models behind these entries ask to be said; "" where none asks, or none was used."""
    parts = {one for entry in entries if entry.translation for one in entry.translation.credit.split("; ") if one}
    return f"{words.say('machine', language)}: {'; '.join(sorted(parts))}" if parts else ""
