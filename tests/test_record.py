"""Our dataclasses are what Python's own are to whoever asks, made in a fraction of the time."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import re
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, field
from typing import Any

import pytest
from pydantic import TypeAdapter

from pipeline import record


def family(dataclass: Any) -> dict[str, type]:
    """Classes of each sort that the program has, made by this decorator."""

    @dataclass(frozen=True, slots=True)
    class Note:
        """A note."""

        name: str
        size: int = 1
        tags: Mapping[str, str] = field(default_factory=dict)
        key: str = field(init=False)
        hidden: int = field(default=0, repr=False, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "key", self.name.lower())

    @dataclass(frozen=True)
    class Loose:
        name: str
        size: int = 1

    @dataclass(slots=True)
    class Changing:
        name: str
        size: int = 1
        tags: list[str] = field(default_factory=list)

    @dataclass
    class Plain:
        name: str
        size: int = field(init=False, default=3)

    @dataclass(frozen=True, slots=True, eq=False)
    class Itself:
        name: str

    @dataclass(frozen=True, slots=True)
    class Own:
        name: str

        def __repr__(self) -> str:
            return "own"

        def __hash__(self) -> int:
            return 7

    @dataclass(frozen=True, slots=True)
    class Alike:  # noqa: PLW1641 - it gets one
        name: str

        def __eq__(self, other: object) -> bool:
            return True

    @dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        name: str

    @dataclass(frozen=True)
    class Nothing:
        pass

    @dataclass(frozen=True, slots=True)
    class Named:
        name: str
        size: int = field(default=1, hash=False)
        place: int = field(default=2, kw_only=True)
        after: int = 3
        hidden: int = field(default=4, hash=True, compare=False)

    every = (Note, Loose, Changing, Plain, Itself, Own, Alike, Ordered, Nothing, Named)
    return {one.__name__: one for one in every}


OURS, PYTHONS = family(record.dataclass), family(dataclasses.dataclass)
for _name, _one in OURS.items():  # to be pickled, a class must be found
    _one.__qualname__ = _name
    globals()[_name] = _one
for _name, _one in PYTHONS.items():
    _one.__qualname__ = _name


def told(ask: Any) -> Any:
    """What comes of it, an error by its kind and words."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - what there is
        return type(error), str(error).replace("family.<locals>.", "")


QUESTIONS = {
    "text": repr,
    "hash": lambda one: hash(one) if type(one).__hash__ is not object.__hash__ else "its own",
    "equal": lambda one: (one == type(one)(*some(type(one))), one == copy.copy(one), one == 3, one != 3),
    "other": lambda one: one == dataclasses.replace(one, name="b"),
    "set": lambda one: setattr(one, "name", "c") or one.name,
    "delete": lambda one: delattr(one, "name"),
    "without": lambda one: repr(type(one)()),
    "unknown": lambda one: repr(type(one)("a", unknown=1)),
    "placed": lambda one: repr(type(one)("a", 2, 7)),
    "named": lambda one: repr(type(one)(name="a")),
    "replaced": lambda one: repr(dataclasses.replace(one, name="b")),
    "dict": dataclasses.asdict,
    "tuple": dataclasses.astuple,
    "deep": lambda one: repr(copy.deepcopy(one)),
    "patterns": lambda one: type(one).__match_args__,
    "fields": lambda one: [(f.name, f.type, f.init, f.repr, f.compare) for f in dataclasses.fields(one)],
    "slots": lambda one: getattr(type(one), "__slots__", None),
    "params": lambda one: repr(type(one).__dataclass_params__),
    "hashable": lambda one: type(one).__hash__ is None,
    "written": lambda one: TypeAdapter(type(one)).dump_json(one),
}  # fmt: skip


def some(cls: type) -> list[str]:
    return ["Aa"] if dataclasses.fields(cls) else []


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", OURS)
def test_they_answer_as_pythons_own_do(name: str, question: str) -> None:
    ours, pythons = (told(lambda cls=cls: QUESTIONS[question](cls(*some(cls)))) for cls in (OURS[name], PYTHONS[name]))

    assert ours == pythons


@pytest.mark.parametrize("name", OURS)
def test_they_go_to_other_processes(name: str) -> None:
    one = OURS[name](*some(OURS[name]))

    again = pickle.loads(pickle.dumps(one))
    assert (type(again), repr(again), dataclasses.astuple(again)) == (type(one), repr(one), dataclasses.astuple(one))


def test_one_that_holds_itself_can_be_shown() -> None:
    one = OURS["Changing"]("a")
    one.tags.append(one)  # type: ignore[attr-defined]

    assert repr(one) == "Changing(name='a', size=1, tags=[...])"


def test_what_is_derived_from_one_may_have_more() -> None:
    for loose in (OURS["Loose"], PYTHONS["Loose"]):

        class Derived(loose):  # type: ignore[misc, valid-type]
            pass

        one = Derived("a")
        one.more = 1
        with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
            one.name = "b"
        assert one != loose("a")


def test_methods_are_written_when_they_are_first_called() -> None:
    cls = family(record.dataclass)["Note"]
    before = cls.__init__

    cls("a", 2)
    assert before is not cls.__init__
    assert list(inspect.signature(cls).parameters) == ["name", "size", "tags", "hidden"]
    assert before(cls.__new__(cls), "a") is None  # whoever kept it meanwhile


def test_all_of_ours_are_made_so(root: Any) -> None:
    others = [
        str(path)
        for path in root.glob("pipeline/**/*.py")
        if path.name != "record.py" and re.search("from dataclasses import dataclass|InitVar", path.read_text("utf-8"))
    ]  # what is for `__post_init__` alone is not passed on to it
    assert others == []
