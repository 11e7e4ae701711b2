"""What is sent: one message about all changes of a pass, for people as text, for programs as JSON. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline import alarm, grammar
from pipeline.model import Config
from pipeline.record import dataclass
from pipeline.store import Change

_SUBJECTS = {
    "ru": {
        "open": "поднята {} тревога|подняты {} тревоги|поднято {} тревог",
        "closed": "снята {} тревога|сняты {} тревоги|снято {} тревог",
    },
    "en": {"open": "{} alarm raised|{} alarms raised", "closed": "{} alarm over|{} alarms over"},
}
_HEADS = {"ru": {"open": "Поднято:", "closed": "Снято:"}, "en": {"open": "Raised:", "closed": "Over:"}}
_FOOT = {"ru": "Всё, что открыто сейчас: nevawire status", "en": "All that is open now: nevawire status"}
_TEST = {
    "ru": ("Nevawire: проба", "Это пробное сообщение: уведомления доходят."),
    "en": ("Nevawire: test", "This is a test message: notices arrive."),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message, ready for every channel."""

    key: str  #: the same for the same changes, so that whoever gets it twice can tell
    subject: str
    text: str
    body: bytes  #: the same as JSON


def of_changes(changes: Sequence[Change], config: Config) -> Message:
    """Return the message about changes, at least one, in the language the operator chose."""
    language = config.notify.language
    lines = {change.key: _line(change, config, language) for change in changes}
    groups = {state: [one for one in changes if one.state == state] for state in ("open", "closed")}
    parts = [
        grammar.plural(len(group), _SUBJECTS[language][state], language).format(len(group))
        for state, group in groups.items()
        if group
    ]
    paragraphs = [
        "\n".join([_HEADS[language][state], *(f"  {lines[change.key]}" for change in group)])
        for state, group in groups.items()
        if group
    ]
    key = hashlib.sha256("\n".join(sorted(change.key for change in changes)).encode()).hexdigest()[:32]
    values = [_values(change, lines[change.key]) for change in changes]
    subject = f"Nevawire: {', '.join(parts)}"
    return Message(
        key, subject, "\n\n".join([*paragraphs, _FOOT[language]]) + "\n", _json("alarms", key, subject, values)
    )


def of_test(language: str, now: datetime) -> Message:
    """Return the message that `notify test` sends."""
    subject, text = _TEST[language]
    key = f"test-{now:%Y%m%dT%H%M%S%fZ}"
    return Message(key, subject, text + "\n", _json("test", key, text, []))


def _line(change: Change, config: Config, language: str) -> str:
    source = next((one for one in config.sources if one.id == change.alarm.source), None)
    name = change.alarm.source
    if source is not None:
        name = source.name.get(language) or next(iter(source.name.values()))
        name = f"{name} ({source.id})"
    zone = source.timezone if source else "Europe/Moscow"
    return alarm.told(change.alarm, name, language, zone, over=change.state == "closed")


def _values(change: Change, line: str) -> dict[str, object]:
    told = change.alarm
    return {
        "key": change.key, "state": change.state, "source": told.source, "kind": told.kind,
        "since": told.since.isoformat(), "closed": told.closed.isoformat() if told.closed else None,
        "facts": told.facts, "text": line,
    }  # fmt: skip


def _json(kind: str, key: str, text: str, changes: Sequence[Mapping[str, object]]) -> bytes:
    values = {"type": kind, "key": key, "text": text, "changes": list(changes)}
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
