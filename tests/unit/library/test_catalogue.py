"""The catalogue that comes with the program, and files that are none."""

import pytest

from desktop_app.core.errors import ShelfError
from desktop_app.core.hub import Task
from desktop_app.library.catalogue import read_catalogue
from desktop_app.system.paths import resources_dir

FAMILY = """
[[family]]
repo = "acme/Tiny-GGUF"
name = "Tiny"
maker = "Acme"
licence = "mit"
sizes = [0.5, 7]
task = "chat"
languages = ["en", "fr"]
en = "Small."
fr = "Petit."
"""


def written(tmp_path, text):
    file = tmp_path / "catalogue.toml"
    file.write_text(text)
    return file


class TestOurs:
    def test_it_is_useful_at_once(self):
        catalogue = read_catalogue(resources_dir() / "catalogue.toml")
        assert catalogue.day >= "2026-11-21"
        assert len(catalogue.entries) >= 25
        assert {entry.task for entry in catalogue.entries} == {Task.CHAT, Task.VISION, Task.CODE, Task.EMBEDDING}
        assert any(min(entry.sizes) < 1 for entry in catalogue.entries)
        assert sum("fr" in entry.languages for entry in catalogue.entries) >= 10

    def test_every_entry_is_whole_and_none_stands_twice(self):
        entries = read_catalogue(resources_dir() / "catalogue.toml").entries
        assert len({entry.repo for entry in entries}) == len(entries)
        for entry in entries:
            assert entry.repo.count("/") == 1, entry
            assert entry.sizes, entry
            assert list(entry.sizes) == sorted(entry.sizes), entry
            assert entry.languages, entry
            assert all(len(language) == 2 for language in entry.languages), entry
            assert set(entry.sentences) == {"en", "fr"}, entry
            assert all(sentence.endswith(".") for sentence in entry.sentences.values()), entry


def test_what_stands_there_is_what_is_read(tmp_path):
    catalogue = read_catalogue(written(tmp_path, f'day = "2026-01-31"\n{FAMILY}'))
    [entry] = catalogue.entries
    assert catalogue.day == "2026-01-31"
    assert (entry.repo, entry.name, entry.maker, entry.licence) == ("acme/Tiny-GGUF", "Tiny", "Acme", "mit")
    assert (entry.sizes, entry.task, entry.languages) == ((0.5, 7.0), Task.CHAT, ("en", "fr"))
    assert entry.sentences == {"en": "Small.", "fr": "Petit."}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml [",
        'day = "soon"\n' + FAMILY,
        'day = "2026-01-31"\n' + FAMILY.replace('"chat"', '"dancing"'),
        'day = "2026-01-31"\n' + FAMILY.replace('name = "Tiny"', ""),
        'day = "2026-01-31"\n' + FAMILY.replace("[0.5, 7]", '"large"'),
        'day = "2026-01-31"\nfamily = 3',
        'day = "2026-01-31"\nfamily = [3]',
    ],
)
def test_what_is_no_catalogue_is_told(tmp_path, text):
    with pytest.raises(ShelfError) as caught:
        read_catalogue(written(tmp_path, text))
    assert caught.value.problem.code == "catalogue_unreadable"


def test_a_missing_one_is_told(tmp_path):
    with pytest.raises(ShelfError) as caught:
        read_catalogue(tmp_path / "nowhere.toml")
    assert caught.value.problem.code == "catalogue_unreadable"
