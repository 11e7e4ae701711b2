"""Article → Language with its evidence. Pure.

identify   declarations and script first, letters that rule Russian out, langdetect as tie-breaker
asked_of   all of an article that this depends on
"""

from __future__ import annotations

from pipeline.language.asked import asked_of
from pipeline.model import Article, Language

__all__ = ["VERSION", "asked_of", "identify"]

#: Raised when the same article gets another language; rows made by an older one can be redone.
VERSION = 2


def identify(article: Article) -> Language:
    """Return the language of article: ru, en, mixed or other, with confidence and evidence."""
    from pipeline.language import weighing  # patterns and profiles: who takes what children told does without

    return weighing.identify(article)
