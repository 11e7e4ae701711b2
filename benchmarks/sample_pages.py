"""Pages for benchmarks: articles made up of common words, in the sample sites' templates, as large as real pages are.

Real news pages of about 265 KB are mostly scripts and menus: some 110 KB of scripts and styles, 1,000 elements, 200
links, 16 KB of text. `swollen` puts that much around a page of demo/. The same number always gives the same page.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from demo import pages
from demo.articles import MOSCOW, DemoArticle
from demo.site import DemoSite

_WORDS = {
    "ru": "порт кластер мост завод совет музей парк ледокол трамвай форум выставка проект участники город инженер склад цех приняли "
    "открыли построили показали обсудили подписали запустили новый первый большой речной северный опытный районный договор "
    "станок команда лаборатория причал вокзал школа студент конкурс премия поставка оборудование линия канал набережная "
    "комитет встреча доклад соглашение в на для по из после перед между и также уже вновь",
    "en": "port cluster bridge plant council museum park icebreaker tram forum exhibition project members city engineer depot "
    "opened built showed discussed signed launched new first large river northern trial district contract lathe team "
    "laboratory pier station school student contest award delivery equipment line canal embankment committee meeting "
    "report agreement in at for the with after before between and also already again",
}  # fmt: skip
#: About what real pages carry beside the article.
_SCRIPT, _LINKS, _BOXES = 140_000, 190, 400


def articles(site: DemoSite, count: int) -> Iterator[DemoArticle]:
    """Yield so many articles for a site, newest first, in its languages by turns."""
    chance = random.Random(site.id)
    languages = list(site.editions)
    for number in range(count):
        language = languages[number % len(languages)]
        at = datetime(2026, 11, 19, 9, tzinfo=MOSCOW) - timedelta(hours=7 * number + chance.randrange(6))
        categories = list(site.editions[language].categories) or [""]
        yield DemoArticle(
            site.id, str(1000 + number), language, sentence(chance, language, 7).rstrip("."), at, f"{site.id}-{number}",
            tuple(_paragraph(chance, language, part) for part in range(chance.randrange(4, 12))),
            category=categories[number % len(categories)], picture=sentence(chance, language, 4) if number % 3 else "",
        )  # fmt: skip


def sentence(chance: random.Random, language: str, count: int) -> str:
    """Return a sentence of so many words and a number."""
    words = chance.choices(_WORDS[language].split(), k=count)
    return " ".join([*words, str(chance.randrange(10, 9999))]).capitalize() + "."


def swollen(page: pages.Page, number: int) -> pages.Page:
    """Return a page with as much around its own content as a real one has."""
    script = "".join(f"window.d{n}={{a:{n * number % 997},b:'{n:x}',c:[{n},{n + 1}]}};\n" for n in range(_SCRIPT // 44))
    links = "".join(
        f'<li class="menu__item menu__item_{n % 7}"><a class="menu__link" href="/sections/part-{n}/" data-track="menu:{n}">'
        f"<span>Section {n}</span></a></li>\n"
        for n in range(_LINKS)
    )
    # The site's own furniture: the same on all its pages.
    boxes = "".join(
        f'<div class="tile tile_{n % 5}" data-id="{n}" style="order:{n}" data-options=\'{{"kind":"promo","at":{n}}}\'>'
        f'<div class="tile__text" title="tile {n}"><a href="/promo/{n}/">Service {n}</a></div></div>\n'
        for n in range(_BOXES)
    )
    head = f"<script>{script}</script>\n"
    foot = f'<nav class="mega"><ul>{links}</ul></nav>\n<footer class="tiles">{boxes}</footer>\n'
    # What is put around is ASCII: whatever charset the page is in, its bytes stay as they are.
    body = page.body.decode("latin-1").replace("</head>", f"{head}</head>", 1).replace("</body>", f"{foot}</body>", 1)
    return pages.Page(body.encode("latin-1"), page.type, page.modified)


def _paragraph(chance: random.Random, language: str, part: int) -> str:
    if part and part % 3 == 0:
        return chance.choice(("## ", "- ")) + sentence(chance, language, 5)
    return " ".join(sentence(chance, language, chance.randrange(8, 20)) for _ in range(chance.randrange(2, 6)))
