"""One POST to an address of the operator's, held to the same guard as every page that is fetched.

No redirect is followed and no answer is read: all that counts is whether it was taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

import httpx

from pipeline.collect.guard import Guard
from pipeline.collect.transport import GuardedBackend, GuardedTransport, Resolver, resolve
from pipeline.errors import FetchError


async def post(
    url: str, body: bytes, headers: Mapping[str, str], *, guard: Guard, seconds: float = 10.0,
    resolver: Resolver = resolve,
) -> int:  # fmt: skip
    """Return the status that posting body to url was answered with.

    Raises FetchError where no answer came within `seconds`, or the address may not be connected to.
    """
    backend = GuardedBackend(guard, resolver)
    transport = GuardedTransport(backend, partial(httpx.create_ssl_context, trust_env=False))
    client = httpx.AsyncClient(transport=transport, trust_env=False, timeout=None)  # noqa: S113 - the wall clock below
    try:
        async with asyncio.timeout(seconds), client:
            request = client.build_request("POST", url, content=body, headers={**headers, "Connection": "close"})
            response = await client.send(request, stream=True)
            await response.aclose()
            return response.status_code
    except TimeoutError as error:
        raise FetchError("timeout", url, f"no answer within {seconds:g} s") from error
    except httpx.InvalidURL as error:
        raise FetchError("protocol", url, f"not an address that can be asked: {error}") from error
