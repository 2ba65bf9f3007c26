"""The models page: its sections, and the models on this computer as a person finds, uses and cares for them."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QMessageBox, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.core.care import Outcome, UpdateState
from desktop_app.core.downloads import Download, DownloadFile, DownloadState
from desktop_app.core.errors import Problem
from desktop_app.core.model import ModelDefaults, ModelKind, ShelfModel
from desktop_app.services import events
from desktop_app.services.download_events import DownloadFailed, DownloadFinished, DownloadsListed
from desktop_app.services.hub_events import OnlineChanged
from desktop_app.services.shelf_events import (
    DefaultsShown,
    ModelImported,
    ModelsVerified,
    RoomMeasured,
    ShelfFoldersListed,
    ShelfWorkEnded,
    ShelfWorkProgressed,
    UpdatesFound,
    WorkKind,
)
from desktop_app.ui.lists.shelf_list import ShelfList
from desktop_app.ui.lists.shelf_rows import Order, arranged
from desktop_app.ui.model_drop import ModelDrop
from desktop_app.ui.models.defaults_dialog import DefaultsDialog
from desktop_app.ui.models.frame import ModelsPage
from desktop_app.ui.models.shelf_delegate import Part, RowParts
from desktop_app.ui.models.shelf_section import ShelfSection
from desktop_app.ui.models.shelf_texts import used_text
from desktop_app.ui.theme import DARK, LIGHT, Palette, ThemeManager, tint
from tests.helpers.gguf_headers import write_header
from tests.helpers.shelves import Trash, note
from tests.helpers.window import OpenWindow
from tests.ui.test_large_text import SIZES, cut, settle
from tests.ui.test_parts import contrast, interactive, name_of

Open = Callable[..., OpenWindow]
GB = 1_000_000_000


# What the tests look at


def page_of(one: OpenWindow, section: str = "") -> ModelsPage:
    """Open the models page of a window."""
    one.window.show_page("models", section)
    page = one.window.pages.currentWidget()
    assert isinstance(page, ModelsPage)
    settle()
    return page


def shelf_of(one: OpenWindow, count: int = 0) -> ShelfSection:
    """Open the section of the models on this computer, and wait until so many are listed."""
    section = page_of(one, "shelf").section("shelf")
    assert isinstance(section, ShelfSection)
    if count:
        one.wait_for(lambda: len(section.list.models) == count)
    settle()
    return section


def row_of(section: ShelfSection, name: str) -> ShelfModel:
    """Return the listed model whose name begins so, and put the keyboard on its row."""
    for row in range(section.list.rowCount()):
        model = section.list.item(section.list.index(row))
        assert model is not None
        if model.name.startswith(name):
            section.view.select(row)
            return model
    raise AssertionError(f"{name} is not among {[model.name for model in section.list.models]}")


def spoken(section: ShelfSection, name: str) -> str:
    """Return a row as a screen reader says it."""
    row_of(section, name)
    text = section.view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(text, str)
    return text


def names(section: ShelfSection) -> list[str]:
    """Return the names in the list, from top to bottom."""
    rows = (section.list.item(section.list.index(row)) for row in range(section.list.rowCount()))
    return [model.name for model in rows if model is not None]


def act(menu: QMenu, begin: str) -> None:
    """Do what an entry of a menu is for."""
    next(action for action in menu.actions() if action.text().startswith(begin)).trigger()


def entries(menu: QMenu) -> list[str]:
    """Return the entries of a menu that can be chosen."""
    return [action.text() for action in menu.actions() if action.text() and action.isEnabled()]


def answer(one: OpenWindow, button: str) -> str:
    """Press a button of the question that is open; return the question."""
    one.wait_for(lambda: one.window.findChild(QMessageBox) is not None)
    box = one.window.findChild(QMessageBox)
    assert box is not None
    text = box.text()
    next(one for one in box.buttons() if one.text() == button).click()
    one.wait_for(lambda: one.window.findChild(QMessageBox) is None)
    return text


def write_model(folder: Path, name: str, *, repo: str = "", right: bool = True, **header: object) -> Path:
    """Write a file that a shelf takes for a model; with a repository, its source and its hash are noted."""
    file = write_header(folder / name, **header)  # type: ignore[arg-type]
    if repo:
        note(file, repo, hashlib.sha256(file.read_bytes()).hexdigest() if right else "0" * 64)
    return file


@pytest.fixture
def models(profile: Path) -> Path:
    """Return the folder of the shelf, with one model for each thing that a row may have to say."""
    folder = profile / "models"
    write_model(folder, "Alpha-8B-Q4_K_M.gguf", repo="maker/alpha", pairs={".context_length": 4096})
    write_model(folder, "Beta-14B-Q4_K_M.gguf", shape=(64, 64), pairs={"general.license": "apache-2.0"})
    write_model(folder, "Gamma-2B-Q8_0.gguf", architecture="tomorrow")
    write_model(folder, "Delta-embed-Q8_0.gguf", architecture="nomic-bert", template=None)
    write_model(folder, "Epsilon-13B-Q4_K_M.gguf", template=None)
    (folder / "Zeta-3B-Q8_0.gguf").write_bytes((folder / "Beta-14B-Q4_K_M.gguf").read_bytes()[:200])
    return folder


COUNT = 7  # those, and the starter model


# The page


def test_sections_are_made_when_they_are_first_shown(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    page = page_of(one)
    assert page.current == "shelf"
    assert list(page._sections) == ["shelf"]
    page.row.buttons["downloads"].click()
    assert page.current == "downloads"
    settle()
    assert list(page._sections) == ["shelf", "downloads"]
    one.window.show_page("")
    assert page_of(one).current == "downloads"


def test_sections_by_keys(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.window.activateWindow()
    page = page_of(one)
    for key, name in ((Qt.Key.Key_1, "discover"), (Qt.Key.Key_3, "downloads"), (Qt.Key.Key_2, "shelf")):
        QTest.keyClick(page, key, Qt.KeyboardModifier.ControlModifier)
        assert page.current == name
        assert page.row.buttons[name].isChecked()
    button = page.row.buttons["shelf"]
    button.setFocus()
    one.wait_for(button.hasFocus)
    QTest.keyClick(button, Qt.Key.Key_Right)
    assert page.current == "downloads"
    assert page.row.buttons["downloads"].hasFocus()
    QTest.keyClick(page.row.buttons["downloads"], Qt.Key.Key_Left)
    assert page.current == "shelf"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert one.window.pages.on_chat


def test_a_narrow_page_has_a_field_instead_of_the_row(opened: Open) -> None:
    one = opened(zoom=150)
    one.wait_ready()
    page = page_of(one)
    one.window.resize(430, 400)
    one.wait_for(lambda: not page.row.choice.isHidden())
    assert page.row.choice.currentData() == "shelf"
    assert page.width() <= 430
    QTest.keyClick(page.row.choice, Qt.Key.Key_Down)
    page.row.choice.activated.emit(page.row.choice.currentIndex())
    assert page.current == "downloads"
    one.window.resize(1280, 800)
    one.wait_for(lambda: page.row.choice.isHidden())
    assert page.row.buttons["downloads"].isChecked()


def a_download(number: int, state: DownloadState) -> Download:
    """Return a download."""
    file = DownloadFile("Big-Q4_K_M.gguf", 5 * GB, "0" * 64)
    return Download(number, "maker/big", "c" * 40, "Big", "Q4_K_M", (file,), state=state)


def test_row_counts_the_downloads_that_are_not_done(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    states = (DownloadState.RUNNING, DownloadState.DONE, DownloadState.PAUSED)
    one.bridge.publish(DownloadsListed(tuple(a_download(number, state) for number, state in enumerate(states))))
    settle()
    page = page_of(one)  # made after that was told
    assert page.row.buttons["downloads"].text() == "Downloads (2)"
    one.bridge.publish(DownloadsListed(()))
    settle()
    assert page.row.buttons["downloads"].text() == "Downloads"


def test_everything_has_a_name(opened: Open, models: Path) -> None:
    (models / "Eta-Q4_K_M.gguf.0123456789ab.part").write_bytes(b"begun")
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    section.head.free_button.click()
    one.wait_for(lambda: bool(section.freeing.findChildren(QPushButton, "outlined")))
    one.bridge.publish(ShelfWorkProgressed(WorkKind.VERIFY, "", 0.4, 75.0))
    one.bridge.publish(ShelfFoldersListed(str(models), ("/somewhere",), "/elsewhere"))
    settle()
    for name in ("shelf", "discover", "downloads"):
        page_of(one, name)
        assert [widget for widget in interactive(one.window) if not name_of(widget)] == [], name
    dialog = DefaultsDialog(one.themes, section.list.models[0], ModelDefaults(), one.window)
    dialog.show()
    assert [widget for widget in interactive(dialog) if not name_of(widget)] == []
    dialog.close()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("zoom", "width", "height"), SIZES)
def test_nothing_is_cut(opened: Open, models: Path, zoom: int, width: int, height: int, language: str) -> None:
    (models / "Eta-a-rather-long-name-indeed-Q4_K_M.gguf.0123456789ab.part").write_bytes(b"begun")
    one = opened(zoom=zoom, language=language)
    one.wait_ready()
    one.window.resize(width, height)
    section = shelf_of(one, COUNT)
    section.head.free_button.click()
    one.wait_for(lambda: bool(section.freeing.findChildren(QPushButton, "outlined")))
    one.bridge.publish(ShelfWorkProgressed(WorkKind.VERIFY, section.list.models[0].path, 0.4, 75.0))
    one.bridge.publish(ShelfFoldersListed(str(models), ("/a/folder/that/was/added",), "/where/it/was/going"))
    settle()
    assert (one.window.width(), one.window.height()) == (width, height)
    assert cut(one.window.pages.currentWidget()) == []


def test_nothing_is_cut_in_a_window_that_was_wide(opened: Open, models: Path) -> None:
    one = opened(zoom=200, language="fr")
    one.wait_ready()
    one.window.resize(1380, 860)
    shelf_of(one, COUNT)
    settle()
    one.window.resize(430, 400)
    settle()
    assert cut(one.window.pages.currentWidget()) == []


# The list


def test_rows_say_what_each_model_is(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    assert names(section)[:2] == ["Alpha-8B", "Beta-14B"]
    assert "4,096 context" in spoken(section, "Alpha")
    assert "maker" in spoken(section, "Alpha")
    assert "Apache-2.0" in spoken(section, "Beta")
    assert "Not supported yet" in spoken(section, "Gamma")
    assert "cannot load models of the kind “tomorrow” yet" in spoken(section, "Gamma")
    assert "Embedding" in spoken(section, "Delta")
    assert "Base model" in spoken(section, "Epsilon")
    assert "Damaged" in spoken(section, "Zeta")
    assert "incomplete" in spoken(section, "Zeta")
    assert "Loaded" in spoken(section, "Causerie Starter")
    assert section.head.summary.text().startswith("7 models · ")
    one.wait_for(lambda: "Free" in section.head.use.figures)
    assert section.head.use.figures.startswith("Models")


def test_what_a_row_explains_under_the_mouse(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    view, delegate = section.view, section.view.delegate
    model = row_of(section, "Epsilon")
    rect = view.visualRect(view.currentIndex())
    parts = delegate.parts(rect, model)
    (badge, place), *_ = parts.badges
    assert badge.text == "Base model"
    assert delegate.tip(rect, model, place.center()) == badge.tip
    assert delegate.tip(rect, model, parts.button.center()) == "Load this model (Enter)"
    assert model.path in delegate.tip(rect, model, parts.about.center())


def test_search_and_order(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    one.window.activateWindow()
    section = shelf_of(one, COUNT)
    row_of(section, "Beta")
    section.view.setFocus()
    one.wait_for(section.view.hasFocus)
    QTest.keyClicks(section.view, "b")  # what is typed in the list searches
    one.wait_for(section.search.hasFocus)
    QTest.keyClicks(section.search, "eta q4")
    assert names(section) == ["Beta-14B"]
    assert row_of(section, "Beta").name == "Beta-14B"
    QTest.keyClicks(section.search, " nowhere")
    assert names(section) == []
    assert section.empty.text() == "No model here fits “beta q4 nowhere”."
    QTest.keyClick(section.search, Qt.Key.Key_Escape)
    assert section.search.text() == ""
    assert len(names(section)) == COUNT
    QTest.keyClick(section.search, Qt.Key.Key_Down)
    assert section.view.hasFocus()
    section.order.setCurrentIndex(section.order.findData(Order.SIZE))
    section.order.activated.emit(section.order.currentIndex())
    sizes = [model.size for model in (section.list.item(section.list.index(row)) for row in range(COUNT)) if model]
    assert sizes == sorted(sizes, reverse=True)


def test_enter_loads_and_the_row_follows(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    model = row_of(section, "Alpha")
    one.forget()
    QTest.keyClick(section.view, Qt.Key.Key_Return)
    one.wait_ready()
    one.wait_for(lambda: "Loaded" in spoken(section, "Alpha"))
    assert "Loaded" not in spoken(section, "Causerie Starter")
    assert one.settings["model"] == model.path
    one.wait_for(lambda: any(listed.path == model.path and listed.last_used for listed in section.list.models))
    assert "used today" in spoken(section, "Alpha")


@pytest.mark.parametrize("name", ["Gamma", "Delta", "Zeta"])
def test_what_cannot_chat_is_not_offered_to_be_loaded(opened: Open, models: Path, name: str) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    model = row_of(section, name)
    one.forget()
    QTest.keyClick(section.view, Qt.Key.Key_Return)
    settle()
    assert section.list.state.path != model.path
    rect = section.view.visualRect(section.view.currentIndex())
    assert section.view.delegate.parts(rect, model).action is Part.ROW
    menu = entries(section.deeds.menu(model))
    assert "Load" not in menu
    assert ("Try to load it all the same" in menu) == (name != "Zeta")


def click(section: ShelfSection, name: str, part: Callable[[RowParts], QRect]) -> ShelfModel:
    """Click a part of a row."""
    model = row_of(section, name)
    place = part(section.view.delegate.parts(section.view.visualRect(section.view.currentIndex()), model)).center()
    QTest.mouseMove(section.view.viewport(), place)
    QTest.mouseClick(section.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    return model


def test_the_mouse_loads_stops_and_opens_the_menu(opened: Open, models: Path) -> None:
    slow = models / "slow.gguf"  # what the scripted engine loads slowly
    write_model(models, slow.name)
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT + 1)
    one.forget()
    click(section, "slow", lambda parts: parts.button)
    one.wait_for(lambda: section.list.state.state is events.ModelState.LOADING)
    assert "Loading" in spoken(section, "slow")
    click(section, "slow", lambda parts: parts.button)  # it says Stop now
    one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.NONE)
    with one.bot.waitSignal(section.view.menu_requested) as asked:
        click(section, "Alpha", lambda parts: parts.more)
    assert asked.args[0].name == "Alpha-8B"
    for menu in section.findChildren(QMenu):
        menu.close()
    one.forget()
    model = row_of(section, "Alpha")
    place = section.view.delegate.parts(section.view.visualRect(section.view.currentIndex()), model).name.center()
    QTest.mouseDClick(section.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    one.wait_ready()
    assert section.list.state.path == model.path


def test_only_rows_on_view_are_drawn(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    section = ShelfSection(ThemeManager("light"))
    qtbot.addWidget(section)
    section.resize(900, 700)
    section.show()
    drawn: set[str] = set()
    parts = section.view.delegate.parts

    def counting(rect: QRect, model: ShelfModel) -> RowParts:
        drawn.add(model.path)
        return parts(rect, model)

    monkeypatch.setattr(section.view.delegate, "parts", counting)
    many = tuple(ShelfModel(f"/m/{number}.gguf", f"Model {number}", "Q4_0", number * GB) for number in range(500))
    section.hear(events.ModelsListed(many))
    qtbot.waitUntil(lambda: len(drawn) > 3)
    settle()
    assert len(drawn) < 40
    section.activateWindow()
    section.view.setFocus()
    section.view.select(0)
    QTest.keyClick(section.view, Qt.Key.Key_End)
    assert section.view.currentIndex().row() == 499
    shown = section.view.mapTo(section, section.view.visualRect(section.view.currentIndex()).center())
    assert section.rect().contains(shown)
    QTest.keyClick(section.view, Qt.Key.Key_PageUp)
    assert 480 < section.view.currentIndex().row() < 499


def test_the_wheel_over_the_list_scrolls_the_page(qtbot: QtBot) -> None:
    section = ShelfSection(ThemeManager("light"))
    qtbot.addWidget(section)
    section.resize(900, 500)
    section.show()
    section.hear(events.ModelsListed(tuple(ShelfModel(f"/m/{n}.gguf", f"Model {n}", "", GB) for n in range(50))))
    settle()
    viewport = section.view.viewport()
    bar = section._scroll.verticalScrollBar()
    assert bar.maximum() > 1000
    place = QPointF(viewport.mapTo(section, QPoint(50, 50)))
    QTest.wheelEvent(section.windowHandle(), place, QPoint(0, -120))
    assert bar.value() > 0


def test_list_is_a_sound_model(qtmodeltester: ModelTester) -> None:
    renamed: list[tuple[str, str]] = []
    rows = ShelfList(
        lambda model, state: model.label,
        lambda model: "" if model.starter else model.name,
        lambda model, name: renamed.append((model.path, name)),
    )
    qtmodeltester.check(rows)
    rows.set_models(tuple(ShelfModel(f"/m/{number}.gguf", f"M {number}", "", number) for number in range(30)))
    rows.arrange("m 1", Order.SIZE)
    rows.set_models((*rows.models, ShelfModel("/s.gguf", "M 1 starter", "", 7, starter=True)))
    rows.set_state(events.ModelChanged(events.ModelState.READY, path="/m/1.gguf"))
    row = rows.row_of("/m/12.gguf")
    assert row is not None
    assert rows.setData(rows.index(row), " New name ")
    assert not rows.setData(rows.index(row), "M 12")
    starter = rows.row_of("/s.gguf")
    assert starter is not None
    assert not rows.flags(rows.index(starter)) & Qt.ItemFlag.ItemIsEditable
    assert renamed == [("/m/12.gguf", "New name")]


def test_models_are_put_in_order_as_people_do() -> None:
    found = [
        ShelfModel(f"/{name}", name, "Q4_0", size, last_used=used, kind=kind)
        for name, size, used, kind in (
            ("Qwen3-14B", 9, 5.0, ModelKind.CHAT),
            ("Qwen3-8B", 5, 0.0, ModelKind.CHAT),
            ("qwen3-4B", 3, 9.0, ModelKind.CHAT),
            ("e5", 1, 0.0, ModelKind.EMBEDDING),
        )
    ]
    assert [one.name for one in arranged(found, "", Order.NAME)] == ["e5", "qwen3-4B", "Qwen3-8B", "Qwen3-14B"]
    assert [one.name for one in arranged(found, "", Order.SIZE)] == ["Qwen3-14B", "Qwen3-8B", "qwen3-4B", "e5"]
    assert [one.name for one in arranged(found, "", Order.USED)][:2] == ["qwen3-4B", "Qwen3-14B"]
    assert [one.name for one in arranged(found, "EMBEDDING q4", Order.NAME)] == ["e5"]
    assert arranged(found, "qwen e5", Order.NAME) == []


@pytest.mark.parametrize(
    ("days", "text"), [(0, "used today"), (1, "used yesterday"), (12, "used 12 days ago"), (400, "used ")]
)
def test_when_a_model_was_used(days: int, text: str) -> None:
    when = (datetime.now().astimezone() - timedelta(days=days)).timestamp()
    assert used_text(when, date.today()).startswith(text)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_badges_can_be_read(palette: Palette) -> None:
    for role in ("good", "caution", "bad", "note", "secondary"):
        assert contrast(getattr(palette, role), tint(palette, role)) >= 4.5


# Care


def test_verify_marks_what_is_intact_and_tells_what_is_not(opened: Open, models: Path) -> None:
    write_model(models, "Theta-7B-Q4_K_M.gguf", repo="maker/theta", right=False)
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT + 1)
    act(section.deeds.menu(row_of(section, "Alpha")), "Verify")
    one.wait_event(ShelfWorkEnded)
    one.wait_for(lambda: "Intact" in spoken(section, "Alpha"))
    assert section.work.isHidden()
    assert "is intact" in one.window.notices.notice.text
    one.forget()
    act(section.head.care_menu(), "Verify all")
    verified = one.wait_event(ModelsVerified)
    assert isinstance(verified, ModelsVerified)
    assert {found.outcome for found in verified.results} == {Outcome.INTACT, Outcome.DIFFERENT, Outcome.UNKNOWN}
    one.wait_for(lambda: "Not as offered" in spoken(section, "Theta"))
    one.wait_for(lambda: "it is not the file that maker/theta offers" in one.window.notices.notice.text)


def test_work_is_shown_with_its_time_and_can_be_stopped(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    model = row_of(section, "Alpha")
    one.bridge.publish(ShelfWorkProgressed(WorkKind.VERIFY, model.path, 0.424, 75.0))
    settle()
    assert section.work.isVisible()
    assert section.work.text().replace("\N{NO-BREAK SPACE}", " ") == f"Verifying {model.label} · 42 % · 1 min left"
    with one.bot.waitSignal(section.asked):
        section.work.stop_requested.emit()
    one.bridge.publish(ShelfWorkEnded(WorkKind.VERIFY, model.path, Problem("stopped", "The check was stopped.")))
    settle()
    assert section.work.isHidden()
    assert one.window.notices.notice is None  # the person knows


def test_rename_in_the_row(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    one.window.activateWindow()
    section = shelf_of(one, COUNT)
    model = row_of(section, "Alpha")
    section.view.setFocus()
    one.wait_for(section.view.hasFocus)
    QTest.keyClick(section.view, Qt.Key.Key_F2)
    one.wait_for(lambda: section.view.editor() is not None)
    editor = section.view.editor()
    assert editor is not None
    assert editor.text() == "Alpha-8B-Q4_K_M"
    assert editor.accessibleName()
    editor.setText("Omega-8B-Q4_K_M")
    one.forget()
    one.host.do(lambda services: services.shelf.used(model.path))
    one.host.do(lambda services: services.shelf.scan())
    one.wait_event(events.ModelsListed)
    settle()
    assert editor.text() == "Omega-8B-Q4_K_M"  # a list that comes meanwhile takes nothing away
    QTest.keyClick(editor, Qt.Key.Key_Return)
    one.wait_for(lambda: any(listed.name == "Omega-8B" for listed in section.list.models))
    assert (models / "Omega-8B-Q4_K_M.gguf").exists()
    assert not Path(model.path).exists()
    assert section.list.state.path != model.path  # the Enter that ended the field loaded nothing
    assert "Rename… (F2)" not in entries(section.deeds.menu(row_of(section, "Causerie Starter")))


def test_delete_asks_and_moves_to_the_trash(
    opened: Open, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = Trash(tmp_path / "trash", monkeypatch)
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    model = row_of(section, "Beta")
    section.view.setFocus()
    QTest.keyClick(section.view, Qt.Key.Key_Delete)
    assert "Beta-14B · Q4_K_M" in answer(one, "Keep")
    assert Path(model.path).exists()
    QTest.keyClick(section.view, Qt.Key.Key_Delete)
    answer(one, "Move to trash")
    one.wait_for(lambda: "Beta-14B" not in names(section))
    assert trash.names == ["Beta-14B-Q4_K_M.gguf"]
    one.wait_for(lambda: "is in the trash" in one.window.notices.notice.text)


def test_the_loaded_model_is_not_deleted(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    model = row_of(section, "Alpha")
    QTest.keyClick(section.view, Qt.Key.Key_Return)
    one.wait_for(lambda: "Loaded" in spoken(section, "Alpha"))
    menu = section.deeds.menu(model)
    assert not any(entry.startswith("Move to trash") for entry in entries(menu))
    assert any("load another model first" in action.text() for action in menu.actions())
    section.deeds.delete(model)
    assert one.window.findChild(QMessageBox) is None


def test_what_can_be_freed(opened: Open, models: Path) -> None:
    part = models / "Eta-Q4_K_M.gguf.0123456789ab.part"
    part.write_bytes(b"begun")
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    section.head.free_button.click()
    one.wait_for(lambda: bool(section.freeing.findChildren(QPushButton, "outlined")))
    assert "could be freed" in section.freeing.title.text()
    button = section.freeing.findChildren(QPushButton, "outlined")[0]
    assert button.accessibleName() == f"Delete… {part.name}"
    button.click()
    assert part.name in answer(one, "Delete")
    one.wait_for(lambda: section.freeing.title.text().startswith("Nothing stands out"))
    assert not part.exists()
    section.head.free_button.click()
    assert section.freeing.isHidden()


# Folders and the shelf


def choose_folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the system's dialog answer with a folder."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_arguments: str(folder))


def shown_texts(section: ShelfSection) -> list[str]:
    """Return the texts on view of the card of folders."""
    return [label.text() for label in section.folders.findChildren(QLabel) if label.isVisible()]


def test_folders_are_added_and_taken_off(
    opened: Open, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    write_model(other, "Kappa-7B-Q4_K_M.gguf")
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    choose_folder(monkeypatch, other)
    section.add_button.click()
    one.wait_for(lambda: "Kappa-7B" in names(section))
    one.wait_for(lambda: str(other) in shown_texts(section))
    button = next(one for one in section.folders.findChildren(QPushButton) if one.text() == "Remove")
    assert button.accessibleName() == f"Remove {other}"
    button.click()
    one.wait_for(lambda: "Kappa-7B" not in names(section))
    assert (other / "Kappa-7B-Q4_K_M.gguf").exists()


def test_the_shelf_is_moved(opened: Open, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = opened()
    one.wait_ready()
    one.window.load_file(str(models / "Alpha-8B-Q4_K_M.gguf"))
    one.wait_event(events.ModelChanged, lambda event: event.path.endswith("Alpha-8B-Q4_K_M.gguf") and event.info)
    section = shelf_of(one, COUNT)
    new = tmp_path / "drive" / "models"
    new.parent.mkdir()
    choose_folder(monkeypatch, new)
    act(section.head.care_menu(), "Move the shelf")
    one.wait_for(lambda: one.settings["models_folder"] == str(new))
    one.wait_for(lambda: any(model.path == str(new / "Alpha-8B-Q4_K_M.gguf") for model in section.list.models))
    assert one.settings["model"] == str(new / "Alpha-8B-Q4_K_M.gguf")
    assert not (models / "Alpha-8B-Q4_K_M.gguf").exists()
    one.wait_for(lambda: str(new) in shown_texts(section))
    one.wait_for(lambda: "Loaded" in spoken(section, "Alpha"))


def test_an_interrupted_move_offers_both_ways_out(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    assert section.interrupted.isHidden()
    one.bridge.publish(ShelfFoldersListed(str(models), (), "/new/place"))
    settle()
    assert section.interrupted.isVisible()
    assert "/new/place" in section.interrupted.label.text()
    with one.bot.waitSignal(section.interrupted.move_requested) as asked:
        section.interrupted.go_on.click()
    assert asked.args == ["/new/place"]
    with one.bot.waitSignal(section.interrupted.move_requested) as asked:
        section.interrupted.take_back.click()
    assert asked.args == [str(models)]


def drop(one: OpenWindow, path: Path) -> None:
    """Drop a file on a window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    one.window.findChild(ModelDrop).eventFilter(one.window, event)


def test_a_dropped_file_is_used_in_place_and_may_be_copied(opened: Open, models: Path, tmp_path: Path) -> None:
    file = write_model(tmp_path / "desk", "Lambda-7B-Q4_K_M.gguf")
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    one.forget()
    drop(one, file)
    one.wait_ready()
    one.wait_for(lambda: "Lambda-7B" in names(section))
    assert "not on the shelf" in spoken(section, "Lambda")
    assert "Copy to the shelf" in entries(section.deeds.menu(row_of(section, "Lambda")))
    notice = one.window.notices.notice
    assert notice.action == "Copy to the shelf"
    notice.act()
    imported = one.wait_event(ModelImported)
    assert imported.path == str(models / file.name)
    assert file.exists()
    one.wait_for(lambda: one.window.notices.notice.action == "Load it")
    one.wait_for(lambda: any(model.path == imported.path for model in section.list.models))
    drop(one, models / "Alpha-8B-Q4_K_M.gguf")  # which lies on the shelf: there is nothing to offer
    settle()
    assert one.window.notices.notice.action == "Load it"


# Defaults


def test_defaults_hold_whenever_the_model_is_loaded(opened: Open, models: Path) -> None:
    one = opened(system_prompt="As in the settings.")
    one.wait_ready()
    section = shelf_of(one, COUNT)
    model = row_of(section, "Alpha")
    act(section.deeds.menu(model), "Defaults…")
    one.wait_for(lambda: one.window.findChild(DefaultsDialog) is not None)
    dialog = one.window.findChild(DefaultsDialog)
    assert dialog is not None
    assert dialog.defaults == ModelDefaults()
    dialog.context.setValue(1024)
    dialog.prompt.setPlainText(" Answer in verse. ")
    dialog.notes.setPlainText("good at rhymes")
    dialog.save_button.click()
    kept = one.wait_event(DefaultsShown, lambda event: event.defaults.notes == "good at rhymes")
    assert kept.defaults == ModelDefaults(1024, system_prompt="Answer in verse.", notes="good at rhymes")
    one.forget()
    QTest.keyClick(section.view, Qt.Key.Key_Return)
    ready = one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.READY)
    assert ready.info.context_length == 1024
    one.wait_for(lambda: one.window.inspector.system_prompt == "Answer in verse.")
    assert one.ask("hello").message.system_prompt == "Answer in verse."
    one.forget()
    one.window.load_first_model(str(models / "Beta-14B-Q4_K_M.gguf"))
    one.wait_ready()
    one.window.new_conversation()
    one.wait_for(lambda: one.window.inspector.system_prompt == "As in the settings.")


def test_a_prompt_that_was_written_already_stays(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    path = str(models / "Alpha-8B-Q4_K_M.gguf")
    one.host.do(lambda services: services.shelf.set_defaults(path, ModelDefaults(system_prompt="Of the model.")))
    one.window.inspector.show_conversation("Written by hand.", one.window.inspector.sampling)
    one.forget()
    one.window.load_file(path)
    one.wait_event(DefaultsShown, lambda event: event.path == path)
    one.wait_ready()
    settle()
    assert one.window.inspector.system_prompt == "Written by hand."


def test_changed_defaults_of_the_loaded_model_offer_to_load_it_again(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    model = row_of(section, "Alpha")
    one.forget()
    QTest.keyClick(section.view, Qt.Key.Key_Return)
    one.wait_ready()
    one.wait_event(DefaultsShown, lambda event: event.path == model.path)
    one.host.do(lambda services: services.shelf.set_defaults(model.path, ModelDefaults(context_length=2048)))
    one.wait_for(lambda: one.window.notices.notice is not None)
    assert one.window.notices.notice.action == "Load it now"
    one.forget()
    one.window.notices.notice.act()
    ready = one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.READY)
    assert ready.info.context_length == 2048


def test_the_dialog_clears_all_but_the_notes(opened: Open) -> None:
    one = opened()
    model = ShelfModel("/m.gguf", "M", "Q4_0", GB, context_length=40960)
    dialog = DefaultsDialog(one.themes, model, ModelDefaults(7, 12, "", "Be brief.", "{{ x }}", "mine"), one.window)
    assert dialog.defaults == ModelDefaults(512, 12, "", "Be brief.", "{{ x }}", "mine")  # no shorter context than that
    dialog.clear()
    assert dialog.defaults == ModelDefaults(notes="mine")
    dialog.deleteLater()


@pytest.mark.parametrize("room", [(1400, 900), (430, 400)], ids=str)
@pytest.mark.parametrize("zoom", [100, 200])
def test_the_dialog_fits_the_screen(opened: Open, room: tuple[int, int], zoom: int) -> None:
    one = opened(zoom=zoom)
    dialog = DefaultsDialog(one.themes, ShelfModel("/m.gguf", "M" * 60, "Q4_0", GB), ModelDefaults(), one.window)
    dialog.show()
    dialog.fit_into(QRect(0, 0, *room))
    settle()
    assert dialog.width() <= room[0]
    assert dialog.height() <= room[1]
    assert cut(dialog) == []
    dialog.close()


# What arrives


def test_a_finished_download_can_be_talked_with_at_once(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    page_of(one)
    path = str(models / "Beta-14B-Q4_K_M.gguf")
    one.forget()
    one.bridge.publish(DownloadFinished(a_download(1, DownloadState.DONE), path))
    settle()
    notice = one.window.notices.notice
    assert "Big · Q4_K_M" in notice.text
    assert notice.stays
    notice.act()
    ready = one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.READY)
    assert ready.path == path
    assert one.window.pages.on_chat


def test_a_failed_download_leads_to_the_downloads(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    failed = DownloadFailed(a_download(1, DownloadState.FAILED), Problem("x", "The drive is full."))
    one.bridge.publish(failed)
    settle()
    assert "The drive is full." in one.window.notices.notice.text
    one.window.notices.notice.act()
    one.window.notices.hide()
    page = one.window.pages.currentWidget()
    assert isinstance(page, ModelsPage)
    assert page.current == "downloads"
    one.bridge.publish(failed)
    settle()
    assert one.window.notices.notice is None  # it is on view


def test_updates_are_marked(opened: Open, models: Path) -> None:
    from desktop_app.core.care import Update

    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    model = row_of(section, "Alpha")
    assert "Look for an update" in entries(section.deeds.menu(model))
    assert "Look for an update" not in entries(section.deeds.menu(row_of(section, "Beta")))
    one.bridge.publish(UpdatesFound((Update(model.path, "maker/alpha", UpdateState.NEWER),)))
    settle()
    assert "Update" in spoken(section, "Alpha")
    assert one.window.notices.notice.text.startswith("Files with an update: 1.")


def test_going_online_is_a_setting_and_is_said(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    page = page_of(one, "discover")
    said = [label.text() for label in one.window.sidebar.findChildren(QLabel)]
    assert "Offline" in said
    page.section("discover").go_online_requested.emit()  # type: ignore[attr-defined]
    assert one.settings["online"] is True
    one.wait_event(OnlineChanged, lambda event: event.online)
    settle()
    said = [label.text() for label in one.window.sidebar.findChildren(QLabel)]
    assert "Offline" not in said
    assert "Online for models" in said
    one.window.set_setting("online", False)
    one.wait_event(OnlineChanged, lambda event: not event.online)
    settle()
    assert "Offline" in [label.text() for label in one.window.sidebar.findChildren(QLabel)]


@pytest.mark.parametrize("online", [False, True])
def test_why_it_stays_offline_is_said(opened: Open, monkeypatch: pytest.MonkeyPatch, online: bool) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    one = opened(online=online)
    one.wait_ready()
    page_of(one, "discover").section("discover").go_online_requested.emit()  # type: ignore[attr-defined]
    one.wait_for(lambda: one.window.notices.notice is not None)
    assert "told to stay offline" in one.window.notices.notice.text
    assert "Offline" in [label.text() for label in one.window.sidebar.findChildren(QLabel)]


def test_a_start_online_is_said_on_pages_made_later_and_in_another_language(opened: Open) -> None:
    one = opened(online=True)
    one.wait_ready()
    one.wait_event(OnlineChanged, lambda event: event.online)
    settle()

    def said() -> list[str]:
        section = page_of(one, "discover").section("discover")
        return [section.status.said] + [label.text() for label in one.window.sidebar.findChildren(QLabel)]  # type: ignore[attr-defined]

    assert {"Online for Discover", "Online for models"} <= set(said())
    one.window.set_setting("language", "fr")
    settle()
    assert "Hors ligne" not in said()
    one.window.set_setting("online", False)
    one.wait_event(OnlineChanged, lambda event: not event.online)
    settle()
    assert "Hors ligne" in said()


def test_the_speed_limit_is_a_setting(opened: Open) -> None:
    one = opened(download_limit=3)
    one.wait_ready()
    section = page_of(one, "downloads").section("downloads")
    limit = section.header.limit  # type: ignore[attr-defined]
    assert limit.value() == 3
    limit.setValue(9)
    assert one.settings["download_limit"] == 9
    one.window.set_setting("download_limit", 0)
    one.wait_for(lambda: limit.value() == 0)


def test_the_section_on_view_outlives_another_language(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    page = page_of(one, "downloads")
    one.window.set_setting("language", "fr")
    one.wait_for(lambda: one.window.pages.currentWidget() is not page)
    again = one.window.pages.currentWidget()
    assert isinstance(again, ModelsPage)
    assert again.current == "downloads"


# What is told when there is little to show


def test_an_almost_empty_shelf_teaches_the_next_step(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, 1)
    assert section.empty.text().startswith("Only the small starter model is here so far.")
    assert section.search.isHidden()
    section.discover_button.click()
    page = one.window.pages.currentWidget()
    assert isinstance(page, ModelsPage)
    assert page.current == "discover"


def test_before_anything_is_known(qtbot: QtBot) -> None:
    section = ShelfSection(ThemeManager("light"))
    qtbot.addWidget(section)
    assert section.head.summary.text() == "Looking for models…"
    section.hear(events.ModelsListed(()))
    assert section.head.summary.text() == "No models yet"
    assert section.empty.text().startswith("Larger models know more")


@pytest.fixture(autouse=True)
def no_menus_left() -> Iterator[None]:
    """Close what a test has popped up."""
    yield
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def test_room_is_shown_even_for_what_is_small(opened: Open, models: Path) -> None:
    one = opened()
    one.wait_ready()
    section = shelf_of(one, COUNT)
    measured = one.wait_event(RoomMeasured)
    assert measured.use.models > 0
    bar = section.head.use._bar
    picture = bar.grab().toImage()
    colours = {picture.pixelColor(QPoint(x, picture.height() // 2)).name() for x in range(picture.width())}
    assert LIGHT.accent.lower() in colours
    assert LIGHT.line.lower() in colours
