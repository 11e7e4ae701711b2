"""Pages that answer "200 OK" and are no article: error pages, login and cookie walls, lists of articles.

A wall is told by its sentences: one that only such a page says ("войдите, чтобы читать"), and next to
nothing that no such page says; a story about cookies has sentences of its own. A list is told by its
shape: headings that are all links of one kind, a line or two below each, dates or a pager, and no word
to machines that it is an article. What is not here: addresses, statuses and titles (refuse.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline import address
from pipeline.extract import daytext
from pipeline.extract.blocks import Block, words
from pipeline.extract.stated import Stated
from pipeline.record import dataclass

#: Share of a page's letters that may stand in sentences no such page is known to say.
_FOREIGN = 0.2
#: A longer text is no wall.
_LONGEST = 3000
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")
_COOKIE = r"(?:cookies?|куки|кукис)"
_READ = r"(?:прочитать|прочесть|читать|просмотреть|посмотреть|смотреть|увидеть|продолжить|открыть|получить|доступа|просмотра|чтения)"


@dataclass(frozen=True, slots=True)
class _Wall:
    """What a kind of page says: `own` at least once, besides it only `also`.

    cues: one of them, in small letters, is in all that `own` fits; few sentences of an article hold any.
    """

    name: str
    cues: frozenset[str]
    own: re.Pattern[str]
    also: re.Pattern[str]

    def is_said_in(self, sentence: str, cues: Iterable[str]) -> bool:
        """Return whether a sentence is one that only such a page says; cues: all of them, or those of the text it is of."""
        small = sentence.lower()
        return any(map(small.__contains__, cues)) and self.own.search(sentence) is not None

    def cues_in(self, small: str) -> list[str]:
        """Return the cues that are in a text in small letters."""
        return list(filter(small.__contains__, self.cues))


def _phrases(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)


_ERROR = _Wall(
    "an error page",
    words("страниц 404 403 410 500 502 503 найден page url address link found find адрес ссылк"),
    _phrases(
        r"\bстраниц\w{0,3}\b[^.!?]{0,60}\b(?:не (?:найден|существу|обнаруж)|удал[её]н|перемещ[её]н|больше нет|отсутству|нет\b)",
        r"\bтакой страницы\b", r"^\W*(?:ошибка|error|http)?\W*(?:404|403|410|500|502|503)\b.{0,40}$",
        r"\b(?:материал|документ|элемент|раздел|запись)\b[^.!?]{0,20}\bне найден",
        r"\b(?:the|this|that) (?:requested )?(?:page|url|address|link)\b[^.!?]{0,60}\b(?:not found|could ?n.t be found|can ?not be found"
        r"|can.t be found|does ?n.t exist|does not exist|no longer (?:exists|available|here)|is ?n.t (?:here|available)|was removed)",
        r"\bpage (?:was )?not found\b", r"\bwe (?:can.t|can ?not|could ?n.t|could not|were unable to) find (?:the|that|this) page",
        r"\bнеправильн\w+ адрес|\bневерн\w+ (?:адрес|ссылк)|\bустаревш\w+ ссылк",
    ),
    _phrases(
        r"\b(?:к сожалению|извините|простите|упс|ой|ошибк\w+|sorry|oops|error|404)\b",
        r"\bглавн\w+|\bпоиск\w*|\bкарт\w+ сайта|\bменю\b|\bназад\b|\bадминистратор|\bсообщите нам",
        r"\b(?:проверьте|попробуйте|воспользуйтесь|вернитесь|вернуться|перейдите|перейти)\b",
        r"\bвозможно\b[^.!?]{0,60}\b(?:вы|она|он|был[аи]?|страниц|адрес|ссылк|удал|перемещ|устар)",
        r"\b(?:home ?page|search|site ?map|menu|go back|start page|contact us|webmaster)\b",
        r"\b(?:check|try|return|visit)\b[^.!?]{0,40}\b(?:url|address|spelling|again|page|link|later)\b",
        r"\bmay have (?:been )?|\bmight have (?:been )?|\b(?:mistyped|typed|moved|deleted|renamed|broken)\b",
    ),
)  # fmt: skip
_LOGIN = _Wall(
    "a login wall",
    words("войдите залогинь войти вход авториз регистр подпис доступ только log sign register subscribe available only"),
    _phrases(
        r"\b(?:войдите|авторизуйтесь|залогиньтесь|зарегистрируйтесь)\b",
        r"\b(?:чтобы|для)\b[^.!?]{0,60}\b" + _READ + r"\b[^.!?]{0,60}\b(?:войти|вход\w*|авториз\w+|регистрац\w+|подпис\w+)",
        r"\b(?:необходимо|нужно|требуется)\b[^.!?]{0,20}\b(?:войти|авторизова\w+|авторизация|зарегистрирова\w+)\b[^.!?]{0,40}$",
        r"\b(?:материал|статья|страница|раздел|содержимое|контент|текст)\b[^.!?]{0,30}\bдоступ\w+\b[^.!?]{0,20}\bтолько\b",
        r"\bтолько для (?:зарегистрированных|авторизованных|подписчиков|членов)\b[^.!?]{0,30}$",
        r"\b(?:please|you (?:must|need to|have to)|to (?:continue|read|view|access)\b[^.!?]{0,40}) ?,? ?(?:be )?"
        r"(?:log(?:ged)?|sign(?:ed)?|register|subscribe)[ -]?(?:in|on)?\b",
        r"\b(?:log|sign) ?in (?:or (?:register|sign up|subscribe) )?to (?:continue|read|view|access|your)\b",
        r"\b(?:content|article|page|section|material)\b[^.!?]{0,30}\bavailable\b[^.!?]{0,20}\b(?:only|exclusively) (?:to|for)\b",
        r"\b(?:for|to) (?:registered users|members|subscribers) only\b|\bmembers only\b",
    ),
    _phrases(
        r"\b(?:логин\w*|парол\w+|войти|вход|регистраци\w+|авторизаци\w+|аккаунт\w*|личн\w+ кабинет\w*|запомнить меня|e-?mail|капч\w+|нет уч[её]тной)\b",
        r"\b(?:log ?in|sign ?(?:in|up)|log on|password|remember me|forgot\w*|register|account|subscri\w+|membership)\b|\buser ?name",
        r"\b(?:подписк\w+|оформите|подписчик\w*)\b",
    ),
)  # fmt: skip
_CONSENT = _Wall(
    "a cookie wall",
    words("cook куки privacy continue"),
    _phrases(
        rf"\b(?:мы|наш сайт|этот сайт|данный сайт|сайт)\b(?:[^.!?]{{0,40}}\b)?использу(?:ем|ет)\b[^.!?]{{0,60}}\b{_COOKIE}\b",
        rf"\bна (?:этом|нашем|данном|сайте)\b[^.!?]{{0,30}}\bиспольз\w+[^.!?]{{0,40}}\b{_COOKIE}\b",
        rf"\b(?:разреш\w+|примите|включите|соглас\w+)\b[^.!?]{{0,60}}\b{_COOKIE}\b",
        r"\b(?:we|this (?:web ?)?site|our (?:web ?)?site|this page)\b[^.!?]{0,60}\buses?\b[^.!?]{0,60}\bcookies?\b",
        r"\b(?:accept|allow|enable|reject|consent to)\b[^.!?]{0,40}\bcookies?\b", r"\bbefore you continue to\b",
        r"\bwe (?:value|care about|respect) your privacy\b",
    ),
    _phrases(
        rf"\b{_COOKIE}\b", r"\b(?:принять|принимаю|отклонить|соглас\w+|настройк\w+|подробнее|браузер\w*|продолжая|персональн\w+ данн\w+|конфиденциальност\w+)\b",
        r"\b(?:accept\w*|reject\w*|agree\w*|consent\w*|privacy|preferences|settings|browser|partners?|vendors?|legitimate interest|by (?:clicking|continuing|using)"
        r"|personal data|learn more|manage)\b",
    ),
)  # fmt: skip
_WALLS = (_ERROR, _LOGIN, _CONSENT)

_OUTSIDE = frozenset(("nav", "header", "footer", "aside"))
#: So many headings that are links of one kind, with so little below each, make a list.
_ITEMS, _BELOW, _RUN = 5, 350, 2
#: A heading of a list is at least so long: "More" and "2" are none.
_HEADING = 12
_DATES = 3
#: Letters of a date line at most.
_DATED = 30
#: So many lines that are links, and this share of all words in links, make a list of links.
_LINKS, _LINKED = 4, 0.75
_PAGER = re.compile(r"[?&/](?:page|PAGEN_\d+|p|pg)(?:[=/-]|(?=\d))\d+(?:[/.&]|$)", re.IGNORECASE)


def wall(text: str, *, password: bool) -> str:
    """Return what kind of wall says this text, or ""; password: the page asks for one."""
    if len(text) > _LONGEST:
        return ""
    small = text.lower()
    kinds = [(one, cues) for one in _WALLS if (cues := one.cues_in(small)) or (one is _LOGIN and password)]
    sentences = [one for one in _SENTENCE.split(text) if any(map(str.isalnum, one))] if kinds else []
    for kind, cues in kinds:
        own = [one for one in sentences if kind.is_said_in(one, cues)]
        if not own and not (kind is _LOGIN and password):
            continue
        known = [one for one in sentences if kind.own.search(one) or kind.also.search(one)]
        asked = kind is _LOGIN and password and known
        if (own or asked) and _letters(sentences) - _letters(known) <= _FOREIGN * _letters(sentences):
            return f"{kind.name}: “{(own or known)[0][:70]}”"
    return ""


def error_below(blocks: Sequence[Block], title_at: int | None) -> bool:
    """Whether the lines below a page's title say that there is no such page; news may be listed further down."""
    if title_at is None:
        return False
    near = [block.text[:300] for block in blocks[title_at + 1 : title_at + 5] if block.text]
    return any(_ERROR.is_said_in(text, _ERROR.cues) for text in near[:3])


def asks_password(inputs: Iterable[HtmlElement]) -> bool:
    """Whether one of a page's inputs is a field for a password outside its header and menus."""
    fields = [field for field in inputs if (field.get("type") or "").lower() == "password"]
    return any(not any(parent.tag in _OUTSIDE for parent in field.iterancestors()) for field in fields)


def prose(blocks: Sequence[Block]) -> str:
    """Return what the page says outside its menus, a block a line."""
    return "\n".join(block.text for block in blocks if block.text and not block.zones & _OUTSIDE)


def is_list(
    blocks: Sequence[Block], places: Sequence[int], root: HtmlElement, stated: Stated, base: str, now: datetime
) -> bool:
    """Whether the blocks taken for the text (at places) are the teasers, or the bare links, of other articles."""
    # A text that no blocks hold was put together from several of them.
    places = places or [index for index, block in enumerate(blocks) if block.text and not block.zones & _OUTSIDE]
    if not places or _says_article(stated):
        return False
    span = range(max(0, places[0] - 3), places[-1] + 1)
    dates = {index: found.day for index in span for found in _dates(blocks[index], now)}
    heads = {index: path for index in span if (path := _leads_to(blocks[index], base, dated=index in dates))}
    kind, _ = Counter(path.rpartition("/")[0] for path in heads.values()).most_common(1)[0] if heads else ("", 0)
    alike = {index: path for index, path in heads.items() if path.rpartition("/")[0] == kind}
    if len(set(alike.values())) < _ITEMS:
        return False
    chosen = set(places)
    told = [index for index in chosen if index not in heads]
    if not told:
        return True
    if sum(len(blocks[index].text) for index in told) > _BELOW * len(alike) or _longest_run(span, heads, told) > _RUN:
        return False
    return len(set(dates.values())) >= _DATES or _has_pager(root)


def only_links(blocks: Sequence[Block]) -> str:
    """Return why a text of these blocks is no article's: its words are those of links elsewhere; or ""."""
    linked = [block for block in blocks if block.linked * 10 >= len(block.text) * 9]
    share = sum(block.linked for block in blocks) / (sum(len(block.text) for block in blocks) or 1)
    return "nothing but links to other pages" if len(linked) >= _LINKS and share >= _LINKED else ""


def _letters(sentences: Sequence[str]) -> int:
    return sum(sum(map(str.isalnum, one)) for one in sentences)


def _says_article(stated: Stated) -> bool:
    return bool(stated.articles or stated.meta("article:published_time")) or stated.meta("og:type").lower() == "article"


def _dates(block: Block, now: datetime) -> Iterator[daytext.Found]:
    """Yield the date of a line that holds nothing else, or nothing else but a link."""
    if len(block.text) - block.linked <= _DATED:
        unlinked = "".join(text for text, inline in block.pieces if all(name != "a" for name, _ in inline))
        if daytext.is_only_date(unlinked or block.text, now):
            yield from daytext.find(unlinked or block.text, now, yearless=True)


def _leads_to(block: Block, base: str, *, dated: bool) -> str:
    """Return the path that a block leads to which is nothing but a link of a heading's length (and a date), or ""."""
    if block.linked < _HEADING or block.zones & _OUTSIDE:
        return ""
    if len(block.text) - block.linked > (_DATED if dated else 0.1 * len(block.text)):
        return ""
    href = next((target for _, inline in block.pieces for name, target in inline if name == "a" and target), "")
    url = address.resolve(base, href) if href else None
    if url is None or urlsplit(url).netloc != urlsplit(base).netloc:
        return ""
    parts = urlsplit(url)
    return parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")


def _longest_run(span: range, heads: dict[int, str], told: Sequence[int]) -> int:
    """Return how many blocks of text follow each other without a heading between them, at most."""
    taken, longest, run = set(told), 0, 0
    for index in span:
        run = 0 if index in heads else run + (index in taken)
        longest = max(longest, run)
    return longest


def _has_pager(root: HtmlElement) -> bool:
    if root.xpath("//*[@rel='next']"):
        return True
    return len({href for href in root.xpath("//a/@href") if _PAGER.search(href)}) >= 2
