"""A message as a signed POST, the way Standard Webhooks writes it, so that receivers find libraries.

webhook-id names the message and stays the same when it is sent again; webhook-timestamp
is when it was sent; webhook-signature is "v1," and the base64 of the HMAC-SHA256 of
"<id>.<timestamp>.<body>".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from pipeline import collect
from pipeline.errors import FetchError
from pipeline.model import Webhook
from pipeline.notify.message import Message

_PREFIX = "whsec_"


async def send(message: Message, webhook: Webhook, keys: Mapping[str, str], guard: collect.Guard, now: datetime) -> str:
    """Post a message; return why it failed, "" where it was taken (any 2xx).

    keys: the environment, in which the secret is looked up.
    """
    secret = keys.get(webhook.secret_env, "")
    if not secret:
        return f"the environment variable {webhook.secret_env} is not set, and nothing is sent unsigned"
    try:
        headers = signed(message, secret, now)
        status = await collect.post(webhook.url, message.body, headers, guard=guard)
    except ValueError as error:
        return f"{webhook.secret_env}: {error}"
    except FetchError as error:
        return str(error)
    return "" if 200 <= status < 300 else f"{webhook.url} answered with status {status}"


def signed(message: Message, secret: str, now: datetime) -> dict[str, str]:
    """Return the headers of a message; raises ValueError where the secret cannot be read."""
    stamp = str(int(now.timestamp()))
    signature = hmac.new(key(secret), f"{message.key}.{stamp}.".encode() + message.body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "Nevawire",
        "webhook-id": message.key, "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }  # fmt: skip


def key(secret: str) -> bytes:
    """Return the bytes to sign with: base64 after "whsec_", any other text as it stands."""
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"what follows {_PREFIX} should be base64") from error
