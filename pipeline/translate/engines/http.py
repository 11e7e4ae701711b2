"""Asking an engine over HTTP: one POST, its time-out, and again where it is only busy.

What a status means differs from service to service: each judges its own. A redirect is a
mistake, since keys travel along; a certificate is always checked.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

import httpx

from pipeline.record import dataclass
from pipeline.translate.engines.engine import EngineFailed

#: Waits before it is asked again, in seconds; a longer Retry-After is not waited for.
PAUSES = (1.0, 4.0)
PATIENCE = 30.0

#: (status, answer as JSON or None, text) → kind of failure; "" where all is well.
Judge = Callable[[int, Any, str], str]


@dataclass
class Caller:
    """A client of one service."""

    engine: str
    judge: Judge
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 60.0
    bills: bool = True
    sleep: Callable[[float], None] = time.sleep
    _client: httpx.Client | None = None

    def post(self, url: str, body: Mapping[str, Any]) -> Any:
        """Return the JSON of an answer; raises EngineFailed."""
        return self._asked("POST", url, json.dumps(body, ensure_ascii=False).encode())

    def get(self, url: str) -> Any:
        """Return the JSON found at an address; raises EngineFailed."""
        return self._asked("GET", url, b"")

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _asked(self, method: str, url: str, body: bytes) -> Any:
        for pause in (*PAUSES, None):
            try:
                return self._once(method, url, body)
            except _Again as again:
                if pause is None or again.wait > PATIENCE:
                    raise again.failure from None
                self.sleep(max(pause, again.wait))
        raise AssertionError("the last pause is None")

    def _once(self, method: str, url: str, body: bytes) -> Any:
        try:
            answer = self._open().request(method, url, content=body or None, headers=dict(self.headers))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise _Again(self._failed("network", str(error) or "no connection")) from error
        except httpx.TimeoutException as error:
            raise self._dropped(f"no answer within {self.timeout:g} s") from error
        except httpx.HTTPError as error:
            raise self._dropped(str(error) or type(error).__name__) from error
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> Any:
        try:
            found = answer.json()
        except ValueError:
            found = None
        kind = self.judge(answer.status_code, found, answer.text[:500])
        if not kind and found is None:
            kind = "lost"
        if not kind:
            return found
        failure = self._failed(kind, f"status {answer.status_code}: {answer.text[:200].strip()}")
        if kind in ("overload", "network"):
            raise _Again(failure, _seconds(answer.headers.get("Retry-After", "")))
        raise failure

    def _dropped(self, detail: str) -> Exception:
        """Return what it means that an answer did not come: asked again only where that costs nothing."""
        failure = self._failed("lost", detail)
        return failure if self.bills else _Again(self._failed("network", detail))

    def _failed(self, kind: str, detail: str) -> EngineFailed:
        return EngineFailed(self.engine, kind, detail)

    def _open(self) -> httpx.Client:
        if self._client is None:
            limits = httpx.Timeout(self.timeout, connect=min(10.0, self.timeout))
            headers = {"User-Agent": "Nevawire", "Content-Type": "application/json", "Accept": "application/json"}
            self._client = httpx.Client(timeout=limits, headers=headers, follow_redirects=False, trust_env=False)
        return self._client


class _Again(Exception):
    """A failure that may be over in a moment."""

    def __init__(self, failure: EngineFailed, wait: float = 0.0) -> None:
        super().__init__(failure)
        self.failure = failure
        self.wait = wait


def texts_of(engine: str, found: Any, count: int) -> list[str]:
    """Return an answer's texts if they are as many as were asked; raises EngineFailed."""
    if not isinstance(found, list) or len(found) != count or not all(isinstance(one, str) for one in found):
        raise EngineFailed(engine, "lost", f"answered something else than {count} texts")
    return found


def busy(status: int) -> str:
    """Return what a status of 5xx means: the service did not do its work, or (504) nobody knows."""
    return "lost" if status == 504 else "overload"


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0
