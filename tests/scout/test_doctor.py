"""A template changed: classes renamed, the container moved. The doctor finds out by itself."""

from __future__ import annotations

from dataclasses import replace
from string import Template

import pytest

from pipeline.scout import doctor
from pipeline.sources import edit

#: Site → what its maker changed in every template, as (old, new).
CHANGES = {
    "bureau": [
        ('<h1>$title</h1>\n<div class="date">$date</div>', '<div class="headline"><h2>$title</h2></div>'),
        ('<div class="column-15 offset-2">\n$picture\n$body\n</div>',
         ('<div class="wide"><div class="matter">\n$picture\n$body\n<p class="read-on">Ещё больше новостей — в нашем канале</p></div>'
          '<p class="stamp">$date</p></div>')),
        ('class="event-image"', 'class="pic"'),
        ('class="share"', 'class="spread-it"'),
        ('<main class="container">\n$main\n</main>', '<div id="stage"><div class="inner">$main</div></div>'),
    ],
    "instruments": [
        ('<div class="data">$date</div>\n<div class="text">\n$picture\n$body\n</div>',
         '<div class="sheet"><div class="matter">$picture\n$body</div><i class="kogda">$date</i></div>'),
    ],
    "cluster-blog": [
        ('<div class="post"><h2><a href="$path">$title</a></h2>', '<div class="entry"><h3 class="name"><a href="$path">$title</a></h3>'),
        ('class="post-text user-inner"', 'class="entry-words"'),
    ],
}  # fmt: skip


def redesign(sites, site):
    """Change a sample site's templates, as its maker would: the news stays, the mark-up does not."""
    state = sites._states[site]
    templates = dict(state.site.templates)
    for name, template in templates.items():
        text = template.template
        for old, new in CHANGES[site]:
            text = text.replace(old, new)
        templates[name] = Template(text)
    assert templates != state.site.templates
    state.site = replace(state.site, templates=templates)
    state.rebuild()


@pytest.fixture
def established(desk, sites):
    """The sample sites' own sources file, collected once."""
    desk.file.write_text(sites.sources_yaml(), encoding="utf-8")
    return desk


def examined(desk, id_):
    return desk.at_work(lambda room: doctor.examine(room, desk.source(id_)))


def shown(items):
    return {
        url: (item.article.title, item.article.text, item.article.published and item.article.published.at)
        for url, item in items.items()
    }


@pytest.mark.parametrize("site", [*CHANGES, "science-park"])
def test_a_source_that_is_well_is_left_alone(established, site):
    established.collected(site)
    diagnosis = examined(established, site)
    assert diagnosis.complaints == ()
    assert not diagnosis.mends


@pytest.mark.parametrize("site", CHANGES)
def test_a_changed_template_is_mended(established, sites, site, tmp_path):
    desk = established
    before = shown(desk.collected(site))
    redesign(sites, site)
    diagnosis = examined(desk, site)
    assert diagnosis.complaints
    assert diagnosis.unmended == ()
    old = desk.file.read_bytes()
    new = edit.mended(old, site, "sources.yaml", rule=diagnosis.rule, until="2026-11-19", links=diagnosis.links)
    edit.replace(desk.file, old, new, [site])
    (tmp_path / "store").rename(tmp_path / "store.before")
    after = shown(desk.collected(site))
    assert after == before
    assert examined(desk, site).complaints == ()


def test_the_old_rule_ends_yesterday_and_the_new_one_stands_first(established, sites):
    established.collected("bureau")
    redesign(sites, "bureau")
    done = established.call("doctor", "bureau")
    assert done.exit_code == 3, done.output
    assert "+      - title:" in done.output
    assert "--apply writes it" in done.output
    assert established.source("bureau").rules[0].until is None
    done = established.call("doctor", "bureau", "--apply")
    assert done.exit_code == 0, done.output
    new, old = established.source("bureau").rules
    assert (new.until, old.until) == (None, "2026-11-19")
    assert (old.title, old.text) == ("h1", "div.column-15")
    assert "# the same id in both languages" in established.file.read_text("utf-8")


def test_a_text_far_shorter_than_before_is_drift_even_without_a_rule(established, sites):
    """The whole text moves where default extraction does not look for it."""
    before = established.collected("science-park")
    state = sites._states["science-park"]
    templates = dict(state.site.templates)
    text = templates["article.html"].template
    moved = text.replace('<div class="article-body">\n$body\n</div>', "<p>$title.</p>")
    moved += '\n<footer class="letter"><div class="comment-list">$body</div></footer>'
    templates["article.html"] = Template(moved)
    state.site = replace(state.site, templates=templates)
    state.rebuild()
    diagnosis = examined(established, "science-park")
    assert any(what.startswith("text:") for what in diagnosis.complaints) or diagnosis.before[0].complaints
    assert diagnosis.rule["text"]
    assert len(before) >= 15
    assert all(not one.complaints for one in diagnosis.after)


def test_nothing_is_proposed_that_would_not_read_as_before(established, sites):
    """The site was emptied: there is nothing to learn from, and nothing is made up."""
    established.collected("bureau")
    state = sites._states["bureau"]
    templates = dict(state.site.templates)
    templates["article.html"] = Template(
        "<h1>Сайт обновляется</h1><p>Мы скоро вернёмся с новым оформлением и новостями.</p>"
    )
    state.site = replace(state.site, templates=templates)
    state.rebuild()
    diagnosis = examined(established, "bureau")
    assert diagnosis.complaints
    assert diagnosis.unmended
    assert not diagnosis.rule
