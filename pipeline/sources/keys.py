"""What the keys of sources.yaml are made of: the forms a value may have, and how a key is described.

Which keys there are stands in `schema.py` and `notices.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from pipeline.sources import addresses, checks, patterns


def key(title: str, about: str, example: object, *, needed: bool = False, **more: Any) -> Any:
    """Return a field: unset unless given; the example stands in messages and in editors."""
    return Field(... if needed else None, title=title, description=about, examples=[example], **more)


def form(pattern: str) -> Any:
    """Return a field whose values look like pattern, in the JSON Schema."""
    return Field(json_schema_extra={"pattern": f"^{pattern}$"})


Text = Annotated[str, AfterValidator(checks.text), Field(json_schema_extra={"pattern": r"\S"})]
Word = Annotated[str, AfterValidator(checks.word), form(checks.WORD)]
Day = Annotated[str, AfterValidator(checks.day), form(checks.DAY)]
Duration = Annotated[str, AfterValidator(checks.duration), BeforeValidator(checks.seconds), form(checks.DURATION)]
Interval = Annotated[
    str,
    AfterValidator(checks.positive_duration),
    BeforeValidator(checks.seconds),
    form("(?!0+[smhd])" + checks.DURATION),
]
Zone = Annotated[str, AfterValidator(checks.zone)]
Time = Annotated[str, AfterValidator(checks.time_of_day), form("([01][0-9]|2[0-3]):[0-5][0-9]")]
Query = Annotated[str, AfterValidator(checks.query), Field(json_schema_extra={"pattern": r"\S"})]
Window = Annotated[str, AfterValidator(checks.window)]
Encoding = Annotated[str, AfterValidator(checks.encoding)]
Address = Annotated[str, AfterValidator(addresses.web_address), form("[Hh][Tt][Tt][Pp][Ss]?://.+")]
Home = Annotated[str, AfterValidator(addresses.home)]
Contact = Annotated[str, AfterValidator(addresses.contact)]
Selector = Annotated[str, AfterValidator(patterns.selector)]
NextPage = Annotated[str, AfterValidator(patterns.next_page)]
SameId = Annotated[str, AfterValidator(patterns.same_id)]
DateFormat = Annotated[str, AfterValidator(patterns.date_format)]
Swap = Annotated[list[str], Field(min_length=2, max_length=2), AfterValidator(patterns.swap)]
Rewrite = Annotated[list[str], Field(min_length=2, max_length=2), AfterValidator(patterns.rewrite)]


class Keys(BaseModel):
    """A mapping whose keys are known."""

    # Built when a file is read: the whole of it then, not each mapping by itself and again within others.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


def known(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the keys of a mapping as the file writes them, with what is said of each."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


class Names(Keys):
    """A name in Russian, English or both."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    ru: Text = key("Russian", "The name in Russian.", "Конгрессно-выставочное бюро")
    en: Text = key("English", "The name in English.", "Convention Bureau")

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("has no name in it; give ru, en or both")
        return self
