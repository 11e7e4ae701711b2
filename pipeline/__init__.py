"""Nevawire, stage by stage.

sources    sources.yaml → what to collect from whom
collect    the network → pages
extract    pages → articles
language   articles → their language
pairing    articles in two languages → stories
translate  stories in one language → their other side, where that is switched on
publish    stories → feeds
store      keeps all of it
cycle      takes it through the stages; schedule says when, cli how it is asked for
"""

__version__ = "0.1.0"
