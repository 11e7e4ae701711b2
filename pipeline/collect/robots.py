"""May we? A robots.txt, as RFC 9309 reads it; pure.

Protego does the reading. Said here: what an answer other than a file means (§2.3.1), how long
one is believed (§2.4), and how much patience a file may ask for. Fetching is not here.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from protego import Protego

from pipeline.record import dataclass

#: The product token robots.txt files address us by.
AGENT = "Nevawire"
MAX_AGE = timedelta(hours=24)
#: Where none could be had, it is asked for again after so long; until then nothing is fetched.
RETRY = timedelta(minutes=10)
#: A crawl-delay is honoured up to here; a file that asks for hours would stop a pass for everyone.
MAX_DELAY = timedelta(seconds=60)
#: RFC 9309 §2.5: at least 500 kibibytes are read; what follows is not.
MAX_BYTES = 500 * 1024

# A line that says whom a group is for: RFC 9309 §2.2.1 takes the product token at its start and
# compares whole tokens. Protego would read "Neva" and "Nevawire/2.0" as parts of names.
_ADDRESSEE = re.compile(r"^[ \t]*user[- ]?agent[ \t]*:[ \t]*(\*|[A-Za-z_-]+)?[^\r\n]*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What an origin answered when asked for its robots.txt."""

    text: str
    status: int  #: HTTP status; 0 where no answer came
    fetched_at: datetime

    def fresh(self, now: datetime) -> bool:
        """Whether it may be believed without asking again."""
        return self.conclusive and timedelta(0) <= now - self.fetched_at < MAX_AGE

    @property
    def conclusive(self) -> bool:
        """Whether the origin said anything: a file, or that it has none."""
        return 200 <= self.status < 300 or (400 <= self.status < 500 and self.status != 429)


class Robots:
    """The rules of one origin, for us."""

    def __init__(self, file: RobotsFile) -> None:
        self.file = file
        text = file.text if 200 <= file.status < 300 else ""
        self._rules = Protego.parse(_ADDRESSEE.sub(_addressed, text))

    def refusal(self, url: str) -> str:
        """Return why url may not be fetched, or "" where it may."""
        if not self.file.conclusive:
            # §2.3.1.4; 429 is a 4xx, but one that says the server has had enough of us.
            answer = f"answered {self.file.status}" if self.file.status else "could not be fetched"
            return f"robots.txt {answer}, so nothing may be fetched for now"
        return "" if self._rules.can_fetch(url, AGENT) else f"robots.txt forbids this address to {AGENT}"

    @property
    def delay(self) -> timedelta:
        """The pause the file asks for between two requests, at most MAX_DELAY."""
        seconds = self._rules.crawl_delay(AGENT) or 0.0
        rate = self._rules.request_rate(AGENT)
        if rate:
            seconds = max(seconds, rate.seconds / rate.requests)
        return timedelta(seconds=min(seconds, MAX_DELAY.total_seconds()))


def _addressed(line: re.Match[str]) -> str:
    product = line[1] or ""
    ours = product.lower() in ("*", AGENT.lower())
    return f"User-agent: {product}" if ours else "User-agent: another-robot"


def decode(body: bytes) -> str:
    """Return a robots.txt body as text: UTF-8 (§2.3), a byte order mark taken off, no line cut in two by the cap."""
    if len(body) >= MAX_BYTES:  # half a line may forbid, or allow, what the whole one does not
        body = body[: max(body.rfind(b"\n", 0, MAX_BYTES), body.rfind(b"\r", 0, MAX_BYTES)) + 1]
    return body.decode("utf-8-sig", errors="replace")
