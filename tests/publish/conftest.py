"""Fixtures of the publish stage's tests."""

from __future__ import annotations

import os

import pytest

from pipeline import publish
from tests.publish import newsroom


@pytest.fixture(scope="session")
def edition() -> publish.Edition:
    """The newsroom's feeds as they are published at NOW."""
    return publish.publish(newsroom.stories(), newsroom.config(), newsroom.NOW)


@pytest.fixture(scope="session")
def empty() -> publish.Edition:
    """The feeds before anything was found."""
    return publish.publish([], newsroom.config(), newsroom.NOW)


@pytest.fixture(autouse=True)
def _no_waiting_for_disks(request, monkeypatch):
    """What survives a power cut is test_write's subject; the others need not wait for it."""
    if request.module.__name__ != "tests.publish.test_write":
        monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
