"""Where only so many go at once, whoever began first goes first."""

from __future__ import annotations

import asyncio

import pytest

from pipeline import precedence
from pipeline.precedence import Precedence


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


async def waiting(door: Door, *comers: tuple[int, str]) -> list[asyncio.Task[None]]:
    """Let these come, one after the other, with their places."""
    tasks = []
    for place, name in comers:
        precedence.go_by(place)
        tasks.append(asyncio.create_task(door.go(name)))
        await asyncio.sleep(0)
    return tasks


def test_the_first_place_goes_first_and_in_one_place_whoever_came_first() -> None:
    async def scenario() -> list[str]:
        door = Door()
        tasks = await waiting(door, (9, "inside"), (3, "c1"), (2, "b1"), (3, "c2"), (0, "a"), (2, "b2"))
        assert door.through == ["inside"]
        door.open.set()
        await asyncio.gather(*tasks)
        return door.through

    assert asyncio.run(scenario()) == ["inside", "a", "b1", "b2", "c1", "c2"]


def test_whoever_gives_up_is_passed_over() -> None:
    async def scenario() -> list[str]:
        door = Door()
        tasks = await waiting(door, (1, "inside"), (2, "gone"), (3, "last"))
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
            tasks = await waiting(door, (2, "gone"), (3, "last"))
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


def test_places_are_given_out_in_order() -> None:
    first, second = precedence.new_place(), precedence.new_place()
    assert 0 < first < second
