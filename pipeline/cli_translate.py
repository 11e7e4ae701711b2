"""The verbs `translate …`: fill what is missing, see how it goes, install models, try an engine.

What translates is imported by the verbs themselves: where nothing is translated, nothing of it is loaded.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import sources
from pipeline.errors import ConfigError, TranslateError
from pipeline.model import LANGUAGES, Config
from pipeline.options import JsonOption, SourcesOption, StoreOption
from pipeline.settings import Settings, settle
from pipeline.store import Store, open_store
from pipeline.translation_report import figures, lines

if TYPE_CHECKING:
    from pipeline.translators import Room

desk = typer.Typer(no_args_is_help=True, help="Translation by machine: fill the missing side of stories.")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE.tmx", help="A translation memory (TMX 1.4).")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.add_typer(desk, name="translate")


@desk.command("run")
def run(sources_file: SourcesOption = None, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Translate what is missing now. `nevawire run` does the same in each pass, and publishes."""
    from pipeline import translators

    with _room(sources_file, store) as room:
        report = translators.run(room)
    typer.echo(json.dumps(asdict(report), ensure_ascii=False) if as_json else report.line())
    raise typer.Exit(3 if report.off else 0)


@desk.command("status")
def status(sources_file: SourcesOption = None, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say what waits, what each engine did today and in all, and what failed."""
    settings, config = _settled(sources_file, store)
    with _opened(settings) as opened:
        now = settings.clock.now()
        shown = figures(opened, config, now)
        shown["queue"] = _queue(settings, config, opened)
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, sort_keys=True))
    else:
        typer.echo("\n".join(lines(shown)))


@desk.command("retry")
def retry(
    sources_file: SourcesOption = None, store: StoreOption = None,
    doubtful: Annotated[bool, typer.Option("--doubtful/--no-doubtful", help="Also what was sent and never answered: it may be billed again.")] = True,
) -> None:  # fmt: skip
    """Let what failed, or is in doubt, be sent again with the next run."""
    settings, _ = _settled(sources_file, store)
    with _opened(settings) as opened:
        segments = opened.memory.retry(("doubt", "failed") if doubtful else ("failed",))
        sides = opened.machine.retry()
        engines = opened.quotas.forget()
    if engines:
        typer.echo(f"{engines} engines whose quota was spent will be asked again")
    typer.echo(f"{segments} segments and {sides} texts will be tried again")


@desk.command("install")
def install(
    what: Annotated[list[str], typer.Argument(metavar="ru-en|FILE.argosmodel", help="Pairs of languages, or packages on this machine.")],
    sources_file: SourcesOption = None,
) -> None:  # fmt: skip
    """Install Argos packages: fetched by the index, or from files for networks that are closed."""
    from pipeline.translate import packages

    settings, config = _settled(sources_file, None)
    models, now = Path(config.translation.models), settings.clock.now()
    with packages.visitor() as client:
        for one in what:
            here = one.endswith(".argosmodel") or "/" in one
            done = (
                packages.install(Path(one), models, now)
                if here
                else packages.fetch(config.translation.index or packages.INDEX, one, models, now, client)
            )
            typer.echo(
                f"{done.pair} {done.version} installed from {done.file} (SHA-256 {done.sha256}); licence: {done.licence}"
            )


@desk.command("test")
def try_out(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence in Russian or English.")],
    sources_file: SourcesOption = None, store: StoreOption = None,
) -> None:  # fmt: skip
    """Send one text through each engine, past the memory, and show its answer and what the checks say of it."""
    from pipeline.translate import trial

    with _room(sources_file, store) as room:
        source = "ru" if any("а" <= letter <= "я" for letter in text.lower()) else "en"
        target = next(one for one in LANGUAGES if one != source)
        failed = False
        for engine in room.engines:
            said, wrong = trial.tried(engine, text, source, target, room.names)
            failed = failed or bool(wrong)
            typer.echo(f"{engine.traits.name}: {said}" + (f"  [{wrong}]" if wrong else ""))
    raise typer.Exit(1 if failed else 0)


@desk.command("import")
def import_(file: FileArgument, sources_file: SourcesOption = None, store: StoreOption = None) -> None:
    """Take the translations of a TMX file into the memory, as a person's wording: they go before any engine's."""
    from pipeline.translate import tmx

    settings, config = _settled(sources_file, store)
    units = tmx.read(_bytes(file), str(file))
    now = settings.clock.now()
    rows = tmx.entries(units, tmx.names_of(config.glossary))
    with _opened(settings) as opened:
        from pipeline.store import Entry

        kept = opened.memory.put(((Entry(*row, now), "person") for row in rows), now)
    typer.echo(f"{kept} segments taken from {len(units)} units of {file}")


@desk.command("export")
def export(file: FileArgument, sources_file: SourcesOption = None, store: StoreOption = None) -> None:
    """Write the memory as a TMX file."""
    from pipeline.translate import tmx

    settings, _ = _settled(sources_file, store)
    with _opened(settings) as opened, file.open("w", encoding="utf-8") as target:
        count = tmx.write(
            ((one.engine, one.source, one.target, one.text, one.answer) for one in opened.memory.each()), target
        )
    typer.echo(f"{count} segments written to {file}")


@desk.command("terms")
def terms(
    sources_file: SourcesOption = None, store: StoreOption = None, as_json: JsonOption = False,
    accept: Annotated[tuple[str, str] | None, typer.Option("--accept", metavar="RU EN", help="Add this pair of names to the glossary.")] = None,
    decline: Annotated[tuple[str, str] | None, typer.Option("--decline", metavar="RU EN", help="Do not propose this pair of names again.")] = None,
) -> None:  # fmt: skip
    """List names that confirmed pairs suggest for the glossary, the surest first; or accept or decline one."""
    from pipeline import terms as naming

    settings, config = _settled(sources_file, store)
    if accept:
        naming.accept(settings.sources, *accept)
        typer.echo(f"{settings.sources}: glossary: {accept[0]} – {accept[1]}")
    with _opened(settings) as opened:
        if decline:
            naming.decline(opened, *decline, getpass.getuser(), settings.clock.now())
            typer.echo(f"{decline[0]} – {decline[1]} is not proposed again")
        found = [] if accept or decline else naming.proposed(opened, config)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    elif not (accept or decline):
        lines = [f"  - {{ru: {one.ru}, en: {one.en}}} # {one.together} of {one.met}" for one in found]
        typer.echo("\n".join(lines) or "none")


@desk.command("edit")
def edit(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The id of a machine's text: an entry of a feed with machine translation.")],
    place: Annotated[int | None, typer.Argument(metavar="NUMBER", help="Which sentence.")] = None,
    wording: Annotated[str | None, typer.Argument(metavar="WORDING", help='The new wording; "" gives it back to the machine.')] = None,
    sources_file: SourcesOption = None, store: StoreOption = None,
) -> None:  # fmt: skip
    """Show the sentences of a machine's text, or put one into better words."""
    from pipeline import subeditor

    settings, config = _settled(sources_file, store)
    with _opened(settings) as opened:
        side = subeditor.side(opened, config, text)
        if side is not None and place is not None and wording is not None:
            done = subeditor.edit(opened, config, text, {place: wording}, getpass.getuser(), settings.clock.now())
            if not done.kept:
                raise ConfigError("; ".join(done.refused.values()))
            side = done.side
    if side is None:
        raise ConfigError(f"{text} is no text that a machine wrote, or the publisher's own stands in its place")
    for one in side.lines:
        typer.echo(f"{one.place}{'*' if one.edited else ''}\t{one.source}\n\t{one.said or '–'}")


def _queue(settings: Settings, config: Config, store: Store) -> dict[str, int] | None:
    if not config.translation.on:
        return None
    from pipeline import translators

    try:
        engines = translators.engines_of(config, os.environ)
    except (ConfigError, TranslateError) as error:
        raise ConfigError(str(error)) from error
    stories, characters = translators.queue(translators.Room(config, store, engines, settings.clock.now))
    return {"stories": stories, "characters": characters}


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror or error})") from error


def _settled(sources_file: Path | None, store: Path | None) -> tuple[Settings, Config]:
    settings = settle(os.environ, sources=sources_file, store=store)
    return settings, sources.load(settings.sources)


@contextmanager
def _room(sources_file: Path | None, store: Path | None) -> Iterator[Room]:
    from pipeline import translators

    settings, config = _settled(sources_file, store)
    if not config.translation.on:
        raise ConfigError(
            f"{settings.sources}: translation is off; write for example translation: {{engines: [argos]}}"
        )
    engines: Sequence[Any] = translators.engines_of(config, os.environ)
    try:
        with _opened(settings) as opened:
            yield translators.Room(config, opened, engines, settings.clock.now)
    finally:
        for engine in engines:
            engine.close()


@contextmanager
def _opened(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.store)
    try:
        yield opened
    finally:
        opened.close()
