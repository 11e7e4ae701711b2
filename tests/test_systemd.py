"""Word to the service manager, over a real datagram socket."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import closing, suppress

import pytest

from pipeline import systemd


@pytest.fixture
def manager(tmp_path):
    path = str(tmp_path / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as channel:
        channel.bind(path)
        channel.settimeout(5)
        yield path, lambda: channel.recv(4096).decode(), channel


def test_states_arrive(manager):
    path, heard, _ = manager
    assert systemd.notify("READY=1", {"NOTIFY_SOCKET": path})
    assert heard() == "READY=1"
    assert systemd.reloading({"NOTIFY_SOCKET": path})
    first, second = heard().split("\n")
    assert first == "RELOADING=1"
    assert int(second.removeprefix("MONOTONIC_USEC=")) > 0


def test_an_abstract_address_is_meant_by_an_at_sign():
    name = f"nevawire-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as channel:
        channel.bind("\0" + name)
        channel.settimeout(5)
        assert systemd.notify("STOPPING=1", {"NOTIFY_SOCKET": "@" + name})
        assert channel.recv(100) == b"STOPPING=1"


@pytest.mark.parametrize("address", [{}, {"NOTIFY_SOCKET": "vsock:2:1"}, {"NOTIFY_SOCKET": "/nowhere/at/all"}])
def test_without_a_manager_nothing_happens(address):
    assert not systemd.notify("READY=1", address)


def test_the_watchdog_is_meant_for_the_process_it_names():
    assert systemd.watchdog({"WATCHDOG_USEC": "30000000"}) == 30
    assert systemd.watchdog({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}) == 30
    assert systemd.watchdog({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}) is None
    assert systemd.watchdog({}) is None
    assert systemd.watchdog({"WATCHDOG_USEC": "soon"}) is None


def test_a_busy_loop_is_alive_and_a_hung_one_is_not(manager):
    path, heard, channel = manager
    environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"}
    keep_busy = time.sleep  # as publishing does

    async def work():
        async with systemd.alive(environment, hung=0.3):
            keep_busy(0.25)
            assert heard() == "WATCHDOG=1"
            keep_busy(0.5)
            channel.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    channel.recv(100)
            keep_busy(0.3)
            with pytest.raises(BlockingIOError):
                channel.recv(100)

    asyncio.run(work())
