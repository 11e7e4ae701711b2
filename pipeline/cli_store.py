"""The verbs that keep the store: `backup`, `restore`, `prune`, `vacuum`, `verify`, `rebuild`, `metrics`, `db upgrade`, `db downgrade`, `db copy`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from pipeline import __version__, desk, duty, metrics, rebuild
from pipeline import store as stores
from pipeline.errors import ConfigError, NevawireError, StoreError
from pipeline.options import FeedsOption, JsonOption, SourcesOption, StoreOption, YesOption
from pipeline.settings import Settings, instant, settle
from pipeline.store import Store, open_store
from pipeline.translation_report import prices_in

_AGE = re.compile(r"([1-9][0-9]{0,4})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
database = typer.Typer(no_args_is_help=True, help="The store's database: its schema, and where it is.")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("prune")(prune)
    app.command("vacuum")(vacuum)
    app.command("verify")(verify)
    app.command("rebuild")(rebuild_)
    app.command("metrics")(metrics_)
    app.add_typer(database, name="db")


def backup(file: FileArgument, sources_file: SourcesOption = None, store: StoreOption = None) -> None:
    """Write database, pages and the sources file into one file, while everything goes on; then prove that it is whole."""
    settings = settle(os.environ, sources=sources_file, store=store)
    also = {"sources.yaml": desk.file_of(settings)} if settings.sources.exists() else {}
    if not file.parent.is_dir():
        raise ConfigError(f"{file.parent}: no such folder; make it first")
    with _opened(settings) as opened:
        made = opened.backup(file, also, settings.clock.now(), f"nevawire {__version__}")
    typer.echo(f"{file}: {made.pages} pages, schema {made.schema}, {_size(file.stat().st_size)}; read back and whole")
    if made.missing:
        typer.echo(f"{len(made.missing)} pages were missing from the archive already; see `nevawire verify`", err=True)


def restore(
    file: FileArgument, sources_file: SourcesOption = None, store: StoreOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the store that is there.")] = False,
) -> None:  # fmt: skip
    """Put a backup in place, into an empty folder. What was purged since is purged from it again."""
    settings = settle(os.environ, sources=sources_file, store=store)
    if force and stores.holds(settings.store):
        _nobody_at_work(settings)
    done = stores.restore(file, settings.store, settings.clock.now(), force=force)
    typer.echo(f"{settings.store}: restored as of {done.manifest.at}, {done.manifest.pages} pages")
    if done.purged:
        typer.echo(f"purged again: {', '.join(done.purged)}")
    if done.sources is not None and not settings.sources.exists():
        desk.write_text(settings.sources, done.sources.decode())
        typer.echo(f"{settings.sources}: as it was then")
    typer.echo("the next pass writes every feed again; look through it with `nevawire verify`")


def prune(
    keep: Annotated[str, typer.Option("--keep-pages", metavar="AGE", help="Let go of older raw pages: 90d, 26w, 18m, 1y.")],
    store: StoreOption = None,
    latest: Annotated[bool, typer.Option("--latest", help="Also what articles were last made of; no replay then.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and keep it.")] = False,
    yes: YesOption = False,
) -> None:  # fmt: skip
    """Remove old raw pages from the archive; what is known of them stays. Never what is still to be read."""
    settings = settle(os.environ, store=store)
    age, now = _age(keep), settings.clock.now()
    with _opened(settings) as opened:
        found = opened.upkeep.prunable(now - age, latest=latest)
        typer.echo(f"{len(found.digests)} pages, {_size(found.size)}; {found.kept} old ones are still needed")
        if dry_run or not found.digests:
            return
        if not yes:
            typer.confirm("Remove them?", abort=True)
        opened.upkeep.prune(found, now)
    typer.echo("removed")


def vacuum(store: StoreOption = None) -> None:
    """Give the space of deleted rows back to the disk."""
    with _opened(settle(os.environ, store=store)) as opened:
        before, after = opened.upkeep.vacuum()
    typer.echo(f"{_size(before)} before, {_size(after)} now")


def verify(store: StoreOption = None, feeds: FeedsOption = None, as_json: JsonOption = False) -> None:
    """Look whether all is whole: database, orphan rows, every page by its digest, every feed by a rebuild."""
    settings = settle(os.environ, store=store, feeds=feeds)
    columns = TextColumn("reading pages"), BarColumn(), MofNCompleteColumn()
    with _opened(settings) as opened, Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("pages")
        found = opened.inspect(lambda done, every: bar.update(task, completed=done, total=every))
        published = rebuild.compared(opened, settings.feeds, settings.clock.now())
        found = replace(found, findings=(*found.findings, *published))
    if as_json:
        typer.echo(json.dumps({**asdict(found), "whole": not found.findings}, ensure_ascii=False))
    else:
        for one in found.findings:
            typer.echo(str(one))
        typer.echo(f"{found.pages} pages read, {found.absent} known to be gone; {len(found.findings)} findings")
    raise typer.Exit(1 if found.findings else 0)


def rebuild_(
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="When, such as 2026-11-21T09:00+03:00; UTC without a zone.")],
    out: Annotated[Path, typer.Option("--feeds", metavar="OUT", help="The folder to write into; must be empty.")],
    store: StoreOption = None,
) -> None:  # fmt: skip
    """Write the feeds as they stood at a past instant, less what was purged since."""
    settings = settle(os.environ, store=store)
    when = instant("--at", at)
    with _opened(settings) as opened:
        done = rebuild.rebuild(opened, when, out)
    last = done.at.isoformat() if done.at else "never"
    typer.echo(f"{out}: {len(done.documents)} documents, the newest of {last}")
    if done.purged:
        typer.echo(f"{done.purged} places of entries that were purged since are left out")
    if done.otherwise:
        typer.echo(
            f"{len(done.otherwise)} documents were rendered by other code then: entries are the same, bytes may differ"
        )


def metrics_(
    sources_file: SourcesOption = None,
    store: StoreOption = None,
    token: Annotated[bool, typer.Option("--token", help="Print the token that opens /metrics from elsewhere.")] = False,
) -> None:
    """Print how the installation does, as Prometheus text."""
    settings = settle(os.environ, sources=sources_file, store=store)
    with _opened(settings) as opened:
        if token:
            typer.echo(metrics.token(opened, settings.secret, settings.clock.now()))
            return
        typer.echo(metrics.render(opened, settings.clock.now(), prices_in(settings.sources)).decode(), nl=False)


@database.command("upgrade")
def upgrade(
    store: StoreOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Try it, and leave the database as it is.")] = False,
) -> None:
    """Bring the database up to this version; every other verb does so too when it opens an older one."""
    folder = settle(os.environ, store=store).store
    found = stores.rehearse(folder) if dry_run else stores.schema(folder)
    for revision, what in found.pending:
        typer.echo(f"{revision}  {what}")
    if not found.pending:
        typer.echo(f"the database is at {found.head}; there is nothing to do")
    elif dry_run:
        typer.echo(f"tried, and left as it was: {found.revision} → {found.head} works")
    else:
        open_store(folder).close()
        typer.echo(f"{found.revision} → {found.head}")


@database.command("downgrade")
def downgrade(store: StoreOption = None, yes: YesOption = False) -> None:
    """Undo the last migration, to go back to an older version. What only newer tables hold is lost: back up first."""
    settings = settle(os.environ, store=store)
    found = stores.schema(settings.store)
    if not yes:
        typer.confirm(f"Undo {found.revision}, with what its tables hold?", abort=True)
    before, after = stores.step_back(settings.store)
    typer.echo(f"{before} → {after}; this version will upgrade it again when it opens it")


@database.command("copy")
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="What to copy: a store's folder, or the address of a PostgreSQL database.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Where to: likewise, and empty. env:NAME reads an address from a variable.")],
    store: StoreOption = None,
) -> None:  # fmt: skip
    """Copy an installation's database into an empty one, SQLite to PostgreSQL or back, and compare every row."""
    settings = settle(os.environ, store=store)
    folder, origin = _place(source, settings.store)
    beside, destination = _place(target, folder)
    if origin == destination:
        raise ConfigError("FROM and TO are the same database")
    if not stores.there(origin):
        raise StoreError(f"{source if '://' not in source else 'FROM'} holds no store")
    columns = TextColumn("{task.description}"), MofNCompleteColumn()
    with (
        closing(stores.open_at(folder, origin)) as here,
        closing(stores.open_at(beside, destination)) as there,
        Progress(*columns, console=Console(stderr=True), transient=True) as bar,
    ):
        if holder := duty.at_work(here, settings.clock):
            raise NevawireError(f"a watch is at work on FROM ({holder}); stop it first")
        task = bar.add_task("", total=None)
        done = here.copy_into(there, lambda name, rows: bar.update(task, description=name, completed=rows))
    for one in done:
        if one.rows:
            typer.echo(f"{one.table:<18} {one.rows:>9}  {one.digest[:16]}")
    typer.echo(f"{sum(one.rows for one in done)} rows in {len(done)} tables, every one compared: the same")
    typer.echo(f"pages and purged.jsonl stay where they are, in {folder}")
    if beside.resolve() != folder.resolve():
        typer.echo(f"before {beside} is used as a store, bring them there")


def _place(text: str, folder: Path) -> tuple[Path, str]:
    """Return the folder and the database's address that an argument means; folder: where an address has its pages."""
    if text.startswith("env:"):
        name, text = text[4:], os.environ.get(text[4:], "")
        if not text:
            raise ConfigError(f"env:{name}: no such variable; set it to the address of a database")
    if "://" in text:
        return folder, text
    return Path(text), stores.file_in(Path(text))


@contextmanager
def _opened(settings: Settings) -> Iterator[Store]:
    if not stores.in_folder(settings.store):
        raise StoreError(f"{settings.store} holds no store; name another with --store")
    opened = open_store(settings.store)
    try:
        yield opened
    finally:
        opened.close()


def _nobody_at_work(settings: Settings) -> None:
    try:
        with _opened(settings) as opened:
            holder = duty.at_work(opened, settings.clock)
    except StoreError:  # it is damaged, which may be why it is replaced
        return
    if holder:
        raise NevawireError(f"a watch is at work on {settings.store} ({holder}); stop it first")


def _age(text: str) -> timedelta:
    found = _AGE.fullmatch(text)
    if not found:
        raise ConfigError(f"--keep-pages {text}: should be a number with d, w, m or y, such as 1y")
    return timedelta(days=int(found[1]) * _DAYS[found[2]])


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
