"""A small newsroom for the tests: its sources and stories stand in data/publish/newsroom.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from pipeline.model import (
    Article,
    Attachment,
    Config,
    Image,
    Item,
    Language,
    Listing,
    Match,
    Published,
    Publisher,
    PublishRules,
    Rights,
    Source,
    Story,
    Text,
)  # fmt: skip

DATA = Path(__file__).resolve().parents[1] / "data" / "publish"
NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)


def cases(name: str) -> list[dict]:
    """Cases of a data file; none at all would be a test that cannot fail."""
    found = json.loads((DATA / name).read_text())
    assert found
    return found


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def urn(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def config(**rights: dict) -> Config:
    """The newsroom's configuration; rights by source id replace those of the file."""
    declared = json.loads((DATA / "newsroom.json").read_text())
    sources = tuple(
        Source(
            id=one["id"],
            name=one["name"],
            kind=one["kind"],
            enabled=one.get("enabled", True),
            timezone=one.get("timezone", "Europe/Moscow"),
            listings=tuple(Listing(**listing) for listing in one["listings"]),
            rights=Rights(**rights.get(one["id"], one["rights"])),
        )
        for one in declared["sources"]
    )
    return Config(Publisher(**declared["publisher"]), PublishRules(), sources)


def item(fields: dict) -> Item:
    """An item from its fields in JSON, or from a test's own."""
    seen = instant(fields.get("first_seen", "2026-05-18T06:00:00Z"))
    stated = fields.get("published")
    published = stated and Published(instant(stated[0]), *stated[1:])
    article = Article(
        source=fields.get("source", "bureau"),
        url=fields["url"],
        title=fields.get("title", ""),
        text=fields.get("text", ""),
        html=fields.get("html", ""),
        published=published,
        images=tuple(Image(**image) for image in fields.get("images", [])),
        attachments=tuple(Attachment(**one) for one in fields.get("attachments", [])),
        authors=tuple(fields.get("authors", [])),
        robots=tuple(fields.get("robots", [])),
    )
    updated = instant(fields["updated"]) if "updated" in fields else (published.at if published else seen)
    return Item(
        id=urn(fields["url"])[-16:],
        article=article,
        language=Language(fields.get("language", "ru"), 1.0),
        first_seen=seen,
        updated=updated,
        place=fields.get("place", 0),
        history=fields.get("history", False),
    )


def story(name: str, texts: dict[str, list[dict]], state: str = "", **fields: object) -> Story:
    """A story whose texts are given as language → fields of the articles that carry them."""
    sides = {
        language: Text(
            urn(f"{language} {articles[0]['url']}"),
            language,
            tuple(item({"language": language, **one}) for one in articles),
            origin=articles[0].get("origin", "publisher"),
        )
        for language, articles in texts.items()
    }
    items = [one for side in sides.values() for one in side.items]
    match = fields.get("match")
    return Story(
        id=urn(f"story {name}"),
        texts=sides,
        state=state or ("linked" if len(sides) > 1 else "single"),
        first_seen=min(one.first_seen for one in items),
        updated=instant(fields["updated"]) if "updated" in fields else max(one.updated for one in items),
        match=Match("a", "b", match[0], tuple(match[1])) if match else None,
        aliases=tuple(fields.get("aliases", ())),
    )


def stories() -> list[Story]:
    """Every story of the newsroom, in the file's order."""
    return [story(**fields) for fields in json.loads((DATA / "newsroom.json").read_text())["stories"]]
