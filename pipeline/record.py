"""Dataclasses that are made in a tenth of the time: a pass has three hundred of them to make before it begins.

Python writes six methods for each as text and compiles them, 0.4 ms a class, though most are never called in a pass. Here those
that are called often are compiled when the first call comes, and the others are the same for all. What comes of it is a
dataclass like any other to whoever asks: `fields`, `replace`, `asdict`, patterns, pickle, pydantic.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import MISSING, FrozenInstanceError
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:  # where it is that one
    from dataclasses import dataclass
else:

    def dataclass(
        cls: Any = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True, **more: Any
    ) -> Any:
        """Make a dataclass, as `dataclasses.dataclass` does; which makes what is rare: an order, a family of classes."""
        if cls is None:
            return lambda given: dataclass(given, frozen=frozen, slots=slots, eq=eq, **more)
        if more or any(map(dataclasses.is_dataclass, cls.__mro__[1:])):
            return dataclasses.dataclass(cls, frozen=frozen, slots=slots, eq=eq, **more)
        return _made(cls, frozen=frozen, slots=slots, eq=eq)


def _made(given: type, *, frozen: bool, slots: bool, eq: bool) -> type:
    own = set(vars(given)) - ({"__hash__"} if given.__hash__ is None else set())  # Python's, for who has an `__eq__`
    given.__doc__ = (
        given.__doc__ or given.__name__
    )  # or its signature would be put there, which takes as long as the rest
    cls: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(given)
    params = cls.__dataclass_params__
    params.init, params.repr, params.eq, params.frozen = True, True, eq, frozen
    methods: dict[str, Any] = {"__init__": _late(cls, "__init__", _beginning), "__repr__": _shown}
    if eq:
        methods["__eq__"] = _late(cls, "__eq__", _comparison)
        methods["__hash__"] = _late(cls, "__hash__", _digest) if frozen else None
    if frozen:
        methods |= _fixed(cls, carried=slots)
    for name in methods.keys() - own:
        setattr(cls, name, methods[name])
    return cls  # type: ignore[no-any-return]


def _late(cls: type, name: str, written: Callable[[Any], tuple[str, dict[str, Any]]]) -> Callable[..., Any]:
    """Return a method that is compiled when it is first called, of a text and the names it knows."""

    def first(self: Any, *given: Any, **named: Any) -> Any:
        text, known = written(cls)
        exec(f"def {name}{text}", known)  # noqa: S102 - of names of fields alone, as `dataclasses` does
        method = known[name]
        method.__qualname__, method.__module__ = f"{cls.__qualname__}.{name}", cls.__module__
        setattr(cls, name, method)
        return method(self, *given, **named)

    return first


def _beginning(cls: Any) -> tuple[str, dict[str, Any]]:
    taken, steps, known = ["self"], [], {"_absent": MISSING, "_set": object.__setattr__}
    named: list[str] = []
    for one in dataclasses.fields(cls):
        name, value, made = one.name, one.name, one.default_factory is not MISSING
        has_default = made or one.default is not MISSING
        # What is to be made anew for each has no default: that it is absent is what stands there.
        known |= {f"_given_{name}": one.default, f"_made_{name}": one.default_factory}
        if one.init:
            (named if one.kw_only else taken).append(f"{name}=_given_{name}" if has_default else name)
        if one.init or has_default:  # what has neither is for `__post_init__`
            value = name if one.init else f"_given_{name}"
            steps.append(
                _setting(cls, name, f"_made_{name}() if {value} is _absent else {value}" if made else value, known)
            )
    taken += ["*", *named] if named else []
    steps += ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    return f"({', '.join(taken)}):\n " + "\n ".join(steps or ["pass"]), known


def _setting(cls: Any, name: str, value: str, known: dict[str, Any]) -> str:
    if not cls.__dataclass_params__.frozen:
        return f"self.{name} = {value}"
    slot = vars(cls).get(name)
    if not isinstance(slot, MemberDescriptorType):
        return f"_set(self, {name!r}, {value})"
    known[f"_set_{name}"] = slot.__set__  # half the way of the other
    return f"_set_{name}(self, {value})"


def _comparison(cls: Any) -> tuple[str, dict[str, Any]]:
    compared = [one.name for one in dataclasses.fields(cls) if one.compare]
    own, others = _values("self", compared), _values("other", compared)
    return f"(self, other): return {own} == {others} if other.__class__ is self.__class__ else NotImplemented", {}


def _digest(cls: Any) -> tuple[str, dict[str, Any]]:
    hashed = [one.name for one in dataclasses.fields(cls) if (one.compare if one.hash is None else one.hash)]
    return f"(self): return hash({_values('self', hashed)})", {}


def _values(of: str, names: Iterable[str]) -> str:
    return f"({''.join(f'{of}.{name}, ' for name in names)})"


@recursive_repr("...")
def _shown(self: Any) -> str:
    said = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{type(self).__qualname__}({said})"


def _fixed(cls: Any, *, carried: bool) -> dict[str, Any]:
    """Return what keeps a frozen one as it is; carried: and, as it has slots, what takes it to another process."""
    names = tuple(one.name for one in dataclasses.fields(cls))

    def put(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def remove(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    def state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def restore(self: Any, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    fixed = {"__setattr__": put, "__delattr__": remove}
    return fixed | {"__getstate__": state, "__setstate__": restore} if carried else fixed
