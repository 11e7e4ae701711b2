"""What analysts do with pairs: look at them, speak for or against them, have the score learn from it.

    judge     a word about two articles is kept, and what it touches is paired anew
    explain   what is thought of two articles now
    fit       weights of the score, refitted on words and on what sites declare; kept where they are better

Used by the command line; the rules of pairing are the pairing stage's business.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline import address, pairing, pairs, vocabulary
from pipeline.errors import NevawireError
from pipeline.model import Config, Item, Story, Verdict
from pipeline.pairing import fit as fitting
from pipeline.record import dataclass
from pipeline.store import Store

#: What one says on the command line, and what is kept.
KINDS = {"confirm": "confirm", "reject": "reject", "related": "same-event", "split": "split", "undo": pairing.UNDO}
#: How often the texts that certain pairs are fitted on lose their counterpart: each third, another one each time.
_ROUNDS = 3


@dataclass(frozen=True)
class Pair:
    """Two articles, one of each language; or two of one, in order of id."""

    ru: Item
    en: Item

    @property
    def within(self) -> bool:
        """Whether they are of one language."""
        return self.ru.language.code == self.en.language.code


def find(store: Store, names: Sequence[str]) -> Pair:
    """Return the pair meant by two addresses or ids, or by a story that has two sides or waits for review.

    Raises NevawireError where they name no such pair.
    """
    if len(names) > 2:
        raise NevawireError(f"a pair is two articles, not {len(names)}")
    ids = [_article(store, name) for name in names] if len(names) == 2 else _of_story(store, names[0])
    found = store.features.items(ids)
    if len(found) != 2 or not {item.language.code for item in found} <= {"ru", "en"}:
        told = " and ".join(sorted(item.language.code for item in found)) or "none"
        raise NevawireError(f"a pair is two articles, each Russian or English; these are: {told}")
    first, second = sorted(found, key=lambda item: (item.language.code != "ru", item.id))
    return Pair(first, second)


def story_of(store: Store, name: str) -> Story:
    """Return the story meant by its id, a former id, or one of its articles. Raises NevawireError where there is none."""
    stories = store.stories.of_items(_known(store, name))
    if not stories:
        raise NevawireError(f"no story {name}; give the id of a story or the address of one of its articles")
    return stories[0]


def judge(store: Store, config: Config, pair: Pair, kind: str, who: str, now: datetime) -> tuple[Story, ...]:
    """Keep a word about a pair, pair anew what it touches, and return the stories the two are in now.

    Raises NevawireError where there is no word to take back.
    """
    say(store, [(pair, kind)], who, now)
    pairs.pair_up(store, config, now)
    return store.stories.of_items([pair.ru, pair.en])


def say(store: Store, words: Sequence[tuple[Pair, str]], who: str, now: datetime) -> tuple[int, int]:
    """Keep words about pairs, all or none, and return the first and last of their numbers; the next pairing hears them.

    Raises NevawireError like `judge`.
    """
    for pair, kind in words:
        if pair.within and kind == "confirm":
            raise NevawireError(
                "two articles of one language are not confirmed: the same words on two pages are found to be one text by "
                "themselves; say `related` of two tellings of one event, `split` of what was wrongly taken for one text"
            )
        if KINDS[kind] == pairing.UNDO and not spoken(store, pair.ru.id, pair.en.id):
            raise NevawireError("nothing was said of this pair that could be taken back")
    return store.verdicts.record_all([
        Verdict(KINDS[kind], pair.ru.id, pair.en.id, who, now, (pairing.content(pair.ru), pairing.content(pair.en)))
        for pair, kind in words
    ])  # fmt: skip


def take_back(store: Store, first: int, last: int, who: str, now: datetime) -> int:
    """Take back what somebody said, from one number to another, where it is still the last word; return of how many pairs."""
    said = [one for one in store.verdicts.between(first, last, who) if one.kind != pairing.UNDO]
    items = {item.id: item for item in store.features.items({id_ for one in said for id_ in (one.ru, one.en)})}
    words = [
        (Pair(items[one.ru], items[one.en]), "undo")
        for one in said
        if one.ru in items and one.en in items and spoken(store, one.ru, one.en)[-1:] == (one,)
    ]
    say(store, words, who, now)
    return len(words)


def spoken(store: Store, ru: str, en: str) -> tuple[Verdict, ...]:
    """Return the words about two articles that were not taken back, oldest first."""
    return pairing.standing(store.verdicts.of_pair(ru, en))


def explain(store: Store, config: Config, pair: Pair) -> pairing.Explanation:
    """Return what is thought of a pair now, among all that is dated near it."""
    both = [pair.ru, pair.en]
    window = pairs.Window(store, config)
    ranking, unread = window.compared(both)
    told = pairing.explain(
        [pair.ru],
        [pair.en],
        {item.id: pairing.read(item) for item in both},
        ranking,
        sources=window.sources,
        lexicon=window.lexicon,
        weights=window.weights,
        meanings=window.meanings(both),
        learned=window.learned,
        headlines=window.headlines(both),
    )
    return replace(told, unread=unread)


def beside(store: Store, config: Config, pair: Pair) -> pairing.Beside:
    """Return what is thought of two articles of one language now."""
    both = [pair.ru, pair.en]
    ranking, unread = pairs.Window(store, config).compared(both)
    texts = (text for story in store.stories.of_items(both) for text in story.texts.values())
    together = any({item.id for item in both} <= {item.id for item in text.items} for text in texts)
    read = {item.id: pairing.read(item) for item in both}
    return replace(pairing.beside(pair.ru, pair.en, read, ranking, together=together), unread=unread)


def fit(store: Store, config: Config, now: datetime) -> fitting.Refit:
    """Refit the weights on what is certain; keep them where they are better. Raises NevawireError on too little."""
    certain = list(_certain(store))
    rejected = [one for one in pairing.standing(store.verdicts.every()) if one.kind != "confirm"]
    items = {
        item.id: item
        for item in store.features.items({one for verdict in rejected for one in (verdict.ru, verdict.en)})
    }
    against = [(items[one.ru], items[one.en]) for one in rejected if one.ru in items and one.en in items]
    against = [both for both in against if both[0].language.code != both[1].language.code]
    window = pairs.Window(store, config)
    try:
        told = fitting.refit(list(_lessons(certain, against, window.lexicon)), window.weights)
    except ValueError as error:
        raise NevawireError(str(error)) from error
    if told.better:
        value = {"bias": told.weights.bias, "clues": dict(told.weights.clues), "pairs": told.pairs}
        store.verdicts.keep_learned(pairs.WEIGHTS, value, now)
    return told


def _certain(store: Store) -> Iterator[tuple[Item, Item]]:
    """Yield the pairs that an analyst confirmed or a site declares and the texts bear out."""
    for story in store.stories.each():
        if vocabulary.is_certain(story):
            yield story.texts["ru"].lead, story.texts["en"].lead


def _lessons(
    certain: Sequence[tuple[Item, Item]], against: Iterable[tuple[Item, Item]], lexicon: pairing.Lexicon
) -> Iterator[fitting.Lesson]:
    """Yield certain pairs as such, and as others what is near them: all of it, and with a third of the texts alone."""
    denied = list(against)
    for turn in range(_ROUNDS):
        whole = [pair for pair in certain if zlib.crc32(pair[0].id.encode()) % _ROUNDS != turn]
        alone = [pair for pair in certain if zlib.crc32(pair[0].id.encode()) % _ROUNDS == turn]
        ru = {
            item.id: item
            for item in (*(ru for ru, _ in whole), *(ru for ru, _ in alone[::2]), *(ru for ru, _ in denied))
        }
        en = {
            item.id: item
            for item in (*(en for _, en in whole), *(en for _, en in alone[1::2]), *(en for _, en in denied))
        }
        true = {(ru.id, en.id) for ru, en in certain}
        for (one, other), clues in pairing.clues_of(list(ru.values()), list(en.values()), lexicon).items():
            yield fitting.Lesson(one, other, clues, (one, other) in true)


def _known(store: Store, name: str) -> tuple[Item, ...]:
    """Return the articles meant by an address, an article's id, or the id of a story or text."""
    try:
        by_address = {address.article_id(name)}
    except ValueError:  # an id
        by_address = set()
    return store.features.items({*store.removals.find(name), *by_address})


def _article(store: Store, name: str) -> str:
    found = _known(store, name)
    if len(found) != 1:
        what = "several articles" if found else "no article"
        raise NevawireError(f"{name}: {what}; give the address or the id of one article")
    return found[0].id


def _of_story(store: Store, name: str) -> list[str]:
    story = story_of(store, name)
    told = [text.lead.id for text in story.texts.values() if text.origin == "publisher"]
    if len(told) == 2:
        return told
    if story.match is None:
        raise NevawireError(f"{name} is in one language and has no likely counterpart; name two articles")
    return [story.match.ru, story.match.en]
