"""FetchedPage → Article. Pure: bytes and arguments in, values out; run in killable child processes.

read    one page by itself: decode, parse, choose blocks, title, date, pictures, versions
parts   one page's articles: two where it says everything in two languages
finish  all pages of one source together: what they share is no article's
"""

from pipeline.extract.boilerplate import finish
from pipeline.extract.reading import PageReading, parts, read

__all__ = ["VERSION", "PageReading", "finish", "parts", "read"]

#: Raised when the same page gives another article; rows made by an older one can be redone.
VERSION = 3
