"""What a change at the desk changed in the feeds: which entries came into which feeds, left them, or read otherwise (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pipeline.model import Story
from pipeline.record import dataclass

#: Feed → entry id → which wording of it.
Shown = Mapping[str, Mapping[str, int]]
KINDS = ("gained", "lost", "changed")


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of one feed."""

    feed: str
    entry: str
    kind: str  #: one of KINDS


@dataclass(frozen=True, slots=True)
class Effect:
    """One entry, and the feeds that changed with it in the same way."""

    kind: str
    entry: str
    title: str
    feeds: tuple[str, ...]


def difference(before: Shown, after: Shown) -> tuple[Change, ...]:
    """Return what is otherwise after than before, by feed and entry."""
    out = []
    for feed in sorted({*before, *after}):
        old, new = before.get(feed, {}), after.get(feed, {})
        for entry in sorted({*old, *new}):
            if entry not in old:
                out.append(Change(feed, entry, "gained"))
            elif entry not in new:
                out.append(Change(feed, entry, "lost"))
            elif old[entry] != new[entry]:
                out.append(Change(feed, entry, "changed"))
    return tuple(out)


def entries(stories: Iterable[Story]) -> dict[str, str]:
    """Return the entry ids that stand for these stories and their texts, each with its title."""
    out: dict[str, str] = {}
    for story in stories:
        titles = [text.lead.article.title for text in story.texts.values()]
        out.update(dict.fromkeys((story.id, *story.aliases), " / ".join(titles)))
        out.update({text.id: text.lead.article.title for text in story.texts.values()})
    return out


def told(changes: Iterable[Change], titles: Mapping[str, str], feeds: Collection[str]) -> tuple[Effect, ...]:
    """Return what changed of some entries in feeds that are somebody's to read, gathered for people."""
    gathered: dict[tuple[str, str], list[str]] = {}
    for one in changes:
        if one.entry in titles and one.feed in feeds:
            gathered.setdefault((one.kind, one.entry), []).append(one.feed)
    ordered = sorted(gathered.items(), key=lambda pair: (KINDS.index(pair[0][0]), titles[pair[0][1]], pair[0][1]))
    return tuple(Effect(kind, entry, titles[entry], tuple(names)) for (kind, entry), names in ordered)
