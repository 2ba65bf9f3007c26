"""The folder of models: what is on it, and which one a name means."""

import sys
from pathlib import Path

import pytest

from desktop_app.core.errors import ModelError
from desktop_app.library.shelf import STARTER_NAME, Shelf


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def starter(tmp_path):
    path = tmp_path / "resources" / "causerie-starter-Q8_0.gguf"
    path.parent.mkdir()
    path.write_bytes(b"GGUF starter")
    return path


@pytest.fixture
def shelf(folder, starter):
    return Shelf(folder, starter)


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"GGUF")


def code_of(shelf, name):
    with pytest.raises(ModelError) as caught:
        shelf.find(name)
    return caught.value.problem.code


class TestScan:
    def test_models_come_by_name_and_the_starter_last(self, shelf, folder):
        put(folder, "zeta-Q4_0.gguf", "Alpha-F16.gguf", "deep/er/beta-IQ2_XS.gguf")
        assert [(model.name, model.quantization, model.starter) for model in shelf.scan()] == [
            ("Alpha", "F16", False),
            ("beta", "IQ2_XS", False),
            ("zeta", "Q4_0", False),
            (STARTER_NAME, "Q8_0", True),
        ]

    def test_sizes_and_paths_are_those_of_the_files(self, shelf, folder, starter):
        put(folder, "alpha.gguf")
        alpha, first = shelf.scan()
        assert (alpha.path, alpha.size, alpha.quantization) == (str(folder / "alpha.gguf"), 4, "")
        assert (first.path, first.size) == (str(starter), len(b"GGUF starter"))

    def test_what_is_no_chat_model_is_passed_over(self, shelf, folder):
        put(folder, "mmproj-alpha-F16.gguf", "alpha-00002-of-00003.gguf", "alpha-00001-of-00003.gguf", "read.me")
        put(folder, "half.gguf.part")
        (folder / "folder.gguf").mkdir()
        assert [Path(model.path).name for model in shelf.scan()[:-1]] == ["alpha-00001-of-00003.gguf"]

    def test_the_ending_may_be_written_in_capitals(self, shelf, folder):
        put(folder, "ALPHA-Q4_0.GGUF")
        assert shelf.scan()[0].name == "ALPHA"

    def test_no_folder_and_no_starter_are_no_models(self, tmp_path):
        shelf = Shelf(tmp_path / "nowhere", tmp_path / "none.gguf")
        assert shelf.scan() == ()
        assert shelf.default() is None

    @pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
    def test_links_that_lead_nowhere_or_in_circles_are_passed_over(self, shelf, folder):
        (folder / "gone.gguf").symlink_to(folder / "nowhere")
        (folder / "circle").symlink_to(folder)
        (folder / "self.gguf").symlink_to(folder / "self.gguf")
        put(folder, "alpha.gguf")
        assert [model.name for model in shelf.scan()] == ["alpha", STARTER_NAME]

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let such a name be written")
    def test_a_file_whose_name_is_not_text_is_passed_over(self, shelf, folder):
        put(folder, "caf\udce9.gguf")
        assert [model.name for model in shelf.scan()] == [STARTER_NAME]


class TestDefault:
    def test_it_is_the_starter(self, shelf, folder):
        put(folder, "alpha.gguf")
        assert shelf.default().starter

    def test_without_a_starter_it_is_the_first_of_the_folder(self, folder, tmp_path):
        put(folder, "beta.gguf", "alpha.gguf")
        assert Shelf(folder, tmp_path / "none.gguf").default().name == "alpha"


class TestFind:
    @pytest.fixture(autouse=True)
    def models(self, folder):
        put(folder, "Alpha-7B-Q4_K_M.gguf", "Alpha-7B-Q8_0.gguf", "Beta-1B-Q4_0.gguf")

    @pytest.mark.parametrize(
        ("name", "stem"),
        [
            ("Beta-1B", "Beta-1B-Q4_0"),
            ("beta-1b", "Beta-1B-Q4_0"),
            ("be", "Beta-1B-Q4_0"),
            ("1B", "Beta-1B-Q4_0"),
            ("Alpha-7B-Q8_0", "Alpha-7B-Q8_0"),
            ("Alpha-7B-Q8_0.gguf", "Alpha-7B-Q8_0"),
            ("Alpha-7B · Q8_0", "Alpha-7B-Q8_0"),
            ("causerie starter", "causerie-starter-Q8_0"),
            ("starter", "causerie-starter-Q8_0"),
            ("causerie-starter-Q8_0.gguf", "causerie-starter-Q8_0"),
        ],
    )
    def test_a_name_or_its_beginning_or_a_file_name(self, shelf, name, stem, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        found = Path(shelf.find(name).path)
        assert found.stem == stem
        assert found.is_file()

    @pytest.mark.parametrize("name", ["Alpha-7B", "alpha"])
    def test_several_are_named(self, shelf, name):
        with pytest.raises(ModelError) as caught:
            shelf.find(name)
        assert caught.value.problem.code == "model_ambiguous"
        assert "Alpha-7B-Q4_K_M, Alpha-7B-Q8_0" in caught.value.problem.sentence

    @pytest.mark.parametrize("name", ["gamma", "x" * 400])
    def test_an_unknown_name_is_told(self, shelf, name):
        assert code_of(shelf, name) == "model_unknown"

    def test_a_path_is_taken_as_it_is(self, shelf, tmp_path, monkeypatch):
        elsewhere = tmp_path / "elsewhere" / "Other-Q5_K_S.gguf"
        put(elsewhere.parent, elsewhere.name)
        monkeypatch.chdir(tmp_path)
        for name in (str(elsewhere), "elsewhere/Other-Q5_K_S.gguf"):
            found = shelf.find(name)
            assert (found.path, found.name, found.quantization, found.size) == (str(elsewhere), "Other", "Q5_K_S", 4)

    def test_a_file_here_comes_before_one_of_that_name_on_the_shelf(self, shelf, tmp_path, monkeypatch):
        put(tmp_path, "Beta-1B-Q4_0.gguf")
        monkeypatch.chdir(tmp_path)
        assert shelf.find("Beta-1B-Q4_0.gguf").path == str(tmp_path / "Beta-1B-Q4_0.gguf")

    @pytest.mark.parametrize("name", ["nowhere/gone.gguf", "gone.gguf"])
    def test_a_missing_file_is_left_to_the_engine_to_explain(self, shelf, name, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert (shelf.find(name).path, shelf.find(name).size) == (str(tmp_path / name), 0)

    def test_a_path_may_begin_at_home(self, shelf, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path))
        assert shelf.find("~/x/one.gguf").path == str(tmp_path / "x" / "one.gguf")

    def test_the_home_of_nobody_is_part_of_the_name(self, shelf, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert shelf.find("~nobody-of-that-name/one.gguf").path == str(tmp_path / "~nobody-of-that-name" / "one.gguf")

    def test_the_starters_path_is_the_starter(self, shelf, starter):
        assert shelf.find(str(starter)).starter

    def test_a_name_that_is_not_text_is_refused(self, shelf):
        assert code_of(shelf, "caf\udce9.gguf") == "model_name_not_text"
