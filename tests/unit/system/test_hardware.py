"""What the computer says of itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.system.hardware import describe_hardware, processor_name
from tests.helpers.stores import ROOT


def test_this_computer_is_described() -> None:
    found = describe_hardware()
    assert 1 <= found.physical_cores <= found.logical_cores == os.cpu_count()
    assert 0 < found.memory_available <= found.memory_total
    assert found.memory_total == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert found.processor
    assert found.system
    assert found.machine == os.uname().machine


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "processor\t: 0\nmodel name\t: Intel(R)  Core(TM) i5-8250U CPU @ 1.60GHz\n",
            "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz",
        ),
        ("processor\t: 0\nBogoMIPS\t: 108.00\nHardware\t: BCM2835\n", "BCM2835"),
    ],
)
def test_the_processor_s_name_is_read(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    assert processor_name(tmp_path / "cpuinfo") == name


def test_a_processor_without_a_name_still_has_one(tmp_path: Path) -> None:
    assert processor_name(tmp_path / "missing")


def test_psutil_is_not_imported_at_the_start() -> None:
    program = "import sys, desktop_app.system.hardware, desktop_app.system.logs\nprint('psutil' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False"
