"""The window in another language: complete, chosen by the system or the person, changed while it is open."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from taskkit import translations

from desktop_app.services import events
from desktop_app.system.settings import SETTINGS
from desktop_app.ui.empty_state import as_typed
from desktop_app.ui.inspector import Inspector
from desktop_app.ui.language import LANGUAGES, SOURCE, language_for
from desktop_app.ui.lists.conversation_list import ROW_ROLE
from desktop_app.ui.lists.conversation_rows import HitRow
from desktop_app.ui.shortcuts import SHORTCUTS, ShortcutsDialog, shortcut_keys
from tests.helpers.window import OpenWindow

Open = Callable[..., OpenWindow]
FRENCH = "fr"


@pytest.fixture(scope="module")
def found() -> translations.Found:
    """Return all texts of the window."""
    return translations.find_texts()


# The files


def test_translations_are_complete_and_compiled(found: translations.Found) -> None:
    assert found.faults == ()
    assert len(found.texts) > 200
    assert set(translations.LANGUAGES) == set(LANGUAGES) - {SOURCE}
    assert translations.faults(FRENCH, found) == []


@pytest.fixture
def spoiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], list[str]]:
    """Return what says which faults are found after replacing something in the .ts file."""

    def spoil(old: str, new: str) -> list[str]:
        for suffix in (".ts", ".qm"):
            source = translations.ts_path(FRENCH).with_suffix(suffix)
            (tmp_path / source.name).write_bytes(source.read_bytes())
        path = tmp_path / translations.ts_path(FRENCH).name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        monkeypatch.setattr(translations, "FOLDER", tmp_path)
        return translations.faults(FRENCH, translations.find_texts())

    return spoil


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<source>Copy this code</source>", "<source>Copy that code</source>", "missing"),
        ("<source>Copy this code</source>", "<source>Copy that code</source>", "no longer used"),
        ("<translation>Copier ce code<", '<translation type="unfinished">Copier ce code<', "unfinished"),
        ("<translation>Copier ce code<", "<translation><", "unfinished"),
        ("Chargement de {name}…", "Chargement…", "other placeholders"),
        ("Ouvrir %1", "Ouvrir %2", "other placeholders"),
        ("Copier ce code", "Copier le code", "was not made from"),
        ("n’a pas pu", "n'a pas pu", "straight apostrophe"),
        ("voulez-vous parler\u202f?", "voulez-vous parler ?", "no no-break space"),
        ("«\u00a0{title}\u00a0»", "“{title}”", "quotation marks"),
    ],
)
def test_check_finds(spoiled: Callable[[str, str], list[str]], old: str, new: str, fault: str) -> None:
    assert any(fault in line for line in spoiled(old, new))


@pytest.mark.parametrize(
    ("source", "texts", "faults"),
    [
        ("class A:\n def f(self): self.tr('one ' 'two')", [("A", "one two")], 0),
        ("def _tr(text): return QCoreApplication.translate('C', text)\nx = _tr('one')", [("C", "one")], 0),
        ("class A:\n def f(self, n): self.tr(f'{n} two')", [], 1),
        ("class A:\n def f(self, text): self.tr(text)", [], 1),
        ("QCoreApplication.translate('Table', one.label)", [], 0),
        ("QCoreApplication.translate('Other', one.label)", [], 1),
        ("QLabel('Causerie'); QLabel('×'); QLabel(path); QLabel(f'{a} · {b}')", [], 0),
        ("QLabel('Name'); label.setText(f'{n} tokens')", [], 2),
    ],
)
def test_reader_of_sources(source: str, texts: list[tuple[str, str]], faults: int) -> None:
    reader = translations.SourceReader("module.py", frozenset(("Table",)))
    reader.read(source)
    assert reader.texts == texts
    assert len(reader.faults) == faults


def test_task_says_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "FOLDER", tmp_path / "new")
    found = translations.Found((("A", "one"), ("B", "{n} two")), ())
    assert len(translations.update(FRENCH, found)) == 2
    path = translations.ts_path(FRENCH)
    assert translations.read_ts(path) == {("A", "one"): "", ("B", "{n} two"): ""}
    path.write_text(translations.ts_text(FRENCH, {("A", "one"): "un", ("B", "gone"): "parti"}), "utf-8")
    assert translations.update(FRENCH, found) == [f"{path.name}: to translate: B: '{{n}} two'"]
    assert translations.read_ts(path) == {("A", "one"): "un", ("B", "{n} two"): ""}


# The language


@pytest.mark.parametrize(
    ("setting", "of_system", "language"),
    [
        ("fr", ["en-US"], "fr"),
        ("en", ["fr-FR"], "en"),
        ("system", ["fr-Latn-CA", "fr-CA", "en-CA"], "fr"),
        ("system", ["fr_FR"], "fr"),
        ("system", ["de-DE", "fr-FR", "en-US"], "fr"),
        ("system", ["en-GB", "fr-FR"], "en"),
        ("system", ["C"], "en"),
        ("system", [], "en"),
    ],
)
def test_language_for(setting: str, of_system: list[str], language: str) -> None:
    assert language_for(setting, of_system) == language


SYSTEM_SCRIPT = """
from PySide6.QtCore import QCoreApplication, QLocale
from desktop_app.ui.language import Language
application = QCoreApplication([])
language = Language()
for setting in ("system", "en", "fr"):
    language.use(setting)
    loaded = application.translate("Sidebar", "Trash")
    print(setting, language.code, QLocale().name(), QLocale().toString(1234567), loaded, sep="|")
"""


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("C", ["system|en|en_US|1,234,567|Trash", "en|en|en_US|1,234,567|Trash", "fr|fr|fr_FR|1 234 567|Corbeille"]),
        (
            "fr_CA.UTF-8",
            ["system|fr|fr_CA|1 234 567|Corbeille", "en|en|en_US|1,234,567|Trash", "fr|fr|fr_CA|1 234 567|Corbeille"],
        ),
        ("de_DE.UTF-8", ["system|en|en_US|1,234,567|Trash", "en|en|en_US|1,234,567|Trash"]),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the locale is set as on Linux")
def test_numbers_follow_the_language(locale: str, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.delenv("LC_ALL", raising=False)
    for name in ("LANG", "LC_NUMERIC", "LC_MESSAGES", "LC_CTYPE"):
        monkeypatch.setenv(name, locale)
    script = [sys.executable, "-c", SYSTEM_SCRIPT]
    done = subprocess.run(script, capture_output=True, text=True, encoding="utf-8", check=True, cwd=translations.ROOT)
    shown = [re.sub(r"[\u00a0\u202f]", " ", line) for line in done.stdout.splitlines()]
    assert shown[: len(lines)] == lines


# The window


def texts_of(widget: QWidget) -> Iterator[str]:
    """Yield what a person sees of a widget, or hears from a screen reader."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(index) for index in range(widget.count()))
    if isinstance(widget, QSpinBox):
        yield from (widget.suffix().strip(), widget.specialValueText())
    if isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions())


def english_left(one: QWidget, english: list[re.Pattern[str]]) -> dict[str, str]:
    """Return the English texts that a widget and those in it still show, each with where it is."""
    left: dict[str, str] = {}
    for widget in (one, *one.findChildren(QWidget)):
        for text in filter(None, texts_of(widget)):
            if any(pattern.fullmatch(text) for pattern in english):
                left[text] = type(widget).__name__
    return left


def show_whole_page(one: OpenWindow, name: str) -> None:
    """Show a page and wait until all of it is there."""
    one.window.show_page(name)
    if name == "settings":
        page = one.window.pages._settings_page
        shown = {setting.key for setting in SETTINGS if setting.section}
        one.wait_for(lambda: shown <= set(page._editors))


def _pattern(text: str) -> re.Pattern[str]:
    """Return what a text looks like with its places filled."""
    parts = re.split(r"\{\w+\}|%\d", text)
    return re.compile(".+".join(re.escape(part) for part in parts), re.IGNORECASE | re.DOTALL)


@pytest.fixture(scope="module")
def english(found: translations.Found) -> list[re.Pattern[str]]:
    """Return the English texts that French says otherwise, as patterns."""
    translated = translations.read_ts(translations.ts_path(FRENCH))
    in_french = set(translated.values())
    return [
        _pattern(text)
        for (_, text), french in translated.items()
        if french != text and text not in in_french and re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", text))
    ]


def test_all_that_is_shown_is_french(opened: Open, english: list[re.Pattern[str]]) -> None:
    one = opened(language=FRENCH)
    window = one.window
    one.wait_ready()
    one.wait_for(lambda: "cœurs" in window.chat.empty.computer_text)
    window.inspector._sampling._more.setChecked(True)
    assert english_left(window, english) == {}
    one.ask("think")
    one.ask("Un tableau")
    window.chat.composer.set_text("Et ensuite ?")
    one.wait_for(lambda: "contexte" in window.chat.composer.count.text())
    window.chat.edit_last()
    for page in ("settings", "models", "trash"):
        show_whole_page(one, page)
        assert english_left(window, english) == {}
    window.delete_conversation(window.chat.conversation.id)
    one.wait_for(lambda: window.notices.notice is not None)
    assert window.notices.notice.text == "«\u00a0think\u00a0» est dans la corbeille."
    window.show_page("trash")
    one.wait_for(lambda: "Restaurer" in {button.text() for button in window.pages.findChildren(QAbstractButton)})
    dialog = ShortcutsDialog(window)
    assert english_left(dialog, english) == {}
    assert english_left(window, english) == {}
    assert {"Copier", "Supprimer"} <= {QCoreApplication.translate("Transcript", text) for text in ("Copy", "Delete")}


def test_the_walk_finds_english(opened: Open, english: list[re.Pattern[str]]) -> None:
    """The walk above must fail for a window that is not in French."""
    one = opened()
    show_whole_page(one, "settings")
    one.wait_ready()
    left = english_left(one.window, english)
    assert {"New conversation", "Inspector", "Light, dark, or whatever the rest of your computer uses."} <= set(left)
    filled = QLabel("on the processor, 4 threads")
    one.bot.addWidget(filled)
    assert "on the processor, 4 threads" in english_left(filled, english)


def test_failures_are_told_in_french(opened: Open, english: list[re.Pattern[str]]) -> None:
    """All but the sentences of the errors themselves, which the core says in English."""
    one = opened(language=FRENCH)
    one.wait_ready()
    one.ask("abort")
    one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.CRASHED)
    assert english_left(one.window, english) == {}
    assert "s’est arrêté" in one.window.chat.header.chip.accessibleName()


def test_qt_itself_speaks_french(opened: Open) -> None:
    one = opened(language=FRENCH)
    names = {shortcut.name: shortcut_keys(shortcut) for shortcut in SHORTCUTS}
    assert names["break"].startswith("Maj+")
    assert names["stop"] == QKeySequence("Escape").toString(QKeySequence.SequenceFormat.NativeText) != "Esc"
    assert one.window.locale().language() == QLocale.Language.French


def test_questions_to_try_are_sent_as_typed(opened: Open) -> None:
    one = opened(language=FRENCH)
    one.wait_ready()
    one.forget()
    shown = [button for button in one.window.chat.empty.findChildren(QAbstractButton) if "token" in button.text()]
    assert shown[0].text() == "Qu’est-ce qu’un token\u202f?"
    shown[0].click()
    one.wait_event(events.ReplyEnded)
    assert one.window.chat.messages[0].content == "Qu'est-ce qu'un token ?" == as_typed(shown[0].text())


# Changing it


def switch(one: OpenWindow, language: str) -> None:
    """Choose a language on the page of settings, as a person does."""
    one.window.show_page("settings")
    box = one.window.pages._settings_page.editor("language")
    assert isinstance(box, QComboBox)
    old = one.window.sidebar
    box.setFocus()
    box.setCurrentIndex(box.findData(language))
    box.activated.emit(box.currentIndex())
    one.wait_for(lambda: one.window.sidebar is not old)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_switching_keeps_what_was_begun(opened: Open, english: list[re.Pattern[str]]) -> None:
    one = opened()
    window = one.window
    one.wait_ready()
    one.ask("first conversation")
    first = window.chat.conversation.id
    window.chat.composer.set_text("a draft in the first")
    window.new_conversation()
    one.ask("second conversation")
    second = window.chat.conversation.id
    window.chat.composer.set_text("a draft in the second")
    window.chat.edit_last()
    editor = next(iter(window.chat.transcript.widgets.values())).editor
    editor.set_text("another wording")
    window.inspector._prompt.setPlainText("Be brief.")
    window.sidebar.search("conv")
    geometry = window.geometry()
    window.columns.setSizes([300, 700, 280])
    widths = window.columns.sizes()

    switch(one, FRENCH)
    assert window.pages.is_on("settings")
    assert window.geometry() == geometry
    assert QApplication.focusWidget() in (None, window.pages._settings_page.editor("language"))
    assert window.sidebar.query == "conv"
    one.wait_for(lambda: window.is_current(second))
    window.show_page("")
    one.wait_for(lambda: window.columns.sizes() == widths)
    assert window.chat.composer.text == "a draft in the second"
    assert window.chat.transcript.edited == (window.chat.messages[0].id, "another wording")
    assert window.inspector.system_prompt == "Be brief."
    one.wait_for(lambda: isinstance(window.sidebar.list.index(0).data(ROW_ROLE), HitRow))
    one.wait_for(lambda: "prêt" in window.chat.header.chip.accessibleName())
    assert "cœurs" in window.chat.empty.computer_text
    assert english_left(window, english) == {}

    window.sidebar.search("")
    assert window.sidebar.list.count == 2
    window.open_conversation(first)
    one.wait_for(lambda: window.is_current(first))
    assert window.chat.composer.text == "a draft in the first"

    # And back, with what is begun but not yet a conversation.
    window.new_conversation()
    window.chat.composer.set_text("a draft of something new")
    window.inspector._sampling._controls["temperature"].number.setValue(1.5)
    switch(one, SOURCE)
    window.show_page("")
    assert window.chat.composer.text == "a draft of something new"
    assert window.inspector.sampling.temperature == 1.5
    assert "Send" in window.chat.composer.button.text()


def test_switching_while_a_reply_is_written(opened: Open) -> None:
    one = opened()
    window = one.window
    one.wait_ready()
    one.forget()
    window.send("slow 40")
    one.wait_event(events.ReplyGrew, lambda event: event.tokens > 10)
    switch(one, FRENCH)
    one.wait_for(lambda: window.chat.streaming)
    assert window.chat.composer.button.text() == "Arrêter"
    ended = one.wait_event(events.ReplyEnded)
    one.wait_for(lambda: not window.chat.streaming)
    assert window.chat.transcript.items[-1].content == ended.message.content
    assert window.chat.messages[-1].content == ended.message.content
    assert window.chat.composer.button.text() == "Envoyer"


def test_switching_at_the_moment_of_sending(opened: Open) -> None:
    one = opened()
    window = one.window
    one.wait_ready()
    one.forget()
    window.chat.composer.set_text("just sent")
    window.chat.composer.input.submitted.emit()
    window.retranslate()
    one.wait_event(events.ReplyEnded)
    one.wait_for(lambda: [message.content for message in window.chat.messages][:1] == ["just sent"])
    assert window.chat.composer.text == ""


def test_switching_leaves_one_of_everything(opened: Open) -> None:
    one = opened()
    window = one.window
    one.wait_ready()
    for language in (FRENCH, SOURCE, FRENCH):
        switch(one, language)
    assert len(window.findChildren(Inspector)) == 1
    window.show_page("")
    window.chat.composer.input.setFocus()
    window.activateWindow()
    one.wait_for(lambda: QApplication.focusWidget() is not None)
    before = one.settings["sidebar_visible"]
    QTest.keySequence(QApplication.focusWidget(), QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_B))
    assert one.settings["sidebar_visible"] is not before
    one.window.set_setting("theme", "dark")
    one.window.set_setting("zoom", 120)
    answered = one.ask("still here")
    assert answered.message.content


def test_a_change_of_settings_is_saved_when_the_page_goes(opened: Open) -> None:
    one = opened()
    show_whole_page(one, "settings")
    area = one.window.pages._settings_page.editor("system_prompt")
    assert isinstance(area, QPlainTextEdit)
    area.setPlainText("Typed a moment before")
    one.window.show_page("")
    assert one.settings["system_prompt"] == "Typed a moment before"
