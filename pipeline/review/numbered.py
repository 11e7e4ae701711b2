"""Numbers that rows of the store go by, as they stand in addresses, forms and calls.

A database counts them in four bytes and refuses, as an error of its own, to compare them with a longer one: what no
row can have is not found, and the database is not asked.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator
from starlette.exceptions import HTTPException

#: The last number a row can have.
LAST = 2**31 - 1


def possible(number: int) -> int:
    """Return a number that a row can have. Raises 404 where none can; 0 is nobody's, and may stand for none."""
    if not 0 <= number <= LAST:
        raise HTTPException(404, f"nothing has the number {number}")
    return number


Number = Annotated[int, AfterValidator(possible)]
