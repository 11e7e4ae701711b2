"""Pairs as plain rows, and rows as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline import pairing
from pipeline.model import Item, Match, Story, Verdict
from pipeline.store import Store

Titles = Mapping[str, tuple[str, str, str]]
#: What is proposed, in words.
_PROPOSED = {
    "part": "linked, but no longer likely: split it, or confirm it",
    "instead": "likelier than the pair that is linked: confirm it, or reject it",
}
#: Verdicts against a pair, newest last.
_AGAINST = ("reject", "split", "same-event")


def listed(store: Store, state: str, limit: int) -> Iterator[dict[str, Any]]:
    """Yield one row a pair: of stories under review or linked, proposed, or spoken against; limit 0: all."""
    if state in ("rejected", "proposed"):
        yield from (_rejected if state == "rejected" else _proposed)(store, limit)
        return
    seen: set[tuple[str, str]] = set()
    # Two stories wait for review of one pair.
    for story in store.stories.load_in_order(store.verdicts.stories(state, 2 * limit)):
        match = story.match
        if match is None or (match.ru, match.en) in seen or (limit and len(seen) == limit):
            continue
        seen.add((match.ru, match.en))
        titles = store.verdicts.titles([match.ru, match.en])
        yield _match(match, titles) | {"state": state, "story": story.id}


def titles_of(store: Store, stories: Iterable[Story]) -> Titles:
    """Return language, address and title of every article that these stories' matches name."""
    return store.verdicts.titles({one for story in stories if story.match for one in (story.match.ru, story.match.en)})


def story_row(story: Story, titles: Titles, verdicts: Iterable[Verdict] = ()) -> dict[str, Any]:
    """Return a story with its texts, its pair, and what stands beside it."""
    return {
        "id": story.id,
        "state": story.state,
        "aliases": list(story.aliases),
        "texts": [
            {"id": text.id, "language": code, "articles": [
                article_row(one.id, one.article.url, one.article.title) | {"source": one.article.source}
                for one in text.items
            ]}
            for code, text in story.texts.items()
        ],
        "thread": story.thread or None,
        "pair": _match(story.match, titles) if story.match else None,
        "related": [
            {"story": one.story, "language": one.language, "probability": one.probability, "reasons": list(one.reasons)}
            | article_row(one.article, one.url, one.title)
            for one in story.beside
        ],
        "verdicts": [
            {"kind": one.kind, "ru": one.ru, "en": one.en, "who": one.who, "at": one.at.isoformat()}
            for one in verdicts
        ],
    }  # fmt: skip


def article_row(name: str, url: str, title: str) -> dict[str, str]:
    """Return an article in three words."""
    return {"id": name, "url": url, "title": title}


def explained(told: pairing.Explanation | pairing.Beside, one: Item, other: Item) -> dict[str, Any]:
    """Return what is thought of two articles; of one language they are `one` and `other`."""
    rows = [article_row(item.id, item.article.url, item.article.title) for item in (one, other)]
    if isinstance(told, pairing.Beside):
        return {
            "one": rows[0], "other": rows[1], "same_event": told.probability, "in_common": round(told.common, 4),
            "one_text": told.together, "reasons": list(told.reasons), "unread": told.unread,
        }  # fmt: skip
    return {
        "ru": rows[0], "en": rows[1], "probability": told.probability, "same_event": told.kinship,
        "reasons": list(told.reasons), "relations": told.relations,
        "clues": {name: {"value": value, "worth": worth} for name, value, worth in told.clues},
        "unread": told.unread,
    }  # fmt: skip


def pair_line(row: Mapping[str, Any]) -> str:
    """Return a listed pair as lines for people."""
    told = f"{row['probability']:.2f}" if row["probability"] is not None else f"{row['verdict']} {row['at'][:10]}"
    lines = [f"{told:>6}  {row['ru']['title']}", f"{'':6}  {row['en']['title']}"]
    lines += [f"{'':8}{row[side]['url']}" for side in ("ru", "en")]
    if row["reasons"]:
        lines.append(f"{'':8}{'; '.join(row['reasons'])}")
    return "\n".join(lines)


def story_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield a story as lines for people."""
    yield f"{row['id']}  {row['state']}"
    for text in row["texts"]:
        for place, one in enumerate(text["articles"]):
            yield f"  {text['language'] if not place else '  '}  {one['title']}"
            yield f"      {one['url']}  ({one['source']})"
    if row["pair"]:
        yield f"  {row['pair']['probability']:.2f}  {'; '.join(row['pair']['reasons'])}"
        here = {one["id"] for text in row["texts"] for one in text["articles"]}
        for one in (row["pair"]["ru"], row["pair"]["en"]):
            if one["id"] not in here:
                yield f"      waits with {one['url']}"
    for one in row["related"]:
        yield f"  the same event ({one['probability']:.2f}): {one['title']}  {one['url']}"
    for one in row["verdicts"]:
        yield f"  {one['at'][:16]} {one['who']}: {one['kind']} {one['ru']} {one['en']}"


def _rejected(store: Store, limit: int) -> Iterator[dict[str, Any]]:
    latest: dict[tuple[str, str], Verdict] = {}
    for verdict in pairing.standing(store.verdicts.every()):
        latest.pop((verdict.ru, verdict.en), None)
        latest[verdict.ru, verdict.en] = verdict
    against = [one for one in reversed(latest.values()) if one.kind in _AGAINST]
    for one in against[:limit] if limit else against:
        titles = store.verdicts.titles([one.ru, one.en])
        row = _match(Match(one.ru, one.en, 0.0, ()), titles) | {"state": "rejected", "story": None}
        yield row | {"probability": None, "verdict": one.kind, "who": one.who, "at": one.at.isoformat()}


def _proposed(store: Store, limit: int) -> Iterator[dict[str, Any]]:
    every = store.proposed.every()
    for one, since in every[:limit] if limit else every:
        titles = store.verdicts.titles([one.ru, one.en])
        row = _match(Match(one.ru, one.en, one.probability, (_PROPOSED[one.kind], *one.reasons)), titles)
        yield row | {"state": "proposed", "story": None, "proposal": one.kind, "since": since.isoformat()}


def _match(match: Match, titles: Titles) -> dict[str, Any]:
    unknown = ("", "", "")  # purged since
    return {
        "ru": article_row(match.ru, *titles.get(match.ru, unknown)[1:]),
        "en": article_row(match.en, *titles.get(match.en, unknown)[1:]),
        "probability": match.probability,
        "reasons": list(match.reasons),
    }
