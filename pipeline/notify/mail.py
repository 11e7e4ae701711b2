"""A message as mail, handed to the operator's own server. That host is theirs to choose: no guard stands before it."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipeline.model import Smtp
from pipeline.notify.message import Message

#: Seconds that the server may stay quiet at any one step.
PATIENCE = 15.0
_TLS_AT_ONCE = 465


async def send(message: Message, smtp: Smtp, keys: Mapping[str, str], now: datetime) -> str:
    """Hand a message to the mail server; return why it failed, "" where it was taken.

    keys: the environment, in which user and password are looked up.
    """
    missing = [name for name in (smtp.user_env, smtp.password_env) if name and not keys.get(name)]
    if missing:
        return f"the environment variable {missing[0]} is not set"
    login = (keys[smtp.user_env], keys[smtp.password_env]) if smtp.user_env else None
    try:
        await asyncio.to_thread(_deliver, mail(message, smtp, now), smtp, login)
    except smtplib.SMTPNotSupportedError as error:
        return f"{smtp.host}:{smtp.port}: {error}; a server without TLS needs `starttls: false`"
    except UnicodeError:
        return f"{smtp.user_env} and {smtp.password_env}: only ASCII letters can be used to log in by mail"
    except (smtplib.SMTPException, OSError) as error:
        return f"{smtp.host}:{smtp.port}: {_said(error)}"
    return ""


def mail(message: Message, smtp: Smtp, now: datetime) -> EmailMessage:
    """Return the message as mail; its Message-ID is the message's key, so a second copy can be told."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = smtp.sender
    letter["To"] = ", ".join(smtp.to)
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{message.key}@{smtp.sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    return letter


def _deliver(letter: EmailMessage, smtp: Smtp, login: tuple[str, str] | None) -> None:
    context = ssl.create_default_context()
    if smtp.port == _TLS_AT_ONCE:
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE)
    with server:
        if smtp.starttls and smtp.port != _TLS_AT_ONCE:
            server.starttls(context=context)
        if login:
            server.login(*login)
        server.send_message(letter)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        return f"{error.smtp_code} {words}"[:200]
    return (str(error) or type(error).__name__)[:200]
