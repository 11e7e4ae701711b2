"""The sample sites, served on any free ports."""

from __future__ import annotations

import httpx
import pytest

from demo.server import DemoSites


@pytest.fixture(scope="module")
def served():
    """Sites that the tests of a module only read."""
    with DemoSites(port=0) as sites:
        yield sites


@pytest.fixture
def sites():
    """Sites of the test's own, to be changed and broken."""
    with DemoSites(port=0) as own:
        yield own


@pytest.fixture(scope="module")
def client():
    with httpx.Client(trust_env=False, timeout=5) as made:
        yield made
