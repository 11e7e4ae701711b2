"""How requests and readings of pages ended, in the reader's language; the program's own word for it on hovering.

What is not known by its word, as an operator's log may name more than these, is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

Gettext = Callable[[str], str]
_STATUS = "status-"


def shown(kind: str, _: Gettext) -> Markup:
    """Return an outcome as HTML."""
    said = told(kind, _)
    if said == kind:
        return Markup("<code>{}</code>").format(kind)
    return Markup('<span title="{}">{}</span>').format(kind, said)


def told(kind: str, _: Gettext) -> str:
    """Return an outcome in words; itself where there are none for it."""
    if kind.startswith(_STATUS):
        status = kind.removeprefix(_STATUS)
        return (_statuses(_).get(status) or _("answer %(status)s")) % {"status": status}
    return (_answers(_) | _readings(_)).get(kind, kind)


def _statuses(_: Gettext) -> dict[str, str]:
    return {
        "401": _("asks for a password (%(status)s)"), "403": _("forbidden (%(status)s)"), "404": _("not there (%(status)s)"),
        "410": _("gone for good (%(status)s)"), "429": _("asked too often (%(status)s)"),
        "451": _("closed by law (%(status)s)"), "500": _("server error (%(status)s)"), "502": _("server error (%(status)s)"),
        "503": _("server busy (%(status)s)"), "504": _("server error (%(status)s)"),
    }  # fmt: skip


def _answers(_: Gettext) -> dict[str, str]:
    return {
        "ok": _("came"), "not-modified": _("unchanged (304)"), "same-digest": _("unchanged"),
        "dns": _("no such host"), "tls": _("no secure connection"), "refused": _("no connection"),
        "reset": _("connection cut"), "timeout": _("took too long"), "too-large": _("too large"),
        "blocked-address": _("address not allowed"), "robots": _("forbidden by robots.txt"),
        "redirects": _("redirected without end"), "not-html": _("no web page"), "empty": _("empty"),
        "truncated": _("cut short"), "protocol": _("no proper answer"), "challenge": _("asks for a human"),
        "proxy": _("proxy out of reach"), "render": _("browser failed"),
    }  # fmt: skip


def _readings(_: Gettext) -> dict[str, str]:
    return {
        "drift": _("fewer links than there should be"), "parse": _("could not be read"), "job": _("work broke off"),
        "memory": _("took too much memory"), "replaced": _("tells something else now"), "not-article": _("no article"),
        "no-text": _("without text"), "no-title": _("without a title"), "too-short": _("too short"),
    }  # fmt: skip
