"""FetchedPage → Article. Pure: bytes and arguments in, values out; run in killable child processes.

read    one page by itself: decode, parse, choose blocks, title, date, pictures, versions
parts   one page's articles: two where it says everything in two languages
finish  all pages of one source together: what they share is no article's
replaced  whether a known article's page tells something else now
"""

from pipeline.extract.boilerplate import finish
from pipeline.extract.reading import PageReading, parts, read
from pipeline.extract.replaced import replaced, same_text

__all__ = ["VERSION", "PageReading", "finish", "parts", "read", "replaced", "same_text"]

#: Raised when the same page gives another article; rows made by an older one can be redone.
VERSION = 3
