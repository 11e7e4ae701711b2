"""A folder of feeds as the writer leaves it."""

from __future__ import annotations

import pytest

from pipeline import publish
from tests.publish import newsroom


@pytest.fixture(scope="session")
def folder(tmp_path_factory, edition_documents):
    """The newsroom's feeds on a disk, with files beside them that are nobody's business."""
    made = tmp_path_factory.mktemp("site") / "feeds"
    written = publish.write(made, edition_documents)
    assert not written.refused
    (made / "README.md").write_text("# feeds/")
    (made / ".all.rss.tmp").write_text("half")
    (made / ".secret.rss").write_text("x")
    (made / "notes.bin").write_bytes(b"x")
    (made.parent / "secret.rss").write_text("outside")
    return made


@pytest.fixture(scope="session")
def edition_documents():
    made = publish.publish(newsroom.stories(), newsroom.config(), newsroom.NOW)
    campaign = b'{"name":"n","subject":"s","body":"b","altbody":"a"}'
    beside = {
        "digest/ru-2026-05-20.campaign.json": campaign,
        "digest/ru-2026-05-20.txt": "Дайджест".encode(),
        "digest/ru-2026-05-20.md": "# Дайджест".encode(),
        "data/2026-05-20.jsonl": '{"id":"urn:1","title":"Порт"}\n'.encode(),
        "archive/all-0001.atom": made.documents["all.atom"],
    }
    return {**made.documents, **beside}
