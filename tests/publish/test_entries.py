from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.publish import entries, json_feed
from pipeline.publish.roster import channels
from tests.publish import newsroom, validity

CONFIG = newsroom.config()
ALL, RU, EN = channels(CONFIG)[:3]
STORIES = {story.id: story for story in newsroom.stories()}
LONG = " ".join(f"Слово{n} стоит в длинном предложении номер {n}." for n in range(80))


def named(name):
    return STORIES[newsroom.urn(f"story {name}")]


def links(entry):
    return [(link.rel, link.hreflang, link.href.removeprefix("https://")) for link in entry.links]


def one(rights=None, **fields):
    article = {"source": "bureau", "url": "https://bureau.example.com/1", "title": "Заголовок", "text": LONG, **fields}
    config = newsroom.config(bureau=rights) if rights is not None else CONFIG
    return entries.entry(newsroom.story("a", {"ru": [article]}), RU, config)


def test_a_bilingual_entry():
    entry = entries.entry(named("congress"), ALL, CONFIG)

    assert entry.id == named("congress").id
    assert (
        entry.title
        == "Конгресс «Реки & порты» соберёт 1200 участников / Rivers & Ports congress to gather 1,200 delegates"
    )
    assert links(entry) == [
        ("alternate", "ru", "bureau.example.com/news/118/"),
        ("related", "en", "bureau.example.com/en/news/118/"),
        ("via", "ru", "bureau.example.com/news/118/"),
        ("via", "en", "bureau.example.com/en/news/118/"),
    ]
    assert (entry.language, entry.languages, entry.author) == ("ru", ("ru", "en"), "Анна Невская")
    assert entry.content.count("<section lang=") == 2
    assert entry.content.index('<section lang="ru">') < entry.content.index('<section lang="en">')
    for page in ("https://bureau.example.com/news/118/", "https://bureau.example.com/en/news/118/"):
        assert f'href="{page}"' in entry.content
    assert entry.match.probability == 0.97


def test_the_order_of_titles_is_the_channel_s():
    entry = entries.entry(named("congress"), replace(ALL, title_order=("en", "ru")), CONFIG)

    assert entry.title.startswith("Rivers & Ports")
    assert links(entry)[0] == ("alternate", "en", "bureau.example.com/en/news/118/")
    assert entry.source_url == "https://bureau.example.com/en/news/"


def test_a_text_s_entry_points_to_the_other_language():
    ru, en = (entries.entry(named("congress"), channel, CONFIG) for channel in (RU, EN))

    assert (ru.id, en.id) == (named("congress").texts["ru"].id, named("congress").texts["en"].id)
    assert links(ru) == [
        ("alternate", "ru", "bureau.example.com/news/118/"),
        ("related", "en", "bureau.example.com/en/news/118/"),
    ]
    assert ru.updated.isoformat() == "2026-05-17T21:00:00+00:00", "the late translation does not touch it"
    assert "section" not in ru.content


def test_a_text_on_two_sites_names_both():
    entry = entries.entry(named("filters"), RU, CONFIG)

    assert [link[::2] for link in links(entry)] == [
        ("alternate", "cluster.example.com/posts/filtry?ELEMENT_ID=12"),
        ("via", "cluster.example.com/posts/filtry?ELEMENT_ID=12"),
        ("via", "bureau.example.com/news/119/"),
    ]
    assert 'Тот же текст: <a href="https://bureau.example.com/news/119/"' in entry.content


def test_the_footer_names_source_and_day_of_retrieval():
    ru, en = (validity.text_of(entries.entry(named("congress"), channel, CONFIG).content) for channel in (RU, EN))

    assert ru.endswith("Источник: Бюро съездов. Получено 18 мая 2026 г. Лицензия: CC BY 4.0.")
    assert en.endswith("Source: Congress Bureau. Retrieved on 19 May 2026. Licence: CC BY 4.0.")


def test_the_day_of_retrieval_is_the_source_s():
    assert "Получено 19 мая 2026 г." in one(first_seen="2026-05-18T22:30:00Z").content


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (None, "Дата публикации не указана."),
        (["2026-05-10T00:00:00Z", "UTC", "day", "prose"], "Дата взята из текста."),
        (["2026-05-10T00:00:00Z", "UTC", "day", "meta"], None),
    ],
)
def test_a_date_that_no_page_states_is_marked(published, said):
    content = one(published=published).content

    assert (said in content) if said else ("Дата" not in content)


def test_an_excerpt_source_gives_no_forty_words_in_a_row():
    entry = one(rights={}, html=f"<p>{LONG}</p>", images=[{"url": "https://bureau.example.com/i.jpg"}])

    words = LONG.split()
    everything = " ".join((entry.title, entry.summary, validity.text_of(entry.content)))
    assert entry.summary.endswith(".")
    assert entry.summary in everything
    assert not any(" ".join(words[n : n + 40]) in everything for n in range(len(words) - 40))
    assert entry.images == ()
    assert "<img" not in entry.content
    assert 'href="https://bureau.example.com/1"' in entry.content


def test_a_link_source_gives_its_title_and_a_link():
    entry = one(rights={"publish": "link", "images": "link"})

    assert entry.summary == "Заголовок"
    assert "Слово" not in entry.content
    assert 'href="https://bureau.example.com/1"' in entry.content


def test_each_text_is_bounded_by_its_own_source():
    story = newsroom.story(
        "a",
        {
            "ru": [{"source": "bureau", "url": "https://bureau.example.com/1", "title": "А", "text": LONG}],
            "en": [{"source": "expo", "url": "https://expo.example.com/1", "title": "B", "text": "Secret body."}],
        },
    )
    content = entries.entry(story, ALL, CONFIG).content

    assert "Слово79" in content
    assert "Secret" not in content


def test_a_source_that_left_keeps_the_narrow_rights():
    entry = one(source="gone", url="https://gone.example.com/1")

    assert (entry.source_title, entry.source_url) == ("gone.example.com", "https://gone.example.com/")
    assert "Слово79" not in entry.content


def test_a_picture_stands_once():
    picture = {"url": "https://bureau.example.com/i.jpg", "alt": "Вид"}
    within = one(
        rights={"publish": "full", "images": "link"},
        images=[picture],
        html='<p>а<img src="https://bureau.example.com/i.jpg"></p>',
    )
    beside = one(rights={"publish": "full", "images": "link"}, images=[picture], html="<p>а</p>")

    assert within.content.count("<img ") == beside.content.count("<img ") == 1
    assert [image.url for image in beside.images] == ["https://bureau.example.com/i.jpg"]


def test_an_article_without_title_is_called_by_its_beginning():
    assert one(title=" ", text="Порт открыт. Дальше.").title == "Порт открыт. Дальше."
    assert one(title="", text="").title == "Без заголовка"


def test_mixed_texts_are_tagged_as_readers_know_it():
    story = newsroom.story("a", {"mixed": [{"url": "https://bureau.example.com/1", "title": "Обе", "text": "Both."}]})
    entry = entries.entry(story, ALL, CONFIG)

    assert (entry.language, entry.links[0].hreflang) == ("mul", "")


def test_shortened_keeps_summary_and_pages():
    entry = entries.entry(named("congress"), ALL, CONFIG)
    short = entries.shortened(entry)

    assert replace(short, content="") == replace(entry, content="")
    assert entry.summary in validity.text_of(short.content)
    assert short.content.count('href="https://bureau.example.com/') == 3


def test_no_text_no_entry():
    with pytest.raises(ValueError, match="has no text for the feed en"):
        entries.entry(named("filters"), EN, CONFIG)


def test_known_payloads_as_titles_and_bodies_do_not_run(shared):
    payloads = json.loads((shared / "corpora" / "xss_payloads.json").read_text())["payloads"]

    for payload in payloads:
        entry = one(
            rights={"publish": "full", "images": "link"}, title=payload["html"], text=payload["html"], html=payload["html"],
            authors=[payload["html"]], images=[{"url": payload["html"], "alt": payload["html"]}],
        )  # fmt: skip
        assert validity.html_faults(entry.content) == [], payload["name"]
        assert all(validity.URI.fullmatch(link.href) for link in entry.links)


FILES = [
    {
        "url": "https://bureau.example.com/f/Программа.pdf",
        "title": "Программа <b>",
        "type": "application/pdf",
        "size": 1258291,
    },
    {"url": "https://bureau.example.com/x", "title": "", "type": ""},
    {"url": "javascript:alert(1)//.pdf", "title": "Нет", "type": "application/pdf"},
]


@pytest.mark.parametrize("rights", [{}, {"publish": "full"}])
def test_documents_are_listed_with_their_type_and_size(rights):
    entry = one(rights=rights, html=f"<p>{LONG}</p>", attachments=FILES)

    address = "https://bureau.example.com/f/%D0%9F%D1%80%D0%BE%D0%B3%D1%80%D0%B0%D0%BC%D0%BC%D0%B0.pdf"
    assert f'href="{address}"' in entry.content
    assert "Программа &lt;b&gt;</a> (PDF, 1,2 МБ)</li>" in entry.content
    assert "javascript" not in entry.content
    assert validity.html_faults(entry.content) == []
    item = json.loads(json_feed.line(entry))
    assert item["attachments"] == [
        {"url": address, "mime_type": "application/pdf", "title": "Программа <b>", "size_in_bytes": 1258291},
        {"url": "https://bureau.example.com/x", "mime_type": "application/octet-stream"},
    ]


def test_where_only_a_link_may_stand_no_document_does():
    for entry in (one(rights={"publish": "link"}, attachments=FILES), one(attachments=FILES, robots=["nosnippet"])):
        assert entry.attachments == ()
        assert "/f/" not in entry.content


def test_a_document_of_both_languages_stands_once_in_a_bilingual_entry():
    sides = {
        language: [{"source": "bureau", "url": f"https://bureau.example.com/{language}", "title": "T", "text": LONG,
                    "attachments": FILES[:1]}]
        for language in ("ru", "en")
    }  # fmt: skip
    entry = entries.entry(newsroom.story("a", sides), ALL, CONFIG)

    assert len(entry.attachments) == 1
    assert "(PDF, 1.2 MB)" in entry.content
