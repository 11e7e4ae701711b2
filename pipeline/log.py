"""What the program says of its work: for people on a terminal, as JSON lines otherwise, never a secret.

Every line carries a run id: that of its pass, or the one of the process. The lines of packages (APScheduler, Alembic,
uvicorn) go the same way.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import IO, Any

from pipeline import frugal

# Its tracebacks are not how ours are told, and lines of other sorts of threads than Python's there are none.
with frugal.without("rich", "greenlet"):
    import structlog

_NAME = "nevawire"
_HIDDEN = "***"
#: Environment variables whose values must stand in no line.
_SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|_KEY\b|API_?KEY|DSN|CREDENTIAL", re.IGNORECASE)
_PATTERNS = (
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),  # user and password of an address
    re.compile(r"(?i)(?<=bearer )[\w.~+/=-]+|(?<=basic )[\w+/=-]{8,}"),
    re.compile(r"(?i)(?<=[?&;]|\s)((?:access_|api_?)?(?:token|key|secret|password|sig(?:nature)?)=)[^&\s\"']+"),
)
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
]  # fmt: skip
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(), cache_logger_on_first_use=False,
)  # fmt: skip
logging.getLogger(_NAME).addHandler(logging.NullHandler())  # silent until `configure`: `run` shows its own progress


def configure(stream: IO[str], environment: Mapping[str, str], *, level: int = logging.INFO) -> None:
    """Send every line of this process to stream from now on."""
    secrets = sorted(
        (value for name, value in environment.items() if _SECRET.search(name) and len(value) >= 6), key=len
    )

    process = uuid.uuid4().hex[:12]

    def mark(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("run", process)
        return event

    def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: masked(value, secrets[::-1]) for key, value in event.items()}

    human = stream.isatty()
    rendering: Any = structlog.dev.ConsoleRenderer() if human else structlog.processors.JSONRenderer(ensure_ascii=False)
    chain = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mark,
        mask,
        rendering,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=chain))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_NAME).setLevel(level)


def masked(value: Any, secrets: list[str]) -> Any:
    """Return a value without secrets: known ones, credentials in addresses, tokens."""
    if isinstance(value, dict):
        return {key: masked(part, secrets) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(part, secrets) for part in value]
    if not isinstance(value, str):
        return value
    for secret in secrets:
        value = value.replace(secret, _HIDDEN)
    for pattern in _PATTERNS:
        value = pattern.sub(lambda found: (found[1] if found.re.groups else "") + _HIDDEN, value)
    return value


def say(event: str, **facts: Any) -> None:
    """Say that something happened, as it should."""
    structlog.stdlib.get_logger(_NAME).info(event, **facts)


def warn(event: str, **facts: Any) -> None:
    """Say that something is not as it should be."""
    structlog.stdlib.get_logger(_NAME).warning(event, **facts)


@contextmanager
def run(name: str) -> Iterator[None]:
    """Let every line in here, of the tasks begun in here too, carry the id of the run."""
    with structlog.contextvars.bound_contextvars(run=name):
        yield
