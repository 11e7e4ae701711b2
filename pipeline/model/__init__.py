"""The frozen values that flow between the stages; imports nothing of ours.

sources.yaml ─► Source ─► Link ─► Fetch(FetchedPage) ─► Article ─► Item ─► Text ─► Story ─► FeedEntry

Instants are aware datetimes in UTC unless a field says otherwise; languages are
ISO 639-1 codes, plus "mixed" and "other".
"""

from pipeline.model.declared import (
    LANGUAGES,
    Config,
    Expect,
    Feed,
    Listing,
    Publisher,
    PublishRules,
    Rights,
    Rule,
    Source,
    Topic,
    VersionRule,
)
from pipeline.model.page import (
    FETCH_KINDS,
    Alternate,
    Article,
    Fetch,
    FetchedPage,
    Image,
    Item,
    Language,
    Link,
    Profile,
    Published,
    Refusal,
    Validators,
)
from pipeline.model.story import EntryLink, FeedEntry, Match, Story, Text, Verdict

__all__ = [
    "FETCH_KINDS",
    "LANGUAGES",
    "Alternate",
    "Article",
    "Config",
    "EntryLink",
    "Expect",
    "Feed",
    "FeedEntry",
    "Fetch",
    "FetchedPage",
    "Image",
    "Item",
    "Language",
    "Link",
    "Listing",
    "Match",
    "Profile",
    "PublishRules",
    "Published",
    "Publisher",
    "Refusal",
    "Rights",
    "Rule",
    "Source",
    "Story",
    "Text",
    "Topic",
    "Validators",
    "Verdict",
    "VersionRule",
]
