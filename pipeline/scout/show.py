"""What a scout saw, for the operator's eyes: Rich on a terminal, plain lines in a pipe.

Whatever comes from a site is shown as text, never as Rich's markup.
"""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from pipeline.scout.doctor import Diagnosis
from pipeline.scout.findings import Findings, Sample, Trial
from pipeline.scout.judge import Reread
from pipeline.scout.live import Checked
from pipeline.scout.probe import Probe

#: Links of a listing that are named.
_LINKS = 5
_GOOD, _BAD, _QUIET = "green", "red", "dim"


class Page:
    """Lines on the operator's terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)

    def line(self, text: str = "", style: str = "") -> None:
        """Print one line."""
        self._console.print(Text(text, style=style))

    # ── add ─────────────────────────────────────────────────────────────────────
    def findings(self, found: Findings) -> None:
        """Say what was found at a site."""
        self.line(f"{found.url}: {found.front.kind} {found.front.detail}".rstrip(), _GOOD if found.front.good else _BAD)
        self.line(f"robots.txt: {found.robots}")
        for one in found.trials:
            self._trial(one)
            if one.works and not one.dropped:
                for sample in one.samples:
                    self._sample(sample)
        if found.pair is not None:
            self.line("Versions of one article:")
            for url in found.pair:
                self.line(f"  {url}")
        elif len(found.proposed) > 1:
            self.line("No rule leads from one language's address to the other's; pairs will follow from the texts.")

    def _trial(self, one: Trial) -> None:
        languages = ", ".join(one.languages)
        what = one.problem or one.dropped or f"{len(one.links)} links" + (f", {languages}" if languages else "")
        style = _BAD if one.problem else _QUIET if one.dropped else _GOOD
        self.line(f"{one.listing.url} ({one.why}): {what}", style)
        if not one.problem and not one.dropped:
            for link in one.links[:_LINKS]:
                self.line(f"  {link.url}  {link.title}".rstrip())
            if len(one.links) > _LINKS:
                self.line(f"  … and {len(one.links) - _LINKS} more", _QUIET)

    def _sample(self, one: Sample) -> None:
        article = one.article
        if article is None:
            self.line(f"  {one.link.url}: {one.problem}", _BAD)
            return
        dated = f"{article.published.at:%Y-%m-%d} ({article.published.evidence})" if article.published else "no date"
        code = one.language.code if one.language else "?"
        self.line(f"  “{article.title}”, {dated}, {code}, {len(article.text)} characters, by {article.made_by}")
        for other in article.alternates:
            self.line(f"    in {other.language}: {other.url} ({other.evidence})", _QUIET)

    # ── check --live ────────────────────────────────────────────────────────────
    def checked(self, one: Checked) -> None:
        """Say how one source fared."""
        verdict = "passed" if one.passed else "failed"
        state = "" if one.source.enabled else ", disabled so far"
        self.line(f"{one.source.id}: {verdict}{state}; robots.txt: {one.robots}", _GOOD if one.passed else _BAD)
        for listing in one.listings:
            self.line(f"  {listing.listing.url}: {listing.problem or f'{listing.first} links'}")
        if one.sample is not None:
            self._sample(one.sample)
        if one.source.versions:
            self.line(f"  the other version: {one.version or 'not seen'}")
        for problem in one.problems:
            self.line(f"  {problem}", _BAD)

    # ── probe ───────────────────────────────────────────────────────────────────
    def probe(self, probe: Probe) -> None:
        """Say what a dry run saw."""
        self.line(f"{probe.source.id}; robots.txt: {probe.robots}")
        for url in probe.forbidden:
            self.line(f"  robots.txt forbids {url}", _BAD)
        for one in probe.listings:
            why = (
                f"the selector {one.listing.links}"
                if one.listing.links
                else f"the group {one.group}"
                if one.group
                else "all"
            )
            self.line(
                f"{one.listing.url}: {one.first} links, {why}; {one.fetch.kind}, {one.fetch.seconds:.2f} s", "bold"
            )
            if one.problem:
                self.line(f"  {one.problem}", _BAD)
            for link in one.links:
                self.line(f"  {link.url}  {link.title}".rstrip())
        for sample in probe.samples:
            self.line(
                f"{sample.link.url}: {sample.fetch.seconds:.2f} s to fetch, {sample.seconds:.2f} s to read", "bold"
            )
            self._sample(sample)
            self._lines(sample)
        self.line(
            f"{len(probe.fetches)} requests, {sum(fetch.seconds for fetch in probe.fetches):.2f} s; nothing stored"
        )

    def _lines(self, sample: Sample) -> None:
        for text in sample.article.text.split("\n")[:3] if sample.article else ():
            self.line(f"    {text}")
        for text in sample.article.dropped if sample.article else ():
            self.line(f"    dropped: {text}", _QUIET)

    # ── doctor ──────────────────────────────────────────────────────────────────
    def diagnosis(self, one: Diagnosis, difference: str) -> None:
        """Say what is wrong with a source, and what would mend it."""
        if not one.complaints:
            self.line(
                f"{one.source.id}: well; {len(one.before)} known articles were asked again and read as they did", _GOOD
            )
            return
        self.line(f"{one.source.id}: drifted", _BAD)
        for what in one.complaints:
            self.line(f"  {what}")
        for before, after in zip(one.before, one.after, strict=False):
            self.line(f"  {before.item.article.url}")
            self.line(f"    known:  {_size(before.item.article.title, before.item.article.text)}")
            self.line(f"    before: {_reread(before)}")
            self.line(f"    after:  {_reread(after)}")
        for what in one.unmended:
            self.line(f"  not mended: {what}", _BAD)
        for text in difference.splitlines():
            style = {"+": _GOOD, "-": _BAD}.get(text[:1], "")
            self.line(text, style)


def _reread(one: Reread) -> str:
    article = one.sample.article
    told = "; ".join(one.complaints)
    return (_size(article.title, article.text) if article else "no article") + (f"; {told}" if told else "")


def _size(title: str, text: str) -> str:
    return f"“{title}”, {len(text)} characters"
