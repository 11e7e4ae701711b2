"""Where a page keeps the addresses of its pictures."""

from __future__ import annotations

import pytest

from pipeline import extract
from tests.extract import building

TEXT = "Совет кластеров собрался в четверг и решил многое, а в пятницу собрался снова, чтобы подвести итоги."


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<img src='/a.jpg'>", "a.jpg"),
        ("<img src='data:image/gif;base64,R0' data-src='/a.jpg'>", "a.jpg"),
        ("<img srcset='/a-320.jpg 320w, /a-1280.jpg 1280w'>", "a-1280.jpg"),
        ("<img src='/blank.gif' data-srcset='/a.jpg 1x,/b.jpg 2x'>", "b.jpg"),
        ("<picture><source srcset='/a.webp 320w, /b.webp 1280w'><img alt='Мост'></picture>", "b.webp"),
        ("<picture><source srcset='/a.avif'><source srcset='/a.webp'><img></picture>", "a.avif"),
        ("<img src='/upload/logo.png'>", ""),
        ("<img src='/a.jpg' width='16' height='16'>", ""),
        ("<img srcset=',,, 2x'>", ""),
    ],
)
def test_the_address_of_a_picture(markup: str, address: str) -> None:
    body = building.html("Мост", TEXT, f"<figure>{markup}</figure>", TEXT + " Так и было.")
    article = extract.read(building.page(body), building.source(), None).article

    assert article is not None
    assert [image.url for image in article.images] == [f"https://site.example/{address}"] * bool(address)


def test_a_picture_that_leads_to_no_address_costs_only_itself() -> None:
    photos = "<p><a href='http://['><img src='/a.jpg'></a></p><p><a href='/b-full.jpg'><img src='/b.jpg'></a></p>"
    body = building.html("Мост", TEXT, photos, TEXT + " Так и было.")
    article = extract.read(building.page(body), building.source(), None).article

    assert article is not None
    assert [image.url for image in article.images] == ["https://site.example/b.jpg"]
