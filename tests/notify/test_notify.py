"""Being told: once for each change and channel, whatever fails; signed, guarded, in plain words."""

from __future__ import annotations

import asyncio
import base64
import email
import email.policy
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from pipeline.notify import PATIENCE, message, webhook
from tests.notify.conftest import KEYS, NOW, config, notifier

SILENT = {"last": "2026-11-08T06:00:00+00:00", "normal_hours": 72}
LATER = NOW + PATIENCE


def events(store):
    with store._engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT kind, detail FROM events ORDER BY id"))]


def tell(one, store, now=NOW):
    asyncio.run(one.tell(store, now))


def letter(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def test_a_change_is_told_once_by_every_channel(store, hook, mail):
    one = notifier(config(hook=hook, mail=mail))
    store.alarms.settle("bureau", {"silence": SILENT}, NOW)
    for minutes in (0, 30, 60):
        tell(one, store, NOW + timedelta(minutes=minutes))
    assert len(hook.taken) == len(mail.letters) == 1
    store.alarms.settle("bureau", {"silence": None}, LATER)
    for minutes in (0, 30):
        tell(notifier(config(hook=hook, mail=mail)), store, LATER + timedelta(minutes=minutes))
    assert len(hook.taken) == len(mail.letters) == 2
    told = [json.loads(body) for _, body in hook.taken]
    assert [[change["state"] for change in one["changes"]] for one in told] == [["open"], ["closed"]]
    assert events(store) == []


def test_what_a_letter_says(store, mail):
    store.alarms.settle("bureau", {"silence": SILENT, "shrink": {"listings": []}}, NOW)
    store.alarms.settle("bureau", {"shrink": None}, NOW)
    store.alarms.settle("", {"publish": {"refused": {"all.rss": "it is empty"}}}, NOW)
    tell(notifier(config(mail=mail)), store)
    ((sender, recipients, data),) = mail.letters
    assert (sender, recipients) == ("desk@site.test", ["one@site.test", "two@site.test"])
    found = letter(data)
    assert found["Subject"] == "Nevawire: подняты 3 тревоги, снята 1 тревога"
    assert found["From"] == "desk@site.test"
    assert found["Message-ID"].endswith("@site.test>")
    assert found.get_content().splitlines() == [
        "Поднято:",
        "  Список укоротился: Бюро (bureau) — ",
        "  Тишина: Бюро (bureau) — ничего нового с 8 ноября 2026 года, 09:00; обычно перерыв не больше 3 дней",
        "  Лента не обновлена — all.rss: it is empty",
        "",
        "Снято:",
        "  Список укоротился: Бюро (bureau) — список снова полон",
        "",
        "Всё, что открыто сейчас: nevawire status",
    ]


@pytest.mark.parametrize(
    ("language", "count", "subject"),
    [
        ("ru", 1, "Nevawire: поднята 1 тревога"), ("ru", 2, "Nevawire: подняты 2 тревоги"),
        ("ru", 5, "Nevawire: поднято 5 тревог"), ("en", 1, "Nevawire: 1 alarm raised"),
        ("en", 2, "Nevawire: 2 alarms raised"),
    ],
)  # fmt: skip
def test_subjects_have_the_right_forms(store, language, count, subject):
    for number in range(count):
        store.alarms.settle(f"s{number}", {"silence": SILENT}, NOW)
    found = message.of_changes(store.alarms.untold("smtp", NOW), config(language=language))
    assert found.subject == subject
    assert ("Тишина" in found.text) == (language == "ru")


def test_a_webhook_is_signed_as_standard_webhooks_are(store, hook):
    store.alarms.settle("bureau", {"silence": SILENT}, NOW)
    tell(notifier(config(hook=hook)), store)
    ((headers, body),) = hook.taken
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"secret", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"].startswith("application/json")
    told = json.loads(body)
    assert told["key"] == headers["webhook-id"]
    assert told["changes"][0]["facts"] == SILENT
    assert "Тишина: Бюро" in told["changes"][0]["text"]


def test_the_signature_changes_with_every_part():
    one = message.of_test("en", NOW)
    variants = {
        webhook.signed(each, secret, now)["webhook-signature"]
        for each in (one, message.of_test("ru", NOW))
        for secret in ("plain", "other")
        for now in (NOW, LATER)
    }
    assert len(variants) == 8


def test_a_channel_that_fails_is_told_again_and_harms_nothing(store, hook, mail):
    one = notifier(config(hook=hook, mail=mail))
    hook.status = 500
    store.alarms.settle("bureau", {"silence": SILENT}, NOW)
    tell(one, store)
    assert len(mail.letters) == 1
    assert [(kind, "500" in detail) for kind, detail in events(store)] == [("not-told", True)]
    tell(one, store, NOW + timedelta(minutes=1))
    assert len(hook.taken) == 1, "it is left alone for a while"
    hook.status = 200
    tell(one, store, LATER)
    tell(one, store, LATER + PATIENCE)
    assert [headers["webhook-id"] for headers, _ in hook.taken] == [hook.taken[0][0]["webhook-id"]] * 2
    assert len(mail.letters) == 1


def test_a_crash_before_it_is_written_down_tells_again_under_the_same_key(store, hook, mail, monkeypatch):
    store.alarms.settle("bureau", {"silence": SILENT}, NOW)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(store.alarms), "mark_told", killed)
        with pytest.raises(KeyboardInterrupt):
            tell(notifier(config(hook=hook)), store)
        with pytest.raises(KeyboardInterrupt):
            tell(notifier(config(mail=mail)), store)
    tell(notifier(config(hook=hook, mail=mail)), store, LATER)
    assert len({headers["webhook-id"] for headers, _ in hook.taken}) == 1
    assert len({letter(data)["Message-ID"] for *_, data in mail.letters}) == 1
    assert (len(hook.taken), len(mail.letters)) == (2, 2)


def test_passes_that_end_together_tell_once(store, hook):
    one = notifier(config(hook=hook))
    store.alarms.settle("bureau", {"silence": SILENT}, NOW)

    async def together():
        await asyncio.gather(*(one.tell(store, NOW) for _ in range(5)))

    asyncio.run(together())
    assert len(hook.taken) == 1


def test_a_webhook_goes_nowhere_the_guard_does_not(store, hook):
    store.alarms.settle("bureau", {"silence": SILENT}, NOW)
    tell(notifier(config(hook=hook), "10.0.0.1:1"), store)
    assert hook.taken == []
    assert "blocked-address" in events(store)[0][1]


def test_redirects_are_not_followed(store, hook):
    hook.status = 302
    store.alarms.settle("bureau", {"silence": SILENT}, NOW)
    tell(notifier(config(hook=hook)), store)
    assert len(hook.taken) == 1
    assert "status 302" in events(store)[0][1]


@pytest.mark.parametrize(
    ("keys", "why"),
    [({}, "HOOK_SECRET is not set"), ({"HOOK_SECRET": "whsec_not base64"}, "should be base64")],
)
def test_nothing_is_sent_unsigned(store, hook, keys, why):
    store.alarms.settle("bureau", {"silence": SILENT}, NOW)
    tell(notifier(config(hook=hook), keys=keys), store)
    assert hook.taken == []
    assert why in events(store)[0][1]


def test_mail_logs_in_where_it_should(mail):
    declared = config(mail=mail, user_env="MAIL_USER", password_env="MAIL_PASSWORD")
    assert asyncio.run(notifier(declared).test(NOW)) == {"smtp": ""}
    given = next(line.split()[-1] for line in mail.said if line.startswith("AUTH"))
    assert base64.b64decode(given).decode() == f"\0desk\0{KEYS['MAIL_PASSWORD']}"
    went = asyncio.run(notifier(declared, keys={}).test(NOW))
    assert "MAIL_USER is not set" in went["smtp"]
    went = asyncio.run(notifier(declared, keys=KEYS | {"MAIL_PASSWORD": "пароль"}).test(NOW))
    assert "only ASCII" in went["smtp"]


def test_no_letter_and_no_password_goes_to_a_server_without_tls(mail):
    declared = config(mail=mail, starttls=True, user_env="MAIL_USER", password_env="MAIL_PASSWORD")
    went = asyncio.run(notifier(declared).test(NOW))
    assert "starttls: false" in went["smtp"]
    assert mail.letters == []
    assert not [line for line in mail.said if line.startswith("AUTH")]


def test_what_the_mail_server_says_is_passed_on(mail):
    mail.refuse = "550 no such sender"
    assert "550 no such sender" in asyncio.run(notifier(config(mail=mail)).test(NOW))["smtp"]


def test_a_mail_server_that_is_not_there(mail):
    declared = config(mail=mail)
    mail.shutdown()
    mail.server_close()
    assert asyncio.run(notifier(declared).test(NOW))["smtp"].startswith("127.0.0.1:")
