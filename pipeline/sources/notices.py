"""The section `notify` of sources.yaml: who is told of alarms. Keys and passwords never stand in the file."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipeline.sources import addresses
from pipeline.sources.keys import Address, Keys, form, key
from pipeline.sources.wording import show

_VARIABLE = "[A-Z_][A-Z0-9_]{0,99}"


def variable(value: str) -> str:
    """Return value if it can name an environment variable."""
    if not re.fullmatch(_VARIABLE, value):
        raise ValueError(
            # What stands there may be the secret itself: it is not repeated.
            "should be the name of an environment variable that holds the secret, in capitals, for example "
            "NEVAWIRE_SMTP_PASSWORD; the secret itself does not belong in this file"
        )
    return value


def mailbox(value: str) -> str:
    """Return value if it is a mail address."""
    wrong = f"{show(value)} is no mail address; write for example news@site.ru"
    if not value or value.lower().startswith(("http://", "https://")):
        raise ValueError(wrong)
    try:
        return addresses.contact(value)
    except ValueError:
        raise ValueError(wrong) from None


def host(value: str) -> str:
    """Return value if it can be a host's name or address."""
    bare = f"[{value}]" if ":" in value else value
    try:
        addresses.web_address(f"http://{bare}/")
    except ValueError:
        raise ValueError(
            f"{show(value)} is no host name; write for example smtp.site.ru, and the port as port"
        ) from None
    return value.lower()


Variable = Annotated[str, AfterValidator(variable), form(_VARIABLE)]
Mailbox = Annotated[str, AfterValidator(mailbox)]
Host = Annotated[str, AfterValidator(host)]


class Webhook(Keys):
    """An address that is sent JSON by POST, signed with HMAC-SHA256 (headers webhook-id, -timestamp, -signature)."""

    url: Address = key("Address", "Where to post to.", "https://site.ru/hook", needed=True)
    secret_env: Variable = key(
        "Secret", "Environment variable with the secret that messages are signed with.", "NEVAWIRE_WEBHOOK_SECRET",
        needed=True,
    )  # fmt: skip


class Smtp(Keys):
    """A mail server that takes messages."""

    host: Host = key("Host", "Name of the mail server.", "smtp.site.ru", needed=True)
    port: int = key("Port", "Its port; 465 begins with TLS at once. Default: 587.", 587, ge=1, le=65535)
    sender: Mailbox = Field(
        ..., alias="from", title="From", description="Sender of the messages.", examples=["news@site.ru"]
    )
    to: Annotated[list[Mailbox], Field(min_length=1)] = key(
        "To", "Who gets them.", ["desk@site.ru"], needed=True
    )  # fmt: skip
    user_env: Variable = key("User", "Environment variable with the user's name.", "NEVAWIRE_SMTP_USER")
    password_env: Variable = key(
        "Password", "Environment variable with the password.", "NEVAWIRE_SMTP_PASSWORD"
    )  # fmt: skip
    starttls: bool = key(
        "STARTTLS", "Whether the connection must turn to TLS before anything is said. Default: true.", True
    )

    @model_validator(mode="after")
    def _nothing_in_the_open(self) -> Self:
        given = self.model_fields_set
        if ("user_env" in given) != ("password_env" in given):
            raise ValueError("user_env and password_env go together; write both or neither")
        open_ = self.starttls is False and self.port != 465
        if open_ and "password_env" in given and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("would send the password in the open; leave starttls out, or write true")
        return self


class Notify(Keys):
    """Who is told of alarms, once when they begin and once when they are over."""

    language: Literal["ru", "en"] = key("Language", "Language of the messages. Default: en.", "ru")
    webhook: Webhook = key(
        "Webhook", "An address to post to.", {"url": "https://site.ru/hook", "secret_env": "NEVAWIRE_WEBHOOK_SECRET"}
    )
    smtp: Smtp = key(
        "Mail", "A mail server to send by.", {"host": "smtp.site.ru", "from": "news@site.ru", "to": ["desk@site.ru"]}
    )
