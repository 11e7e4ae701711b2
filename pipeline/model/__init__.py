"""The frozen values that flow between the stages; imports nothing of ours.

sources.yaml ─► Source ─► Link ─► Fetch(FetchedPage) ─► Article ─► Item ─► Text ─► Story ─► FeedEntry

Instants are aware datetimes in UTC unless a field says otherwise; languages are
ISO 639-1 codes, plus "mixed" and "other".
"""

from pipeline.model.alarm import ALARM_KINDS, Alarm, ListingVisit, PageRead, SourceRecord
from pipeline.model.declared import (
    LANGUAGES,
    Api,
    Config,
    Expect,
    Feed,
    Listing,
    Notify,
    Publisher,
    PublishRules,
    Rights,
    Rule,
    Smtp,
    Source,
    Topic,
    VersionRule,
    Webhook,
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
    "ALARM_KINDS",
    "FETCH_KINDS",
    "LANGUAGES",
    "Alarm",
    "Alternate",
    "Api",
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
    "ListingVisit",
    "Match",
    "Notify",
    "PageRead",
    "Profile",
    "PublishRules",
    "Published",
    "Publisher",
    "Refusal",
    "Rights",
    "Rule",
    "Smtp",
    "Source",
    "SourceRecord",
    "Story",
    "Text",
    "Topic",
    "Validators",
    "Verdict",
    "VersionRule",
    "Webhook",
]
