"""Near-copies made in another way than by random words: sentences from a grammar, mixed ways of changing, both languages."""

from __future__ import annotations

import random

import pytest

from pipeline.model import Item
from pipeline.pairing.duplicates import grouped
from pipeline.pairing.features import features

from .season import item

pytestmark = pytest.mark.long

PARTS = {
    "ru": (
        "Губернатор Комитет Завод Музей Институт Кластер Порт Фонд Театр Метрополитен Университет Фестиваль".split(),
        "открыл представил завершил показал обсудил подписал отменил расширил изучил профинансировал".split(),
        "новый старый совместный городской морской зимний крупный малый детский первый северный".split(),
        "мост проект договор маршрут корпус причал конкурс павильон стенд отчёт план станок цех вокзал".split(),
        "в_Кронштадте на_Васильевском_острове для_инвесторов с_партнёрами_из_Азии до_конца_года у_Невы".split(),
    ),
    "en": (
        "Governor Committee Plant Museum Institute Cluster Port Fund Theatre Metro University Festival".split(),
        "opened presented finished showed discussed signed cancelled extended studied financed".split(),
        "new old joint urban marine winter large small first northern children's".split(),
        "bridge project contract route building pier contest pavilion stand report plan lathe shop station".split(),
        "in_Kronstadt on_Vasilievsky_Island for_investors with_partners_from_Asia by_year_end by_the_Neva".split(),
    ),
}
#: What the second site puts around every text of its own.
AROUND = {
    "ru": ("Новости партнёров. Реклама на сайте, телефон редакции, обратная связь.", "Читайте нас в мессенджерах."),
    "en": ("Partner news. Advertise with us, call the newsroom, give feedback.", "Follow us in messengers."),
}


def sentence(chance: random.Random, language: str) -> str:
    told = [chance.choice(options).replace("_", " ") for options in PARTS[language] for _ in range(1)]
    return f"{' '.join(told)} {chance.randint(2, 999)} {chance.choice(PARTS[language][3])}."


def story(chance: random.Random, language: str) -> list[str]:
    """Make up paragraphs of two to four sentences."""
    return [
        " ".join(sentence(chance, language) for _ in range(chance.randint(2, 4))) for _ in range(chance.randint(3, 7))
    ]


def changed(paragraphs: list[str], chance: random.Random, language: str) -> list[str]:
    """Change a text in one or two of the ways another site would."""
    out = list(paragraphs)
    for way in chance.sample(("excerpt", "edits", "order", "around"), chance.randint(1, 2)):
        if way == "excerpt":  # the beginning, or something out of the middle
            keep = max(2, len(out) * 2 // 3)
            start = chance.choice((0, len(out) - keep))
            out = out[start : start + keep]
        elif way == "edits":  # a word dropped, doubled or put in here and there
            out = [" ".join(edited(one.split(), chance, language)) for one in out]
        elif way == "order":
            chance.shuffle(out)
        else:
            out = [AROUND[language][0], *out, AROUND[language][1]]
    return out


def edited(words: list[str], chance: random.Random, language: str) -> list[str]:
    at = chance.randrange(len(words))
    return [*words[:at], *chance.choice([[], [chance.choice(PARTS[language][2]), words[at]]]), *words[at + 1 :]]


def post(name: str, paragraphs: list[str], language: str, source: str, title: str) -> Item:
    url = f"https://{source}.example/{language}/{name}"
    return item(url, language, title, "\n".join([title, *paragraphs]), "2020-05-12", source=source)


def season(language: str, seed: int) -> tuple[list[Item], set[frozenset[str]]]:
    """Return 100 texts with a near-copy each and 25 pairs of one title and other text, and which are one text."""
    chance = random.Random(seed)
    items: list[Item] = []
    true: set[frozenset[str]] = set()
    for n in range(100):
        told = story(chance, language)
        items.append(post(f"a{n}", told, language, "press", f"A {n}"))
        items.append(
            post(f"b{n}", changed(told, chance, language), language, "wire", chance.choice((f"A {n}", f"B {n}")))
        )
        true.add(frozenset(one.id for one in items[-2:]))
    for n in range(25):
        sources = chance.choice((("forum", "forum"), ("forum", "wire")))
        for name, source in zip("cd", sources, strict=True):
            items.append(post(f"{name}{n}", story(chance, language), language, source, f"C {n}"))
    chance.shuffle(items)
    return items, true


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("seed", [11, 12])
def test_copies_changed_in_several_ways_are_found_and_nothing_else(language: str, seed: int) -> None:
    items, true = season(language, seed)
    found = {
        frozenset(one.id for one in group)
        for group in grouped(items, {i.id: features(i) for i in items})
        if len(group) > 1
    }
    assert len(found & true) >= 0.95 * len(true)
    assert len(found & true) >= 0.99 * len(found)
