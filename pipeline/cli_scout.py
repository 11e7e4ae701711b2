"""The verbs that help the operator: add, fetch, opml, probe, doctor, and the live half of check.

Each settles where things are, lets the scout look, shows what it saw, and writes only after a yes.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from pipeline import address, cli_init, desk, owners, sources, terminal
from pipeline.errors import ConfigError, NevawireError
from pipeline.newsroom import Newsroom
from pipeline.options import AllowOption, FeedsOption, JsonOption, SourcesOption, StoreOption, YesOption
from pipeline.scout import byhand, doctor, live, opml, preview, probe
from pipeline.scout.look import look
from pipeline.scout.show import Page
from pipeline.scout.visitor import Visitor
from pipeline.settings import Settings, settle
from pipeline.sources import edit
from pipeline.store import require

KindOption = Annotated[str, typer.Option("--kind", metavar="WORD", help="Sort of source, any word; one feed for each.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("add")(add)
    app.command("fetch")(fetch)
    app.command("opml")(import_opml)
    app.command("probe")(probe_)
    app.command("doctor")(doctor_)


def add(
    url: Annotated[str, typer.Argument(help="Address of a site, or of its news.")],
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    allow: AllowOption = None, kind: KindOption = "site", yes: YesOption = False,
    id_: Annotated[str, typer.Option("--id", help="The source's id; made from the site's name where left out.")] = "",
) -> None:  # fmt: skip
    """Look at a site, show what was found, and write it into sources.yaml."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    target, data = desk.address_of(url), desk.file_of(settings)
    config = sources.parse(data, str(settings.sources))
    taken = {source.id for source in config.sources}
    if id_ in taken:
        raise ConfigError(f"--id {id_}: there is such a source already; choose another")
    stranger = owners.stranger(data, str(settings.sources), target, kind, id_ or desk.STRANGER)
    found = desk.at_work(
        settings, config, [target],
        lambda room: look(Visitor(room, stranger), target, kind=kind, taken=taken, id_=id_),
    )  # fmt: skip
    page = Page()
    page.findings(found)
    if not found.block:
        page.line("No listing of articles was found; give the address of the page that lists the news.", "red")
        if found.hint:
            page.line(found.hint, "red")
        raise typer.Exit(3)
    page.line(f"\n# {found.note}")
    page.line(found.text)
    changed = edit.added(data, found.id, found.block, str(settings.sources), found.note)
    if desk.agreed(page, yes, f"Write {found.id} into {settings.sources}?"):
        edit.replace(settings.sources, data, changed, [found.id])
        page.line(f"{found.id} is written; `nevawire run --source {found.id}` collects it", "green")


def check_live(settings: Settings, names: Sequence[str], *, yes: bool, as_json: bool) -> int:
    """Check sources against their sites; enable what passed, after a yes. Returns the exit code."""
    data = desk.file_of(settings)
    config = sources.parse(data, str(settings.sources))
    chosen = desk.named(config, names)
    urls = [listing.url for source in chosen for listing in source.listings]

    async def work(room: Newsroom) -> list[live.Checked]:
        return list(await asyncio.gather(*(live.check(room, source) for source in chosen)))

    results = desk.at_work(settings, config, urls, work, of=chosen)
    changed = data
    for one in results:
        if one.passed:
            changed = edit.confirmed(changed, one.source.id, str(settings.sources), one.unseen)
    page = Page()
    if as_json:
        typer.echo(json.dumps({"sources": [one.as_json() for one in results]}, ensure_ascii=False))
    else:
        for one in results:
            page.checked(one)
    passed = [one.source.id for one in results if one.passed]
    question = f"Enable what passed ({', '.join(passed)}) and take away its `# unverified`?"
    if changed != data and desk.agreed(page, yes, question, quiet=as_json):
        edit.replace(settings.sources, data, changed, passed)
        if not as_json:
            page.line(f"{settings.sources} is written", "green")
    return 0 if len(passed) == len(results) else 3


def fetch(
    url: Annotated[str, typer.Argument(help="Address of one article.")],
    source: Annotated[str, typer.Option("--source", metavar="ID", help="The source it belongs to.")],
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    allow: AllowOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Add one article by hand: fetched, read, stored, paired and published like any other."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    config, target = sources.load(settings.sources), desk.address_of(url)
    owner = desk.named(config, [source])[0]
    report = desk.at_work(
        settings, config, [target], lambda room: byhand.fetch(room, owner, target), of=[owner], keep=False
    )
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else terminal.summary(report))
    for problem in () if as_json else report.sources[0].problems:
        typer.echo(f"  {problem.kind}: {problem.url} {problem.detail}".rstrip(), err=True)
    raise typer.Exit(report.exit_code)


def import_opml(
    file: Annotated[Path, typer.Argument(help="An OPML file, as feed readers export it.")],
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    kind: KindOption = "feed", yes: YesOption = False,
) -> None:  # fmt: skip
    """Import the feeds of an OPML file, one source a site. Nothing is fetched."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds)
    data, page = desk.file_of(settings), Page()
    config = sources.parse(data, str(settings.sources))
    known = {address.key(listing.url) for source in config.sources for listing in source.listings}
    taken = {source.id for source in config.sources}
    try:
        found = opml.sources_of(file.read_bytes(), str(file), kind=kind, taken=taken, known=known)
    except OSError as error:
        raise NevawireError(f"{file}: cannot be read ({error.strerror})") from error
    changed = data
    for id_, block in found.items():
        changed = edit.added(changed, id_, block, str(settings.sources))
        page.line(edit.rendered(id_, block))
    if not found:
        page.line(f"{file}: no feed in it that is not there already")
    elif desk.agreed(page, yes, f"Write {len(found)} sources into {settings.sources}?"):
        edit.replace(settings.sources, data, changed, list(found))
        page.line("written, disabled; `nevawire check --live` looks at them and enables what works", "green")


def probe_(
    what: Annotated[str, typer.Argument(metavar="SOURCE|URL", help="A source's id, or any address.")],
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    allow: AllowOption = None, as_json: JsonOption = False,
    html: Annotated[Path | None, typer.Option("--html", help="Also write a side-by-side preview to this file.")] = None,
) -> None:  # fmt: skip
    """Dry run: which links would be taken and why, and how the first articles would come out. Nothing is stored."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    data = desk.file_of(settings)
    config = sources.parse(data, str(settings.sources))
    known = config.by_id
    if what in known:
        urls = [listing.url for listing in known[what].listings]
        own = known[what]
        seen = desk.at_work(settings, config, urls, lambda room: probe.probe(room, own), of=[own], keep=False)
    elif "/" in what or "." in what:
        target = desk.address_of(what)
        owner = owners.owner(config, target) or owners.stranger(
            data, str(settings.sources), target, "site", desk.STRANGER
        )
        seen = desk.at_work(
            settings, config, [target], lambda room: probe.page(room, owner, target), of=[owner], keep=False
        )
    else:
        raise ConfigError(f"{what}: neither a source nor an address; known are {', '.join(sorted(known))}")
    if html is not None:
        desk.write_text(html, preview.render(seen))
    if as_json:
        typer.echo(json.dumps(seen.as_json(), ensure_ascii=False))
    else:
        Page().probe(seen)
    raise typer.Exit(3 if seen.failed else 0)


def doctor_(
    source: Annotated[str | None, typer.Argument(help="Only this source.")] = None,
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    allow: AllowOption = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the proposal into sources.yaml.")] = False,
    system: Annotated[bool, typer.Option("--system", help="Look at this machine instead: disk, clock, addresses …")] = False,
) -> None:  # fmt: skip
    """Mend sources that drifted: learn selectors from their last good articles, and propose the change."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    if system:
        raise typer.Exit(cli_init.system(settings))
    data = desk.file_of(settings)
    config = sources.parse(data, str(settings.sources))
    require(settings.store)
    chosen = desk.named(config, [source] if source else [one.id for one in config.sources if one.enabled])
    urls = [listing.url for one in chosen for listing in one.listings]

    async def work(room: Newsroom) -> list[doctor.Diagnosis]:
        return list(await asyncio.gather(*(doctor.examine(room, one) for one in chosen)))

    results = desk.at_work(settings, config, urls, work, of=chosen)
    yesterday = (settings.clock.now() - timedelta(days=1)).date().isoformat()
    changed, page, name = data, Page(), str(settings.sources)
    for one in results:
        after = (
            edit.mended(changed, one.source.id, name, rule=one.rule, until=yesterday, links=one.links)
            if one.mends
            else changed
        )
        page.diagnosis(one, edit.difference(changed, after, name))
        changed = after
    if changed != data and apply:
        edit.replace(settings.sources, data, changed, [one.source.id for one in results if one.mends])
        page.line(f"{name} is written", "green")
    elif changed != data:
        page.line("Nothing is written; --apply writes it.")
    raise typer.Exit(3 if any(one.unmended or (one.mends and not apply) for one in results) else 0)
