"""Selections answered in one walk: the same elements that libxml2 selects, in the same order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from trafilatura import settings as theirs
from trafilatura import xpaths

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
    ".//*[self::div or self::p][@class][1]",
    ".//*[self::div or self::p][@class][not(.//span) or @id]",
    ".//*[re:test(@class, 'x|a \\| b|\\[y\\]')]",
)
STRANGE = (
    "//div[@class]",
    ".//div[@class]/p",
    ".//p[2]",
    ".//header[not(p)]",
    "(.//div[@class][1])[1]",
    "(.//p)[1]|(.//div)[1]",
    ".//div[text()='x']",
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
