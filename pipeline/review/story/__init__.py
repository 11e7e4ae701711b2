"""Everything about one story on one page, and what an analyst may do with it.

page       the page itself; the story as JSON and as a translation memory
view       what the templates need of a dossier, worked out
changes    titles and summaries in other words, sentences of a machine's text, tags, notes, stars
captured   the page as it was fetched, harmless, in a frame that may do nothing
added      an article added by its address, and what became of it
waiting    edits that gave way to a correction, to be decided
marked     the stories that have a tag, a star or a note
calls      the same as JSON under /api/v1/stories and /api/v1/additions
shapes     what the JSON looks like
"""

from __future__ import annotations

from fastapi import APIRouter

from pipeline.review.story import added, calls, captured, changes, marked, page, waiting

pages = APIRouter()
for part in (page, changes, captured, waiting, marked, added):
    pages.include_router(part.pages)

api = calls.api
