"""The speed of the memory: measured for real, kept, and measured anew for another computer."""

import json
from pathlib import Path

import pytest

from desktop_app.system import bandwidth
from desktop_app.system.bandwidth import measure, memory_bandwidth

BLOCK = 4 << 20


def test_memory_reads_at_a_plausible_speed() -> None:
    assert 1e8 < measure(1, seconds=0.05, block=BLOCK) < 1e13


def test_what_was_measured_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cache" / "bandwidth.json"
    measured: list[int] = []

    def counted(threads: int) -> float:
        measured.append(threads)
        return measure(threads, seconds=0.02, block=BLOCK)

    monkeypatch.setattr(bandwidth, "measure", counted)
    first = memory_bandwidth(file, 2)
    assert memory_bandwidth(file, 2) == first
    assert measured == [2]
    memory_bandwidth(file, 1)
    monkeypatch.setattr(bandwidth, "processor_name", lambda: "another processor")
    memory_bandwidth(file, 1)
    assert measured == [2, 1, 1]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"processor": 1}', "\x00", '{"bandwidth": "fast"}'])
def test_a_damaged_file_is_measured_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = tmp_path / "bandwidth.json"
    file.write_text(text)
    monkeypatch.setattr(bandwidth, "measure", lambda threads: 1e9 * threads)
    assert memory_bandwidth(file, 3) == 3e9
    assert json.loads(file.read_text())["bandwidth"] == 3e9


def test_a_place_that_cannot_be_written_to_costs_only_another_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(bandwidth, "measure", lambda threads: 5e9)
    assert memory_bandwidth(tmp_path / "file" / "bandwidth.json", 1) == 5e9
