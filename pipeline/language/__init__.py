"""Article → Language with its evidence. Pure.

identify   declarations and script first, letters that rule Russian out, langdetect as tie-breaker
asked_of   all of an article that this depends on
"""

from pipeline.language.identify import asked_of, identify

__all__ = ["VERSION", "asked_of", "identify"]

#: Raised when the same article gets another language; rows made by an older one can be redone.
VERSION = 2
