"""docs/licences.md names the licence of every package that runs in our process, and none is GPL or AGPL only."""

from __future__ import annotations

import re
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: What a package means where its metadata only says so in prose or a file.
_SAID_ELSEWHERE = {"langdetect": "Apache-2.0", "zstandard": "BSD-3-Clause", "feedgen": "BSD-2-Clause OR LGPL-3.0"}


def runtime_packages():
    """Return the names of what `pip install nevawire` brings, without extras, ourselves left out."""
    found, queue = set(), ["nevawire"]
    while queue:
        for text in metadata.requires(queue.pop()) or ():
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
                continue
            found.add(name)
            queue.append(name)
    return sorted(found)


def licence(name):
    """Return what a package's own metadata says of its licence, in one short line."""
    about = metadata.metadata(name)
    said = about.get("License-Expression") or _SAID_ELSEWHERE.get(name)
    if said:
        return said
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    return "; ".join(sorted(set(classifiers) - {"OSI Approved"})) or about.get("License", "").splitlines()[0]


def listed(root):
    """Return what docs/licences.md says: name → licence."""
    rows = re.findall(r"^\| ([\w.-]+) \| (.+?) \|$", (root / "docs/licences.md").read_text("utf-8"), re.MULTILINE)
    return {name: said for name, said in rows if name not in ("package", "---")}


def test_the_list_is_current(root):
    assert listed(root) == {name: licence(name) for name in runtime_packages()}


def test_nothing_is_gpl_or_agpl_only(root):
    for name, said in listed(root).items():
        freely = [
            part for part in re.split(r" OR |; ", said) if not re.search(r"\bA?GPL|(?<!Lesser )General Public", part)
        ]
        assert freely, f"{name} is under {said} alone"


def test_lgpl_packages_are_named(root):
    prose = (root / "docs/licences.md").read_text("utf-8").split("| package |")[0]
    for name, said in listed(root).items():
        if re.search(r"LGPL|Lesser", said):
            assert f"`{name}`" in prose
