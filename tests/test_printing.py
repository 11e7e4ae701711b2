"""Only feeds that change are made anew; what is missing or damaged on the disk is, too."""

from __future__ import annotations

import pytest

from pipeline import publish
from tests.publish.press import Press, configured, said, source

URL = "https://{}.example.com/{}"


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path, configured(source("bureau"), source("port")))
    for name in ("bureau", "port"):
        opened.arrive(URL.format(name, 1), f"Новость {name}", said(len(name)), of=name)
    opened.go()
    yield opened
    opened.close()


@pytest.fixture
def rendered(monkeypatch):
    """The names of the galleys that documents are made of, as they are made."""
    names, render = [], publish.render

    def noted(galley):
        names.append(galley.name)
        return render(galley)

    monkeypatch.setattr(publish, "render", noted)
    return names


def test_only_feeds_that_change_are_rendered(press, rendered):
    press.arrive(URL.format("port", 2), "Ещё новость", said(7), of="port")
    done = press.go()
    assert {"all", "ru", "source-port"} <= set(rendered)
    assert not {"en", "source-bureau", "index"} & set(rendered)
    assert {"source-bureau.rss", "en.html", "index.html", "icon.svg"} <= set(done.unchanged)
    assert {"source-port.rss", "all.json"} <= set(done.written)


@pytest.mark.parametrize("harm", ["missing", "cut", "twin"])
def test_what_is_not_as_it_was_left_is_made_anew(press, rendered, harm):
    path = press.feeds / "source-bureau.rss"
    whole = path.read_bytes()
    if harm == "cut":
        path.write_bytes(whole[:100])
    else:
        path.with_name(path.name + (".gz" if harm == "twin" else "")).unlink()
    press.arrive(URL.format("port", 2), "Ещё новость", said(7), of="port")
    press.go()
    assert "source-bureau" in rendered
    assert path.read_bytes() == whole
    assert path.with_name("source-bureau.rss.gz").exists()
