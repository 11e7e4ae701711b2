"""What a source announces its articles on, and how it is reached: pages, feeds, JSON; authorities trusted."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from pipeline.sources import patterns
from pipeline.sources.keys import Address, Keys, NextPage, Selector, Text, key

JsonPath = Annotated[str, AfterValidator(patterns.json_path)]
JsonAddress = Annotated[str, AfterValidator(patterns.json_address)]


class Api(Keys):
    """Where a JSON answer keeps what is wanted: paths such as data.items[*]; below `items`, from the item on."""

    items: JsonPath = key("Items", "Path to the list of articles.", "data.items[*]")
    url: JsonAddress = key(
        "Item's address", "Path to an item's address, or a pattern that makes one of what it holds.", "/ru/news/{id}/"
    )
    title: JsonPath = key("Item's title", "Path to an item's title.", "title")
    date: JsonPath = key("Item's date", "Path to an item's date, as text or in seconds since 1970.", "published_at")
    html: JsonPath = key(
        "HTML", "Path to HTML: with the links in it where `url` is left out, else with an item's teaser.", "news"
    )

    @model_validator(mode="after")
    def _enough(self) -> Self:
        given = self.model_fields_set
        right = "write {items: data, url: link} or {html: news}"
        if "html" not in given and not given >= {"items", "url"}:
            raise ValueError(f"does not say where links are; {right}")
        if given & {"url", "title", "date"} and not given >= {"items", "url"}:
            raise ValueError(f"url, title and date are an item's, so items and url go with them; {right}")
        return self


class Tls(Keys):
    """Whom to trust on encrypted connections, beside the usual authorities."""

    ca: Text = key(
        "Authorities", "File (PEM) of further certificate authorities; relative to sources.yaml.",
        "certificates/national.pem", needed=True,
    )  # fmt: skip


class Listing(Keys):
    """One page, feed or sitemap on which a source announces its articles."""

    url: Address = key("Address", "Address of the listing.", "https://site.ru/news/", needed=True)
    language: Literal["ru", "en"] = key(
        "Language", "Language of its articles; leave it out where they are mixed.", "ru"
    )
    kind: Literal["html", "feed", "sitemap", "api"] = key(
        "Kind", "What answers there. Left out: told by looking at the answer.", "html"
    )
    links: Selector = key(
        "Links", "CSS selector of the links to articles (html only). Left out: found by itself.", "a.news-title"
    )
    next: NextPage = key(
        "Next page",
        "Where the listing goes on: an address pattern with {n} for the page's number (2 comes second), a CSS "
        "selector of the link, or rel=next.",
        "?page={n}",
    )
    pages: int = key("Pages", "How many pages deep to walk at most. Default: 1.", 3, ge=1)
    api: Api = key(
        "API",
        "How the answer is read where it is JSON; makes the kind api.",
        {"items": "data", "url": "/ru/news/{id}/"},
    )

    @model_validator(mode="after")
    def _api_is_told(self) -> Self:
        told = "api" in self.model_fields_set
        if self.kind == "api" and not told:
            raise ValueError("kind: api needs the key api; write api: {items: data, url: link}")
        if told and self.kind not in (None, "api"):
            raise ValueError(f"kind: {self.kind} does not go with the key api; leave one of them out")
        return self
