"""A probe as one HTML page: each article's page on the left, what is read out of it on the right; pure.

The left side is the page's words only, escaped, in a frame that may do nothing: no script of the page runs,
no picture of it is asked for.
"""

from __future__ import annotations

from html import escape

from bs4 import BeautifulSoup

from pipeline import characters
from pipeline.collect import markup
from pipeline.model import FetchedPage
from pipeline.scout.findings import Sample
from pipeline.scout.probe import Probe

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>body{{font:16px/1.5 sans-serif;margin:2rem}} .two{{display:grid;grid-template-columns:1fr 1fr;gap:2rem}}
iframe{{width:100%;height:34rem;border:1px solid #999}} .dropped{{color:#999;text-decoration:line-through}}
dt{{font-weight:bold}} .problem{{color:#b00}}</style></head><body>
"""


def render(probe: Probe) -> str:
    """Return the preview page."""
    parts = [_HEAD.format(title=escape(f"Preview of {probe.source.id}")), f"<h1>{escape(probe.source.id)}</h1>"]
    parts.append(f"<p>robots.txt: {escape(probe.robots)}. {len(probe.fetches)} requests.</p>")
    for one in probe.listings:
        why = one.listing.links or one.group or one.kind
        told = f'<p class="problem">{escape(one.problem)}</p>' if one.problem else ""
        parts.append(f"<h2>{escape(one.listing.url)}</h2>{told}<p>{one.first} links, chosen by {escape(why)}</p><ol>")
        parts += [f"<li>{escape(link.title or '(no title)')} — {escape(link.url)}</li>" for link in one.links]
        parts.append("</ol>")
    parts += [_article(sample) for sample in probe.samples]
    return "\n".join([*parts, "</body></html>\n"])


def _article(sample: Sample) -> str:
    left = escape(_words(sample.page)) if sample.page else "no page came"
    frame = escape(f'<meta charset="utf-8"><pre style="white-space:pre-wrap">{left}</pre>', quote=True)
    return (
        f"<h2>{escape(sample.link.url)}</h2>\n"
        f'<div class="two"><iframe sandbox="" title="the page\'s words" srcdoc="{frame}"></iframe><div>{_read(sample)}</div></div>'
    )


def _read(sample: Sample) -> str:
    article = sample.article
    if article is None:
        return f'<p class="problem">{escape(sample.problem)}</p>'
    dated = f"{article.published.at:%Y-%m-%d %H:%M} UTC ({article.published.evidence})" if article.published else "none"
    facts = {"language": sample.language.code if sample.language else "", "date": dated, "read by": article.made_by}
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    kept = "".join(f"<p>{escape(line)}</p>" for line in article.text.split("\n"))
    gone = "".join(f'<p class="dropped">{escape(line)}</p>' for line in article.dropped)
    return f"<h3>{escape(article.title)}</h3><dl>{listed}</dl>{kept}{gone}"


def _words(page: FetchedPage) -> str:
    soup: BeautifulSoup = markup.read(page)
    for tag in soup(["script", "style", "noscript", "template"]):
        tag.decompose()
    return characters.paragraphs(soup.get_text("\n"))
