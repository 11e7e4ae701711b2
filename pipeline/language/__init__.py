"""Article → Language with its evidence. Pure.

identify   declarations and script first, letters that rule Russian out, langdetect as tie-breaker
"""

from pipeline.language.identify import identify

__all__ = ["VERSION", "identify"]

#: Raised when the same article gets another language; rows made by an older one can be redone.
VERSION = 2
