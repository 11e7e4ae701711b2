"""The analysts' desk: a web application beside the feeds. app.py puts it together.

Who comes in:
    people      who somebody is, and what each role may (pure)
    entrance    every page: session or this very machine, roles, tokens against forged forms
    gateway     every call of the API: bearer tokens, how often, errors as problem+json
    login       the form, its throttle, the way out, the choice of language
    passwords   argon2, and tokens nobody can guess

What every page stands on:
    office      store, configuration, feeds, clock: what an installation gives the desk
    visit       one request: who, in which language; its pages, its redirects, what it changed
    machine_reasons  why a machine's wording is not there, in words
    deeds       what was done, in words: for the page of who did what
    press       changes are put into the feeds behind the analyst's back, several at once
    dress       Jinja2 as the templates see it
    tongue      words, plural forms and dates in Russian and English
    statics     style and script, under addresses that change with them
    headers     what the browser is forbidden
    paging      from one page of a list to the next, by keys
    throttle    how often somebody may try

The areas, one module or package each, listed in app.AREAS. An area offers `pages` (an APIRouter of HTML
pages, below /desk) or `api` (an APIRouter of JSON, below /api/v1), or both; its handlers take
`visit: Here` or `visit: Caller`, render `visit.page("template.html", …)`, and are allowed to change
something for analysts upwards unless `@least(role)` says another role. Words are marked with `_()` in
templates, `visit.tongue.gettext()` in Python; `make messages` brings locale/ru.po up to date.
"""
