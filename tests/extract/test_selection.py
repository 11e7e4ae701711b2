"""Selections answered in one walk: the same elements that libxml2 selects, in the same order."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from trafilatura import core, xpaths
from trafilatura import settings as theirs

from pipeline.extract import naming, selection
from pipeline.extract.selection import Selection, hastened

REGEXP = {"re": "http://exslt.org/regular-expressions"}
KNOWN = (
    ".//div[@class]",
    ".//*[@class='menu' or @id = 'menu']",
    ".//*[self::div or self::p][contains(@class, 'me') or starts-with(@id, 'c')]",
    ".//*[re:test(@id|@class, '^(?:menu|[Cc]omment)$')]",
    ".//*[starts-with(@class|@id, 'comment')]",
    ".//*[re:test(@class, 'MENU', 'i')][@id]",
    ".//p[contains(translate(@class, 'M', 'm'), 'men')]",
    ".//div[@id]|.//p|.//span[@class='a or b']",
    "(.//*[self::div or self::span][@class])[1]",
    "(.//p)[1]",
    ".//p|.//div[@class]|.//section",
    ".//*[self::div or self::p][@class][1]",
    ".//*[self::div or self::p][@class][not(.//span) or @id]",
    ".//*[re:test(@class, 'x|a \\| b|\\[y\\]')]",
    ".//div[re:test(@class, '^(?:menu|list)|com[a-z]?ments|[Nn]ews(?!x)')]",
    ".//div[re:test(@class, '(?:a|b)-menu|(?:co(?:mm|nn))ent|(menu|list)')]",
    ".//*[self::div or self::p][@id='menu' or starts-with(@class, 'comm')][@class]",
    ".//section[contains(@class, 'nowhere')]|.//p[@class='comment']",
)
STRANGE = (
    "//div[@class]",
    ".//div[@class]/p",
    ".//p[2]",
    ".//*",
    ".//p[1][@class]",
    ".//header[not(p)]",
    "(.//div[@class][1])[1]",
    "(.//p)[1]|(.//div)[1]",
    ".//div[text()='x']",
    ".//div[contains(@class, '')]",
    ".//div[re:test(@class, '^$')]",
)
VALUES = st.sampled_from(
    ["menu", "Menu", "comment", "comments list", "a or b", "a | b", "[y]", "", "новости", " menu "]
)
TAGS = st.sampled_from(["div", "p", "span", "section", "ul"])


@st.composite
def trees(draw: st.DrawFn) -> html.HtmlElement:
    """A page whose elements have class and id in either order."""
    root = html.Element("body")
    elements = [root]
    for _ in range(draw(st.integers(0, 14))):
        child = html.Element(draw(TAGS))
        for name in draw(st.permutations(["class", "id", "style"]))[: draw(st.integers(0, 3))]:
            child.set(name, draw(VALUES))
        draw(st.sampled_from(elements)).append(child)
        elements.append(child)
        if draw(st.booleans()):
            child.append(etree.Comment("note"))
    return root


@pytest.mark.parametrize("path", KNOWN)
@settings(max_examples=25, deadline=None)
@given(trees())
def test_a_known_selection_takes_what_libxml2_takes(path: str, tree: html.HtmlElement) -> None:
    xpath = etree.XPath(path, namespaces=REGEXP)
    faster = hastened(xpath)

    assert isinstance(faster, Selection)
    assert faster(tree) == xpath(tree)
    assert faster(tree) == xpath(tree)  # remembered now
    with naming.of_page(tree):
        assert faster(tree) == xpath(tree)
        assert faster(tree) == xpath(tree)


@pytest.mark.parametrize("path", KNOWN)
@settings(max_examples=25, deadline=None)
@given(trees())
def test_where_only_the_first_is_asked_for_that_one_is_taken(path: str, tree: html.HtmlElement) -> None:
    xpath = etree.XPath(path, namespaces=REGEXP)

    assert hastened(xpath, alone=True)(tree) == xpath(tree)[:1]


def test_more_values_than_are_kept_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_KEPT", 3)
    tree = html.Element("body")
    for number in range(20):
        etree.SubElement(tree, "div", {"class": f"menu-{number}" if number % 3 else f"news-{number}"})
    xpath = etree.XPath(".//div[contains(@class, 'menu')]")

    assert hastened(xpath)(tree) == xpath(tree)


@pytest.mark.parametrize("path", STRANGE)
def test_any_other_xpath_stays_what_it_is(path: str) -> None:
    xpath = etree.XPath(path, namespaces=REGEXP)

    assert hastened(xpath) is xpath


@settings(max_examples=40, deadline=None)
@given(trees())
def test_all_that_trafilatura_selects_is_the_same(tree: html.HtmlElement) -> None:
    tables = [one for table in vars(xpaths).values() if isinstance(table, list) for one in table]
    tables.append(theirs.BASIC_CLEAN_XPATH)
    originals = [one.xpath if isinstance(one, Selection) else one for one in tables]
    known = [(one, hastened(one)) for one in originals]

    assert sum(isinstance(faster, Selection) for _, faster in known) >= 20
    assert [one.path for one, faster in known if faster(tree) != one(tree)] == []
    with naming.of_page(tree):
        assert [one.path for one, faster in known if faster(tree) != one(tree)] == []


def test_in_what_trafilatura_makes_of_a_page_the_same_is_selected_by_what_its_elements_were_named() -> None:
    cases = sorted((Path(__file__).parents[1] / "data" / "extract").glob("*.html"))
    tables = [one for table in vars(xpaths).values() if isinstance(table, list) for one in table]
    known = [hastened(one.xpath if isinstance(one, Selection) else one) for one in tables]
    options = core.Extractor()
    vain = 0

    for case in cases:
        root = html.fromstring(case.read_bytes())
        made = core.convert_tags(core.tree_cleaning(copy(root), options), options)
        with naming.of_page(root):
            for one in known:
                if isinstance(one, Selection):
                    assert one(made) == one.xpath(made), (case.name, one.path)
                    vain += one.vain is naming.names.get()
    assert len(cases) >= 20
    assert vain > 4 * len(cases)


def test_names_are_known_beside_a_page_of_data() -> None:
    tree = html.fromstring(f"<div data-all='{'новости ' * 9000}' class='comments list'><p class='news'>1</p></div>")

    with naming.of_page(tree):
        assert len(naming.names.get()) < 100
        assert naming.names.get().split("\n")[0] == ""
        assert {"comments list", "news"} <= set(naming.names.get().split("\n"))


def test_a_page_that_names_nothing_of_it_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[html.HtmlElement] = []
    found = Selection._found
    monkeypatch.setattr(Selection, "_found", lambda self, tree: walked.append(tree) or found(self, tree))
    selection = Selection(etree.XPath(".//div[contains(@class, 'comment')]"))
    tree = html.fromstring("<div><div class='news'>1</div></div>")

    with naming.of_page(tree):
        assert selection(tree) == []
    assert walked == []
    assert selection(tree) == []
    assert walked == [tree]
