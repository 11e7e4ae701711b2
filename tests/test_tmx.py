"""The translation memory keeps to TMX 1.4b: what its specification demands of header, units, variants and segments."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import export_pairs
from pipeline.model import Match, Story
from pipeline.pairing import CONFIRMED
from tests.pairing.season import NEWS_PAIRS, item, paired, season

#: The elements and attributes of TMX 1.4b, in the order its specification gives them.
_ANY = "o-encoding CDATA #IMPLIED xml:lang CDATA #IMPLIED lang CDATA #IMPLIED"
_MADE = (
    "datatype CDATA #IMPLIED usagecount CDATA #IMPLIED lastusagedate CDATA #IMPLIED creationtool CDATA #IMPLIED "
    "creationtoolversion CDATA #IMPLIED creationdate CDATA #IMPLIED creationid CDATA #IMPLIED changedate CDATA #IMPLIED "
    "changeid CDATA #IMPLIED o-tmf CDATA #IMPLIED o-encoding CDATA #IMPLIED"
)
RULES = etree.DTD(
    io.StringIO(f"""
<!ELEMENT tmx (header, body)> <!ATTLIST tmx version CDATA #FIXED "1.4">
<!ELEMENT header (note | prop | ude)*>
<!ATTLIST header creationtool CDATA #REQUIRED creationtoolversion CDATA #REQUIRED o-tmf CDATA #REQUIRED
  segtype (block | paragraph | sentence | phrase) #REQUIRED adminlang CDATA #REQUIRED srclang CDATA #REQUIRED
  datatype CDATA #REQUIRED o-encoding CDATA #IMPLIED creationdate CDATA #IMPLIED creationid CDATA #IMPLIED
  changedate CDATA #IMPLIED changeid CDATA #IMPLIED>
<!ELEMENT body (tu*)>
<!ELEMENT note (#PCDATA)> <!ATTLIST note {_ANY}>
<!ELEMENT prop (#PCDATA)> <!ATTLIST prop type CDATA #REQUIRED {_ANY}>
<!ELEMENT ude (map+)> <!ATTLIST ude name CDATA #REQUIRED base CDATA #IMPLIED>
<!ELEMENT map EMPTY>
<!ATTLIST map unicode CDATA #REQUIRED code CDATA #IMPLIED ent CDATA #IMPLIED subst CDATA #IMPLIED>
<!ELEMENT tu ((note | prop)*, tuv+)>
<!ATTLIST tu tuid CDATA #IMPLIED srclang CDATA #IMPLIED
  segtype (block | paragraph | sentence | phrase) #IMPLIED {_MADE}>
<!ELEMENT tuv ((note | prop)*, seg)> <!ATTLIST tuv xml:lang CDATA #REQUIRED lang CDATA #IMPLIED {_MADE}>
<!ELEMENT seg (#PCDATA | bpt | ept | it | ph | hi | ut)*>
<!ELEMENT bpt (#PCDATA | sub)*> <!ATTLIST bpt i CDATA #REQUIRED x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT ept (#PCDATA | sub)*> <!ATTLIST ept i CDATA #REQUIRED>
<!ELEMENT it (#PCDATA | sub)*> <!ATTLIST it pos (begin | end) #REQUIRED x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT ph (#PCDATA | sub)*> <!ATTLIST ph assoc CDATA #IMPLIED x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT hi (#PCDATA | bpt | ept | it | ph | hi | ut)*> <!ATTLIST hi x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT ut (#PCDATA | sub)*> <!ATTLIST ut x CDATA #IMPLIED>
<!ELEMENT sub (#PCDATA | bpt | ept | it | ph | hi | ut)*> <!ATTLIST sub type CDATA #IMPLIED datatype CDATA #IMPLIED>
""")
)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: What <header> must have, and may have beside it.
DEMANDED = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
ALLOWED = {"o-encoding", "creationdate", "creationid", "changedate", "changeid"}
SEGTYPES = {"block", "paragraph", "sentence", "phrase"}
#: Attributes of <tu> and <tuv> that dates are in, and the form these have.
DATES, DATE = {"creationdate", "changedate", "lastusagedate"}, re.compile(r"\d{8}T\d{6}Z")
TU = DATES | {
    "tuid", "o-encoding", "datatype", "usagecount", "creationtool", "creationtoolversion", "creationid", "segtype",
    "changeid", "o-tmf", "srclang",
}  # fmt: skip
INLINE = {"bpt", "ept", "sub", "it", "ph", "hi", "ut"}


def check(text: str) -> list[tuple[str, str]]:
    """Check a memory by the specification; return its segments."""
    root = etree.fromstring(text.encode("utf-8"))
    assert RULES.validate(root), RULES.error_log
    assert (root.tag, dict(root.attrib)) == ("tmx", {"version": "1.4"})
    assert [child.tag for child in root] == ["header", "body"]
    header, body = root
    assert set(header.attrib) >= DEMANDED
    assert set(header.attrib) <= DEMANDED | ALLOWED
    assert header.get("segtype") in SEGTYPES
    assert {child.tag for child in header} <= {"note", "prop", "ude"}
    assert {child.tag for child in body} <= {"tu"}
    assert not (body.text or "").strip()
    ids = [unit.get("tuid") for unit in body]
    assert len(set(ids)) == len(ids)
    assert not any(re.search(r"\s", one) for one in ids)
    return [unit_of(unit, header.get("srclang")) for unit in body]


def unit_of(unit: etree._Element, source: str) -> tuple[str, str]:
    assert set(unit.attrib) <= TU
    assert all(DATE.fullmatch(unit.get(name)) for name in DATES & set(unit.attrib))
    tags = [child.tag for child in unit]
    variants = unit.findall("tuv")
    assert set(tags[: -len(variants)]) <= {"note", "prop"}  # these come first
    assert set(tags[-len(variants) :]) == {"tuv"}
    languages = [variant.get(XML_LANG) for variant in variants]
    assert languages == ["ru", "en"]
    assert source == "*all*" or source in languages
    for variant in variants:
        names = [child.tag for child in variant]
        assert (names.count("seg"), names[-1]) == (1, "seg")
        assert set(names[:-1]) <= {"note", "prop"}
        assert all(prop.get("type") for prop in variant.findall("prop"))
        assert {child.tag for child in variant[-1].iter()} <= {"seg", *INLINE}
    return tuple(variant[-1].text or "" for variant in variants)  # type: ignore[return-value]


def written(stories: list[Story]) -> str:
    file = io.StringIO()
    export_pairs.write_tmx(stories, file)
    return file.getvalue()


def confirmed(story: Story) -> Story:
    assert story.match is not None
    return replace(story, match=replace(story.match, reasons=(CONFIRMED, *story.match.reasons)))


def test_confirmed_pairs_of_a_season_make_a_memory() -> None:
    news = season()
    linked = [one for one in paired(news.items, sources=news.sources).stories if len(one.texts) == 2]
    assert len(linked) == len(NEWS_PAIRS)
    segments = check(written([confirmed(one) for one in linked]))
    assert {one.texts["ru"].lead.article.title for one in linked} <= {ru for ru, _ in segments}
    assert all(ru and en for ru, en in segments)
    assert check(written(linked)) == []


anything = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(anything, anything, st.lists(anything, max_size=3), st.lists(anything, max_size=3))
def test_no_text_breaks_the_memory(ru: str, en: str, more_ru: list[str], more_en: list[str]) -> None:
    one = item("https://a.example/ru/1?x=<&y=\"'", "ru", ru, "\n".join([ru, *more_ru]), "2023-05-10")
    other = item("https://a.example/en/1", "en", en, "\n".join([en, *more_en]), "2023-05-10")
    stories = paired([one, other]).stories
    texts = {code: text for story in stories for code, text in story.texts.items()}
    story = replace(stories[0], texts=texts, state="linked", match=Match(one.id, other.id, 1.0, (CONFIRMED,)))
    assert len(check(written([story]))) >= 1


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (' srclang="*all*"', ""),
        (' segtype="paragraph"', ' segtype="chapter"'),
        (' datatype="plaintext"', ""),
        ('<tmx version="1.4">', '<tmx version="1.3">'),
        ('<tuv xml:lang="ru">', "<tuv>"),
        (' type="x-url"', ""),
        ("<seg>", "<seg>one</seg><seg>"),
        ("<seg>", "<seg><b/>"),
        ("</body>", "</body><body/>"),
    ],
)
def test_the_rules_see_what_is_wrong(right: str, wrong: str) -> None:
    news = season()
    linked = [confirmed(one) for one in paired(news.items[:40], sources=news.sources).stories if len(one.texts) == 2]
    text = written(linked[:2])
    assert right in text
    check(text)
    with pytest.raises(AssertionError):
        check(text.replace(right, wrong, 1))
