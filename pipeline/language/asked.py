"""What the language of an article is told from, without telling it: to know whether it was told before."""

from __future__ import annotations

from collections.abc import Hashable

from pipeline.model import Article

#: Declarations by trust: what the editor of sources.yaml says, then the address, then page templates.
CLUES = ("listing", "address", "og", "meta", "html")
#: More characters tell nothing new; this runs beside the loop's other work, without a limit of time.
ENOUGH = 100_000


def asked_of(article: Article) -> Hashable:
    """Return all that `identify` looks at: articles alike in this are alike in language."""
    declared = tuple(article.declared.get(clue) for clue in CLUES)
    return article.title, article.text[:ENOUGH], declared
