"""Pages into articles: each read in a child process, then compared with its siblings, told its language, and kept.

Another language's version that nobody announced is a guess until it is read: the wrong
ones (another language than promised, the same page again, a page that leads nowhere
back) are remembered as such.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field, replace

from pipeline import address, canonical, extract, language, precedence, reader
from pipeline.children import ChildLost
from pipeline.model import LANGUAGES, Article, Item, Language, Layout, Link, Profile, Refusal, Shelved, Source
from pipeline.newsroom import Newsroom
from pipeline.record import dataclass
from pipeline.report import SourceReport
from pipeline.store import Outcome, Waiting

#: Pages read together, so that what a source repeats is seen as such.
BATCH = 200
#: Pages on their way through the children at once: bodies are large.
IN_HAND = 8
#: Pages after which it is looked where the source's articles stand, and how many of a batch teach that at all.
LESSON, TEACHERS = 20, 40
#: Of a source nobody has seen, so many pages tell first what its pages have in common.
FIRST = 6
#: Latest pages whose lines are compared for that.
COMPARED = 40
#: Of the stages that make articles of pages; rows of another one can be redone.
VERSION = f"{extract.VERSION}.{language.VERSION}"

Reading = tuple[Waiting, "asyncio.Future[reader.Read]"]
#: What the language of articles depends on → their language, as far as children have told it.
Told = dict[Hashable, Language]
#: What pairing keeps of articles depends on → what it keeps of them, likewise.
Kept = dict[Hashable, Shelved]


@dataclass
class Readings:
    """Pages of one source on their way through the children, and where its articles stand, as far as is known.

    What is known changes after every LESSON pages of the batch, whichever of them was read first: so the same
    pages in the same order always give the same.
    """

    layouts: tuple[Layout, ...] | None = None  #: None: not asked for before there is a page to read
    lines: Sequence[Sequence[str]] = ()  #: of the latest pages
    #: Whether pages teach. A source's first ones do not where they are too few to be read by what they teach: it takes
    #: a quarter of the time again, and nobody knows whether more will come.
    teaching: bool = True
    readings: list[Reading] = field(default_factory=list)
    taught: int = 0  #: readings that `layouts` was learned from
    common: frozenset[str] | None = None  #: lines of several pages; None before they were compared
    told: Told = field(default_factory=dict)  #: of what was taken last
    kept: Kept = field(default_factory=dict)  #: of what was taken last
    place: precedence.Place = field(default_factory=precedence.Place)  #: of this batch's pages among those to be read
    shelving: bool = True  #: whether children make what pairing keeps; not where most of what is read is known

    async def begin(self, room: Newsroom, source: Source, waiting: Waiting) -> None:
        """Start reading one more page; wait where enough are in hand."""
        if self.layouts is None:
            self.layouts, self.lines, self.teaching = taught(
                room.store.articles.profile(source.id), room.store.collected.coming(source.id, room.clock.now())
            )
        if len(self.readings) >= self.due():
            await self.learn()
        if self.common is None:
            self.common = extract.repeated(self.layouts, self.lines) if self.teaching else frozenset()
        learn = self.teaching and len(self.readings) < TEACHERS
        precedence.go_by(self.place)
        task = asyncio.ensure_future(
            read_page(
                room, source, waiting, self.layouts, learn=learn, common=self.common, shelve=self.shelving
            )
        )  # fmt: skip
        # Whoever compares the batch needs no bodies, and two hundred of them are fifty megabytes.
        self.readings.append((replace(waiting, page=replace(waiting.page, body=b"")), task))
        running = [task for _, task in self.readings if not task.done()]
        if len(running) >= IN_HAND:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)

    def due(self) -> int:
        """Return how many readings there are when it is looked again where the articles stand."""
        return FIRST if self.teaching and not self.lines else self.taught + LESSON - self.taught % LESSON

    async def learn(self) -> None:
        """Look where the articles stood on the pages since the last time."""
        pages = [(await task).page for _, task in self.readings[self.taught :]]
        self.taught = len(self.readings)
        self.layouts = extract.learned(self.layouts or (), [(one.layout, one.lesson) for one in pages])
        self.lines = [*self.lines, *(one.lines for one in pages if one.lines)][-COMPARED:]
        self.common = None

    async def take(self) -> list[tuple[Waiting, extract.PageReading]]:
        """Return all that was read; the batch is empty then, and still knows what it learned."""
        await self.learn()
        done = [(waiting, await task) for waiting, task in self.readings]
        self.readings, self.taught, self.place = [], 0, precedence.Place()
        self.teaching = self.teaching or any(one.page.article for _, one in done)
        self.told = {key: own for _, one in done for key, own in _told(one)}
        self.kept = {key: own for _, one in done for key, own in _kept(one)}
        return [(waiting, one.page) for waiting, one in done]

    async def tell_again(self, room: Newsroom, results: Sequence[Article | Refusal]) -> None:
        """Have children tell of articles that are not what was read any more, as lines went that their siblings carry."""
        other = [one for one in results if isinstance(one, Article) and not self._knows(one)]
        for article, answer in zip(
            other, await asyncio.gather(*(self._retold(room, one) for one in other)), strict=True
        ):
            if answer:  # or else it is told where it is asked for
                own, shelved = answer
                self.told[language.asked_of(article)] = own
                self.kept |= {_asked_of(article, own): shelved} if shelved else {}

    def _knows(self, article: Article) -> bool:
        own = self.told.get(language.asked_of(article))
        return own is not None and (not self.shelving or _asked_of(article, own) in self.kept)

    async def _retold(self, room: Newsroom, article: Article) -> tuple[Language, Shelved | None] | None:
        try:
            return await room.children.run(reader.retold, article, shelve=self.shelving)
        except ChildLost:
            return None


def _told(one: reader.Read) -> Iterator[tuple[Hashable, Language]]:
    return zip(map(language.asked_of, one.articles), one.languages, strict=True)


def _kept(one: reader.Read) -> Iterator[tuple[Hashable, Shelved]]:
    asked = map(_asked_of, one.articles, one.languages)
    return zip(asked, one.shelved, strict=bool(one.shelved))


def _asked_of(article: Article, own: Language) -> Hashable:
    from pipeline import pairing  # with numpy, and not before pages come back: by then it is imported (cycle.py)

    return pairing.asked_of(article, own)


def taught(profile: Profile, coming: int) -> tuple[tuple[Layout, ...], list[tuple[str, ...]], bool]:
    """Return what a source's pages have taught so far, their lines, and whether so many that come are to teach more."""
    return profile.layouts, [*profile.pages.values()], bool(profile.pages) or coming >= LESSON


async def read_on(
    room: Newsroom, source: Source, batch: Readings, waiting: Waiting, report: SourceReport, run: str = ""
) -> SourceReport:
    """Start reading one more page, and finish the batch when it is full."""
    await batch.begin(room, source, waiting)
    return await finish(room, source, batch, report, run) if len(batch.readings) >= BATCH else report


async def read_page(
    room: Newsroom, source: Source, waiting: Waiting, layouts: Sequence[Layout] = (), *,
    learn: bool = False, common: AbstractSet[str] = frozenset(), shelve: bool = False,
) -> reader.Read:  # fmt: skip
    """Read one page in a child; whatever a page does to its reader, it does to itself alone."""
    try:
        return await room.children.run(
            reader.read, waiting.page, source, waiting.link, layouts, learn=learn, common=common, shelve=shelve
        )
    except ChildLost as lost:
        return reader.Read(extract.PageReading(None, Refusal(waiting.page.url, lost.kind, lost.detail)))


async def finish(room: Newsroom, source: Source, batch: Readings, report: SourceReport, run: str = "") -> SourceReport:
    """Compare the pages of a batch with each other, tell their language, and keep what they became."""
    if not batch.readings:
        return report
    room.tell(report, "extracting")
    batch.place.hurry()
    done = await batch.take()
    known = room.store.strays.known([waiting.link.url for waiting, _ in done])
    sifted = [(waiting, unless_replaced(known, waiting, sift(waiting, one, batch.told))) for waiting, one in done]
    settled = [pair for waiting, one in sifted for pair in await canonical.settle(room, run, source, waiting, one)]
    read = [(waiting, part) for waiting, one in settled for part in extract.parts(one)]
    profile = replace(room.store.articles.profile(source.id), layouts=batch.layouts or ())
    profile = profile if profile.pages else replace(profile, version=VERSION)
    leading, also, profile = await compare(room, read, profile, source, batch)
    leading = [with_kept(one, batch.kept) for one in leading]
    recorded = room.store.articles.record(source, leading, also, profile, room.clock.now())
    announce_versions(room, source, leading)
    refused = [one for one in leading if isinstance(one.result, Refusal) and one.waiting.link.by != "version"]
    for one in refused:
        assert isinstance(one.result, Refusal)
        report = report.with_problem(one.result.kind, one.result.url, one.result.detail)
    return replace(
        report, new=report.new + recorded.new, changed=report.changed + recorded.changed,
        refused=report.refused + len(refused),
    )  # fmt: skip


async def compare(
    room: Newsroom, read: Sequence[tuple[Waiting, extract.PageReading]], profile: Profile, source: Source,
    batch: Readings,
) -> tuple[list[Outcome], list[Outcome], Profile]:  # fmt: skip
    """Return what a batch of pages became, the further addresses that lead to the same, and what was learned."""
    results, learned = extract.finish([one for _, one in read], profile, source)
    await batch.tell_again(room, results)
    outcomes = [outcome(waiting, result, batch.told) for (waiting, _), result in zip(read, results, strict=True)]
    leading, also = first_of_each(outcomes)
    return leading, also, learned


def outcome(waiting: Waiting, result: Article | Refusal, told: Told) -> Outcome:
    """Join what a page became with its language."""
    own = language_of(result, told) if isinstance(result, Article) else None
    return Outcome(waiting, result, own, VERSION)


def with_kept(one: Outcome, kept: Kept) -> Outcome:
    """Return what a page became with what pairing keeps of its article, where that is made and still the same."""
    if not isinstance(one.result, Article) or one.language is None:
        return one
    return replace(one, shelved=kept.get(_asked_of(one.result, one.language)))


def language_of(article: Article, told: Told) -> Language:
    """Return the language of an article, as it was told where it is still the same."""
    return told.get(language.asked_of(article)) or language.identify(article)


def first_of_each(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Return the first outcome of each article reached, and the rest: two addresses may lead to one."""
    keys = [
        address.key(one.result.url if isinstance(one.result, Article) else one.waiting.page.url) for one in outcomes
    ]
    first = dict(zip(reversed(keys), reversed(outcomes), strict=True))
    leads = [first[key] is one for key, one in zip(keys, outcomes, strict=True)]
    leading = [one for one, is_first in zip(outcomes, leads, strict=True) if is_first]
    return leading, [one for one, is_first in zip(outcomes, leads, strict=True) if not is_first]


def sift(waiting: Waiting, read: extract.PageReading, told: Told) -> extract.PageReading:
    """Refuse a guessed version that is none, before its lines are compared with those of articles.

    A wrong guess is often a home page full of teasers, which would pass the first
    paragraphs of articles off as the site's furniture.
    """
    link, article = waiting.link, read.article
    if link.by != "version" or article is None:
        return read
    code = language_of(article, told).code
    back = {address.key(version.url) for version in article.alternates}
    if code != link.language:
        why = f"promised {link.language}, is {code}"
    elif address.key(article.url) == address.key(link.listing):
        why = "the same page again"
    elif address.key(link.listing) not in back:
        why = "names no version of its own that leads back"
    else:
        return read
    refusal = Refusal(article.url, "wrong-version", why)
    return extract.PageReading(article=None, refusal=refusal, lines=(), suffix="")


def unless_replaced(known: Mapping[str, Item], waiting: Waiting, read: extract.PageReading) -> extract.PageReading:
    """Refuse a page that tells something else than the article known at its address: no correction, and no sibling."""
    before = known.get(address.key(waiting.link.url))
    why = extract.replaced(before.article, read.article) if before and read.article else ""
    if not why:
        return read
    return extract.PageReading(article=None, refusal=Refusal(waiting.page.url, "replaced", why))


def announce_versions(room: Newsroom, source: Source, outcomes: Sequence[Outcome]) -> None:
    """Note the other languages' addresses that articles declare, to be asked for though no listing shows them."""
    for one in outcomes:
        if isinstance(one.result, Article) and one.language is not None:
            links = list(versions(one.result, one.language.code, one.waiting.link.place))
            if links:  # most declare none
                room.store.collected.add(source, links, room.clock.now(), history=one.waiting.history)


def versions(article: Article, told: str, place: int) -> Iterator[Link]:
    """Yield a link for each version in one of our languages but the article's own."""
    seen = {told}
    for version in article.alternates:
        if version.language in LANGUAGES and version.language not in seen:
            seen.add(version.language)
            if version.evidence == "page":
                continue  # it came with this one
            yield Link(url=version.url, language=version.language, place=place, listing=article.url, by="version")
