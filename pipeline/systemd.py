"""Word to the service manager that started us, if one did: sd_notify(3) over its datagram socket."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

#: A loop that did not come round for so long hangs; pairing and publishing a large store take minutes.
HUNG = 600.0


def notify(state: str, environment: Mapping[str, str]) -> bool:
    """Send a state such as READY=1; return whether there was anybody to send it to. Never raises."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.settimeout(1)  # a manager that does not read must not hold us up
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall(state.encode())
        return True
    return False


def reloading(environment: Mapping[str, str]) -> bool:
    """Say that a reload begins; READY=1 ends it."""
    return notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}", environment)


def watchdog(environment: Mapping[str, str]) -> float | None:
    """Return within how many seconds the manager wants a sign of life; None where it wants none of this process."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    within = environment.get("WATCHDOG_USEC", "")
    return int(within) / 1e6 if within.isdigit() and int(within) else None


@asynccontextmanager
async def alive(environment: Mapping[str, str], hung: float = HUNG) -> AsyncIterator[None]:
    """Give the watchdog its signs of life, from a thread, for as long as the loop comes round now and then."""
    within = watchdog(environment)
    if within is None:
        yield
        return
    end, seen = threading.Event(), [time.monotonic()]

    async def come_round() -> None:
        while True:
            seen[0] = time.monotonic()
            await asyncio.sleep(within / 4)

    def ping() -> None:
        while not end.wait(within / 4):
            if time.monotonic() - seen[0] < hung:
                notify("WATCHDOG=1", environment)

    thread = threading.Thread(target=ping, name="watchdog", daemon=True)
    task = asyncio.create_task(come_round())
    thread.start()
    try:
        yield
    finally:
        end.set()
        task.cancel()
        await asyncio.to_thread(thread.join)
