"""Everything can be read and reached in large text and in small windows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.system.paths import AppPaths
from desktop_app.ui.fields import ChoiceField, ElidedButton
from desktop_app.ui.marks import HintedButton
from desktop_app.ui.settings_page import SettingsPage
from desktop_app.ui.shortcuts import ShortcutsDialog
from tests.helpers.window import OpenWindow

Open = Callable[..., OpenWindow]
SIZES = [(200, 1280, 800), (150, 800, 600), (100, 430, 400), (200, 430, 400), (80, 430, 400)]


def shown(parent: QWidget) -> Iterator[QWidget]:
    """Return what is on view in a widget."""
    for widget in parent.findChildren(QWidget):
        if widget.isVisible() and widget.width() and widget.height():
            yield widget


def scroll_area(widget: QWidget) -> QScrollArea | None:
    """Return the scroll area that scrolls a widget."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea) and (content := above.widget()) and content.isAncestorOf(widget):
            return above
        above = above.parentWidget()
    return None


def text_room(button: QAbstractButton) -> tuple[int, int]:
    """Return the pixels that a button has for its text, across and down."""
    if isinstance(button, QCheckBox):
        return button.width(), button.height()
    assert isinstance(button, QPushButton)
    option = QStyleOptionButton()
    button.initStyleOption(option)
    inside = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button)
    icon = 0 if option.icon.isNull() else option.iconSize.width()
    return inside.width() - icon, inside.height()


def cut(window: QWidget) -> list[str]:
    """Return what is cut off in a window, in words."""
    faults = []
    for widget in shown(window):
        name = f"{type(widget).__name__} {widget.objectName()} {getattr(widget, 'text', str)()!r}"
        if isinstance(widget, QAbstractButton) and widget.text():
            text = widget.shown_text if isinstance(widget, ElidedButton) else widget.text()
            size = widget.fontMetrics().size(0, text)
            across, down = text_room(widget)
            if size.width() > across or size.height() > down:
                faults.append(f"{name}: {size} in {across} x {down}")
        scrolled = scroll_area(widget)
        frame = scrolled.viewport() if scrolled is not None else window
        place = QRect(widget.mapTo(frame, QPoint(0, 0)), widget.size())
        if place.left() < 0 or place.right() >= frame.width():
            faults.append(f"{name}: {place} in {frame.rect()}")
        if scrolled is None and (place.top() < 0 or place.bottom() >= frame.height()):
            faults.append(f"{name}: {place} in {frame.rect()}")
    return faults


def settle() -> None:
    """Let texts wrap and layouts follow: each may ask for another round of the event loop."""
    for _ in range(10):
        QApplication.processEvents()


def open_at(opened: Open, zoom: int, width: int, height: int, language: str = "en") -> OpenWindow:
    """Open a window of a size."""
    one = opened(zoom=zoom, language=language)
    one.wait_ready()
    one.window.resize(width, height)
    one.wait_for(lambda: bool(one.window.chat.empty.computer_text))
    settle()
    assert (one.window.width(), one.window.height()) == (width, height)
    return one


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("zoom", "width", "height"), SIZES)
def test_nothing_is_cut(opened: Open, profile: Path, zoom: int, width: int, height: int, language: str) -> None:
    one = open_at(opened, zoom, width, height, language)
    chat = one.window.chat
    assert cut(chat.header) == []
    assert cut(chat.empty) == []
    assert cut(chat.composer) == []
    assert cut(one.window.sidebar) == [] or not one.window.sidebar.isVisible()
    one.window.show_page("settings")
    page = one.window.pages.currentWidget()
    assert isinstance(page, SettingsPage)
    logs = str(AppPaths.under(profile).log_dir)  # the last thing on the page
    one.wait_for(lambda: any(logs in label.text() for label in page.findChildren(QLabel)))
    settle()
    assert cut(page) == []
    assert page.editor("code_wrap").isVisible()


def test_examples_can_be_scrolled_to_and_the_computer_gives_way(opened: Open) -> None:
    one = open_at(opened, 200, 430, 400)
    empty = one.window.chat.empty
    computer = next(label for label in empty.findChildren(QLabel) if label.text() == empty.computer_text)
    assert not computer.isVisible()
    last = empty.findChildren(QPushButton)[-1]
    last.setFocus()
    scrolled = scroll_area(last)
    assert scrolled is not None
    scrolled.ensureWidgetVisible(last)
    place = QRect(last.mapTo(scrolled.viewport(), QPoint(0, 0)), last.size())
    seen = scrolled.viewport().rect()
    # Where the composer leaves less than a button's height, what there is room for of it is seen.
    assert seen.intersected(place).height() == min(place.height(), seen.height())
    assert seen.left() <= place.left()
    assert place.right() <= seen.right()
    asked: list[str] = []
    empty.asked.disconnect()
    empty.asked.connect(asked.append)
    assert "\n" in last.text()
    last.click()
    assert asked == ["How do I add a larger model?"]
    one.window.resize(1280, 1400)
    one.wait_for(computer.isVisible)
    assert "\n" not in last.text()


def test_editors_stand_beside_their_texts_where_there_is_room(opened: Open) -> None:
    one = open_at(opened, 100, 1280, 800)
    one.window.show_page("settings")
    page = one.window.pages.currentWidget()
    assert isinstance(page, SettingsPage)
    label = next(label for label in page.findChildren(QLabel) if label.text() == "Theme")
    editor = page.editor("theme")
    one.wait_for(lambda: editor.x() > label.x() + 200)
    one.window.resize(430, 400)
    one.wait_for(lambda: editor.x() == label.x() and editor.y() > label.y())


def test_header_stands_in_the_middle(opened: Open) -> None:
    one = open_at(opened, 100, 1280, 800)
    header = one.window.chat.header
    for widget in (header.chip, header.inspector_button):
        middle = widget.mapTo(header, widget.rect().center()).y()
        assert abs(middle - header.rect().center().y()) <= 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_hint_never_stands_on_the_words(opened: Open, language: str) -> None:
    one = open_at(opened, 100, 1280, 800, language)
    button = one.window.sidebar.findChild(HintedButton, "newConversation")
    assert button is not None
    hint = button.findChild(QLabel)
    assert hint is not None
    seen = set()
    for zoom in (100, 150, 200, 100):
        one.window.set_setting("zoom", zoom)
        for width in (420, 250, 200):
            one.window.columns.setSizes([round(width * zoom / 100), 500, 300])
            settle()
            seen.add(hint.isVisible())
            words = button.fontMetrics().horizontalAdvance(button.text())
            assert not hint.isVisible() or words + (button.width() - text_room(button)[0]) // 2 <= hint.x()
    assert seen == {True, False} or language == "en"


def test_widths_are_kept_at_a_zoom_of_one(opened: Open) -> None:
    one = open_at(opened, 100, 1280, 800)
    columns = one.window.columns
    columns.setSizes([250, 730, 300])
    before = columns.sizes()
    assert columns.widths == {"sidebar_width": before[0], "inspector_width": before[2]}
    one.window.set_setting("zoom", 200)
    one.window.resize(2000, 900)
    settle()
    assert columns.sizes()[0] == 2 * before[0]
    assert columns.widths == {"sidebar_width": before[0], "inspector_width": before[2]}
    one.window.resize(1280, 800)
    one.window.set_setting("zoom", 100)
    settle()
    assert columns.sizes() == before
    one.window.set_setting("zoom", 150)
    one.window.close()
    assert one.settings["sidebar_width"] == before[0]
    assert one.settings["inspector_width"] == before[2]


def test_a_column_that_is_asked_for_is_shown(opened: Open) -> None:
    one = open_at(opened, 200, 1280, 800)
    window = one.window
    assert window.sidebar.isVisible()
    assert not window.inspector.isVisible()
    window.toggle("inspector_visible")
    assert window.width() == 1280  # the screen is not wider
    assert window.inspector.isVisible()
    assert not window.sidebar.isVisible()
    assert window.chat.header.sidebar_button.isVisible()
    window.toggle("sidebar_visible")
    assert window.sidebar.isVisible()
    assert not window.inspector.isVisible()
    window.toggle("inspector_visible")
    window.toggle("inspector_visible")
    assert not window.inspector.isVisible()
    assert window.sidebar.isVisible()
    assert one.settings["inspector_visible"] is True  # it was folded, not refused: a wider window shows it again
    one.window.set_setting("zoom", 100)
    one.wait_for(window.inspector.isVisible)
    window.toggle("inspector_visible")
    assert one.settings["inspector_visible"] is False


def test_a_small_window_grows_for_a_column_as_far_as_the_screen_goes(opened: Open) -> None:
    one = open_at(opened, 100, 430, 500)
    window = one.window
    room = window.screen().availableGeometry()
    window.toggle("sidebar_visible")
    assert window.sidebar.isVisible()
    assert window.width() == 640
    window.show_page("settings")
    window.toggle("inspector_visible")
    assert window.pages.on_chat
    assert window.inspector.isVisible()
    assert window.frameGeometry().width() <= room.width()
    assert window.width() > 700
    assert room.contains(window.geometry().topRight())
    assert cut(window.chat.header) == []


@pytest.mark.parametrize("state", ["showMaximized", "showFullScreen"])
def test_a_window_that_fills_the_screen_shows_the_column_too(opened: Open, state: str) -> None:
    one = open_at(opened, 200, 800, 800)
    getattr(one.window, state)()
    settle()
    size = one.window.size()
    one.window.toggle("inspector_visible")
    assert one.window.inspector.isVisible()
    assert one.window.size() == size
    settle()
    assert cut(one.window.chat.header) == []


@pytest.mark.parametrize("room", [(1400, 900), (800, 600), (430, 400)], ids=str)
@pytest.mark.parametrize("zoom", [100, 200])
def test_keys_fit_the_screen(opened: Open, room: tuple[int, int], zoom: int) -> None:
    one = open_at(opened, zoom, 430, 400)
    dialog = ShortcutsDialog(one.window)
    dialog.show()
    inside = dialog.screen().availableGeometry()
    assert inside.contains(dialog.frameGeometry())
    dialog.fit_into(QRect(0, 0, *room))
    settle()
    assert dialog.width() <= room[0]
    assert dialog.height() <= room[1]
    assert cut(dialog) == []
    assert dialog.close_button.isVisible()


def test_keys_name_the_key_that_sends(opened: Open) -> None:
    one = opened()
    for setting, key in (("enter", "Enter"), ("ctrl_enter", "Ctrl+Enter")):
        dialog = ShortcutsDialog(one.window, setting)
        texts = [label.text() for label in dialog.findChildren(QLabel)]
        assert texts[texts.index("Send the message") + 1] == key


def test_wheel_leaves_a_choice_alone(qtbot: QtBot) -> None:
    box = ChoiceField()
    qtbot.addWidget(box)
    box.addItems(["one", "two", "three"])
    box.show()
    box.clearFocus()

    def wheel(widget: QComboBox) -> bool:
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(widget.mapToGlobal(QPoint(5, 5))),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        widget.wheelEvent(event)
        return event.isAccepted()

    assert not wheel(box)
    assert box.currentIndex() == 0
    assert not box.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus
    with qtbot.waitExposed(box):
        box.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    wheel(box)
    assert box.currentIndex() == 1


def test_being_squeezed_is_not_remembered(opened: Open) -> None:
    one = open_at(opened, 100, 1280, 800)
    columns = one.window.columns
    before = columns.sizes()
    one.window.set_setting("zoom", 200)
    for column in ("sidebar_visible", "inspector_visible"):
        one.window.resize(430, 400)
        columns.ask_for(column)
        one.window.resize(430, 400)
        settle()
        assert columns.sizes()[0 if column == "sidebar_visible" else 2] < 250
        assert columns.dismiss(column)
    one.window.set_setting("zoom", 100)
    one.window.resize(1280, 800)
    settle()
    assert columns.sizes() == before
