"""What a check found, and what could be freed: rules alone."""

import pytest

from desktop_app.core.care import (
    MOST_UNUSED,
    UNUSED_SECONDS,
    Checked,
    DiskUse,
    Outcome,
    Part,
    Reason,
    Share,
    program_of,
    what_to_free,
)
from desktop_app.core.model import ShelfModel

NOW = 2_000_000_000.0
HASH = "ab" * 32


def model(name, quantization="Q4_K_M", size=100, used=NOW, path="", **more):
    path = path or f"/shelf/{name}-{quantization}.gguf"
    return ShelfModel(path, name, quantization, size, last_used=used, **more)


def told(*models, parts=(), **more):
    return [(one.reason, one.path) for one in what_to_free(models, parts, NOW, **more)]


class TestChecked:
    def test_the_right_hash(self):
        checked = Checked("/shelf/a.gguf", HASH, HASH, "maker/a")
        assert checked.outcome is Outcome.INTACT
        assert checked.sentence == "a.gguf is intact: it is the file that maker/a offers."

    def test_another_hash(self):
        checked = Checked("/shelf/a.gguf", "cd" * 32, HASH, "maker/a")
        assert checked.outcome is Outcome.DIFFERENT
        assert checked.sentence == "a.gguf is damaged or was changed: it is not the file that maker/a offers."

    def test_nothing_to_compare_with(self):
        checked = Checked("/shelf/a.gguf", HASH)
        assert checked.outcome is Outcome.UNKNOWN
        assert HASH in checked.sentence
        assert "nothing to compare it with" in checked.sentence


def test_the_models_of_the_shelfs_drive_are_counted_apart():
    use = DiskUse((Share("shelf", 50, 50, 2), Share("ollama", 30, 10, 1)), 5, 100, 500)
    assert use.models == 60


@pytest.mark.parametrize(("origin", "program"), [("shelf", ""), ("folder", ""), ("elsewhere", ""), ("jan", "Jan")])
def test_whose_files_they_are(origin, program):
    assert program_of(origin) == program


class TestDuplicates:
    def test_all_but_the_one_used_last(self):
        old, new = model("old", used=NOW - 5, sha256=HASH), model("new", used=NOW, sha256=HASH)
        [one] = what_to_free((old, new), (), NOW)
        assert (one.reason, one.path, one.size, one.other) == (Reason.DUPLICATE, old.path, old.size, new.path)
        assert one.sentence == "The same file is on the shelf, as new-Q4_K_M.gguf."

    def test_ours_goes_where_another_program_has_it_too(self):
        ours = model("ours", used=NOW, sha256=HASH)
        theirs = model("theirs", used=NOW - 99, sha256=HASH, origin="lmstudio")
        [one] = what_to_free((ours, theirs), (), NOW)
        assert (one.path, one.other) == (ours.path, theirs.path)
        assert one.sentence == "The same file is with LM Studio, as theirs-Q4_K_M.gguf."

    def test_two_of_other_programs_are_not_ours_to_delete(self):
        assert not told(model("a", sha256=HASH, origin="ollama"), model("b", sha256=HASH, origin="jan"))

    def test_files_of_unknown_hash_are_no_duplicates(self):
        assert not told(model("a"), model("b"))


class TestSuperseded:
    def test_the_one_that_is_used_stays(self):
        small = model("a", "Q2_K", used=NOW, parameters=8)
        large = model("a", "Q8_0", used=NOW - 9, parameters=8)
        [one] = what_to_free((small, large), (), NOW)
        assert (one.reason, one.path, one.other) == (Reason.SUPERSEDED, large.path, small.path)
        assert one.sentence == "Q2_K of the same model is there as well, and is the one used last."

    def test_of_unused_ones_the_recommended_stays(self):
        kin = [model("a", name, used=0.0, parameters=8) for name in ("Q2_K", "Q4_K_M", "Q8_0")]
        found = what_to_free(kin, (), NOW, {one.path: NOW for one in kin})
        assert {one.path for one in found} == {kin[0].path, kin[2].path}
        assert {one.other for one in found} == {kin[1].path}
        assert all("the one recommended" in one.sentence for one in found)

    @pytest.mark.parametrize("other", [{"name": "b"}, {"parameters": 9}, {"architecture": "qwen3"}])
    def test_other_models_are_no_kin(self, other):
        fields = {"name": "a", "parameters": 8, "quantization": "Q8_0"} | other
        assert not told(model("a", parameters=8), model(**fields))

    def test_models_of_unknown_size_are_no_kin(self):
        assert not told(model("a", "Q2_K"), model("a", "Q8_0"))

    def test_the_same_quantization_twice_is_not_superseded(self):
        assert not told(model("a", parameters=8), model("a", parameters=8, path="/else/a.gguf"))


class TestUnused:
    OLD = NOW - UNUSED_SECONDS - 1

    def test_one_that_was_used_long_ago(self):
        [one] = what_to_free((model("a", used=self.OLD),), (), NOW)
        assert (one.reason, one.sentence) == (Reason.UNUSED, "It was last used 30 days ago.")

    def test_one_that_came_long_ago_and_was_never_used(self):
        one = model("a", used=0.0)
        [found] = what_to_free((one,), (), NOW, {one.path: self.OLD})
        assert found.sentence == "It was never used here."

    def test_one_that_came_yesterday_has_its_time(self):
        one = model("a", used=0.0)
        assert not told(one, arrived={one.path: NOW - 86_400})

    def test_the_largest_only(self):
        idle = [model(f"m{size}", size=size, used=self.OLD) for size in range(1, 10)]
        found = what_to_free(idle, (), NOW)
        assert [one.size for one in found] == [9, 8, 7, 6, 5]
        assert len(found) == MOST_UNUSED

    @pytest.mark.parametrize("origin", ["starter", "huggingface", "elsewhere"])
    def test_what_is_not_ours_stays(self, origin):
        assert not told(model("a", used=self.OLD, origin=origin))


class TestTogether:
    def test_parts_are_told_and_the_largest_is_first(self):
        old = model("a", size=50, used=1.0)
        assert told(old, parts=(Part("/shelf/b.part", 70), Part("/shelf/c.part", 20))) == [
            (Reason.PART, "/shelf/b.part"),
            (Reason.UNUSED, old.path),
            (Reason.PART, "/shelf/c.part"),
        ]

    def test_a_file_is_told_once(self):
        old, new = model("a", used=1.0, sha256=HASH), model("b", used=NOW, sha256=HASH)
        assert told(old, new) == [(Reason.DUPLICATE, old.path)]

    def test_the_model_in_use_stays(self):
        assert not told(model("a", used=1.0), in_use="/shelf/a-Q4_K_M.gguf")

    def test_what_would_stay_for_another_is_not_told_to_go_itself(self):
        """Two alike, of which one is also a quantization that another supersedes: never both with the last one."""
        kept = model("a", "Q4_K_M", used=NOW, parameters=8)
        twin = model("a", "Q8_0", used=NOW - 5, parameters=8, sha256=HASH)
        double = model("a", "Q8_0", used=NOW - 9, parameters=8, sha256=HASH, path="/else/a.gguf")
        found = what_to_free((kept, twin, double), (), NOW)
        going = {one.path for one in found}
        assert all(one.other not in going for one in found)
        assert kept.path not in going
