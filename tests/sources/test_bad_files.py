"""Every problem of a wrong file is told at once, with its place; cases are files in tests/data/sources/bad."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.errors import ConfigError
from tests.sources.cases import expected, named, sample


def problems_of(data: bytes, name: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        sources.parse(data, name)
    return caught.value


@pytest.mark.parametrize("name", named("bad"))
def test_file_is_refused_with_the_problems_written_beside_it(name: str) -> None:
    error = problems_of(sample(f"bad/{name}"), name)

    found = [{"line": p.line, "column": p.column, "key": p.key, "what": p.what} for p in error.problems]
    assert expected(f"bad/{name}") == found


@pytest.mark.parametrize("name", named("bad"))
def test_message_has_one_line_for_each_problem(name: str) -> None:
    error = problems_of(sample(f"bad/{name}"), f"{name}.yaml")

    lines = str(error).splitlines()
    assert [str(problem) for problem in error.problems] == lines
    for line in lines:
        assert re.fullmatch(rf"{name}\.yaml:\d+:\d+: (\S.*: )?\S.+", line)


@pytest.mark.parametrize("name", named("bad"))
def test_problem_of_a_key_points_at_that_key_or_its_value(name: str) -> None:
    """A place that is not there would send the operator looking."""
    lines = sample(f"bad/{name}").decode("utf-8", errors="replace").split("\n")

    for case in expected(f"bad/{name}"):
        assert 1 <= case["line"] <= len(lines)
        assert 1 <= case["column"] <= len(lines[case["line"] - 1]) + 1


def test_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read \(No such file"):
        sources.load(tmp_path / "nowhere.yaml")


def test_folder_instead_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        sources.load(tmp_path)


def test_problems_stand_in_the_order_of_the_file() -> None:
    error = problems_of(sample("bad/wrong-types"), "x")

    places = [(problem.line, problem.column) for problem in error.problems]
    assert sorted(places) == places


def test_a_password_in_an_address_is_not_repeated() -> None:
    assert "secret" in sample("bad/addresses").decode()
    assert "secret" not in str(problems_of(sample("bad/addresses"), "x"))


def test_too_large_a_file_is_not_even_parsed() -> None:
    error = problems_of(b"# " + b"x" * 2_000_000, "x")

    assert "2,000,000 is the most that is read" in str(error)
