"""A story's missing side, made by machine: what is asked of an engine, and whether its answer may be used.

markup      clean HTML → segments (marks, sentences, protect, glossary), and back
memory      what a translation is remembered by
dress       how a segment looks to an engine
engines/    who translates: the only part that knows networks and models
checks      is the answer a translation?

What is kept, paid and published is not known here.
"""
