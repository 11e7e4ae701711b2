"""Where only so many go at once, whoever has nothing left to fetch goes first."""

from __future__ import annotations

import asyncio
import contextvars

import pytest

from pipeline import precedence
from pipeline.precedence import Place, Precedence


class Door:
    """A door for one at a time, and the names of those who went through."""

    def __init__(self) -> None:
        self.gate = Precedence(1)
        self.through: list[str] = []
        self.open = asyncio.Event()

    async def go(self, name: str) -> None:
        async with self.gate:
            self.through.append(name)
            await self.open.wait()


async def waiting(door: Door, *comers: tuple[Place, str]) -> list[asyncio.Task[None]]:
    """Let these come, one after the other, with their places."""
    tasks = []
    for place, name in comers:
        precedence.go_by(place)
        tasks.append(asyncio.create_task(door.go(name)))
        await asyncio.sleep(0)
    return tasks


def test_whoever_hurries_goes_first_the_others_as_they_came() -> None:
    async def scenario() -> list[str]:
        door, one, two, three = Door(), Place(), Place(), Place()
        tasks = await waiting(
            door, (one, "inside"), (three, "c1"), (two, "b1"), (one, "a1"), (three, "c2"), (two, "b2")
        )
        two.hurry()
        one.hurry()
        assert door.through == ["inside"]
        door.open.set()
        await asyncio.gather(*tasks)
        return door.through

    assert asyncio.run(scenario()) == ["inside", "b1", "b2", "a1", "c1", "c2"]


def test_whoever_has_no_place_waits_for_no_page() -> None:
    async def scenario() -> list[str]:
        door, hurried = Door(), Place()
        hurried.hurry()
        other = asyncio.create_task(door.go("inside"))
        await asyncio.sleep(0)
        listing = contextvars.copy_context()
        tasks = await waiting(door, (hurried, "page"))
        tasks.append(asyncio.create_task(door.go("listing"), context=listing))
        await asyncio.sleep(0)
        door.open.set()
        await asyncio.gather(other, *tasks)
        return door.through

    assert asyncio.run(scenario()) == ["inside", "listing", "page"]


def test_whoever_gives_up_is_passed_over() -> None:
    async def scenario() -> list[str]:
        door = Door()
        tasks = await waiting(door, (Place(), "inside"), (Place(), "gone"), (Place(), "last"))
        tasks[1].cancel()
        door.open.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with door.gate:  # it is free again
            return door.through

    assert asyncio.run(scenario()) == ["inside", "last"]


def test_whoever_gives_up_as_they_are_let_in_leaves_the_door_to_the_next() -> None:
    async def scenario() -> list[str]:
        door = Door()
        door.open.set()
        async with door.gate:
            tasks = await waiting(door, (Place(), "gone"), (Place(), "last"))
        tasks[0].cancel()  # it is let in, and has had no turn of the loop yet
        await asyncio.gather(*tasks, return_exceptions=True)
        return door.through

    assert asyncio.run(asyncio.wait_for(scenario(), 10)) == ["last"]


def test_what_fails_inside_lets_the_next_one_in() -> None:
    async def scenario() -> None:
        gate = Precedence(1)
        with pytest.raises(ValueError, match="inside"):
            async with gate:
                raise ValueError("inside")
        async with gate:
            pass

    asyncio.run(asyncio.wait_for(scenario(), 10))


def test_a_place_is_kept() -> None:
    first, second = Place(), Place()
    first.hurry()
    second.hurry()
    first.hurry()
    assert first.rank < second.rank < Place().rank
