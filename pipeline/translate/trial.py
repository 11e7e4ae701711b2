"""One text through one engine, to see what it makes of it."""

from __future__ import annotations

from pipeline.translate import checks, dress, markup
from pipeline.translate.engines import Engine, EngineFailed
from pipeline.translate.glossary import Glossary


def tried(engine: Engine, text: str, source: str, target: str, names: Glossary) -> tuple[str, str]:
    """Return what an engine makes of a text, and what is wrong with that; "" where nothing is."""
    body = markup.of_line(text, source, target, names)
    form = engine.traits.form
    try:
        answers = engine.translate([dress.dressed(one, form) for one in body.segments], source, target)
    except EngineFailed as failed:
        return "no answer", str(failed)
    said = [dress.undressed(answer, one, form) for answer, one in zip(answers, body.segments, strict=True)]
    wrong = {
        fault
        for answer, one in zip(said, body.segments, strict=True)
        for fault in checks.faults(one, answer, source, target)
    }
    return markup.plain(markup.put_together(body, said)), ", ".join(one for one in checks.FAULTS if one in wrong)
