"""What a right file comes to, defaults applied; cases are files in tests/data/sources/good."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.model import LANGUAGES
from tests.sources.cases import as_data, expected, named, sample


@pytest.mark.parametrize("name", named("good"))
def test_file_comes_to_what_is_written_beside_it(name: str) -> None:
    config = sources.parse(sample(f"good/{name}"), name)

    assert expected(f"good/{name}") == as_data(config)


def test_load_reads_the_file_itself(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_bytes(sample("good/every-key"))

    assert sources.parse(sample("good/every-key"), "x") == sources.load(file)


def test_a_source_can_be_handed_to_another_process() -> None:
    config = sources.parse(sample("good/every-key"), "x")

    assert config == pickle.loads(pickle.dumps(config))


def test_names_stand_in_the_order_of_languages() -> None:
    """The file has English first; what follows from it must not depend on that."""
    config = sources.parse(sample("good/every-key"), "x")

    assert list(LANGUAGES) == list(config.sources[0].name)
    assert list(LANGUAGES) == list(config.sources[0].versions[2].values)


def test_sources_keep_the_order_of_the_file() -> None:
    config = sources.parse(sample("good/yaml-forms"), "x")

    assert [source.id for source in config.sources] == ["bureau", "2026-forum"]
