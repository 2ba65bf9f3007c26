"""Grabs the main screens in both themes, for a person to look at, and checks that each shows what it should.

The pictures are written to ``build/screens``.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.core.sampling import changed
from desktop_app.services.download_events import DownloadsListed
from desktop_app.services.events import ModelChanged, ModelState, ReplyEnded, ReplyGrew, TokensCounted
from desktop_app.services.hub_events import BandwidthMeasured, CatalogueListed, HubModelOpened, HubSearched
from desktop_app.ui.lists.conversation_list import ROW_ROLE
from desktop_app.ui.lists.conversation_rows import HitRow
from desktop_app.ui.models.discover_section import DiscoverSection
from desktop_app.ui.models.frame import ModelsPage
from desktop_app.ui.sampling_panel import SamplingPanel
from desktop_app.ui.shortcuts import ShortcutsDialog
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.window import OpenWindow, open_window

PICTURES = Path(__file__).parents[2] / "build" / "screens"
THEMES = ("light", "dark")

ANSWER = """say A tokenizer cuts text into the pieces it saw most often while it was trained. Frequent words stay \
whole; rare ones are built from several pieces. So **“unbelievable”** may be three tokens, and a space usually \
belongs to the token that follows it.

```python
pieces = tokenizer.encode("Nous sommes incroyables")
for p in pieces:
    print(p.id, repr(p.text))  # one line each
```

| Text | Tokens |
|:-----|-------:|
| un | 1 |
| unbelievable | 3 |

1. Counting tokens matters because the context window is measured in them.
2. So is the time to the first word: see `prompt processing`.
"""


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., OpenWindow]]:
    """Open windows and close them afterwards."""
    windows: list[OpenWindow] = []

    def open_(**values: str | int) -> OpenWindow:
        one = open_window(qtbot, tmp_path / "profile", **values)  # type: ignore[arg-type]
        windows.append(one)
        return one

    yield open_
    for one in windows:
        one.close()


def grab(widget: QWidget, name: str) -> None:
    """Write a picture of a widget, after checking that something is drawn on it."""
    picture = widget.grab()
    image = picture.toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colours) > 8, "the picture is all but empty"
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert picture.save(str(PICTURES / f"{name}.png"))


@pytest.mark.parametrize("theme", THEMES)
def test_first_start(opened: Callable[..., OpenWindow], theme: str) -> None:
    one = opened(theme=theme)
    one.wait_ready()
    one.wait_for(lambda: "cores" in one.window.chat.empty.computer_text)
    grab(one.window, f"first-start-{theme}")


@pytest.mark.parametrize("theme", THEMES)
def test_conversation(opened: Callable[..., OpenWindow], theme: str) -> None:
    one = opened(theme=theme)
    one.wait_ready()
    for title in ("Recette de la tarte au citron", "Regex for French postcodes"):
        one.ask(title)
        one.window.new_conversation()
    one.ask("Why do you say a token is not a word?")
    one.ask(ANSWER)
    one.window.chat.composer.set_text("And does temperature change the tokens?")
    one.wait_for(lambda: "%" in one.window.chat.composer.count.text())
    grab(one.window, f"conversation-{theme}")


def test_streaming_and_branches(opened: Callable[..., OpenWindow]) -> None:
    one = opened()
    one.wait_ready()
    one.ask("think")
    one.forget()
    one.window.chat.regenerate_last()
    one.wait_event(ReplyEnded)
    one.forget()
    one.window.send("slow 200")
    one.wait_event(ReplyGrew, lambda event: event.tokens > 25)
    grab(one.window, "streaming-light")
    one.window.stop()
    one.wait_event(ReplyEnded)
    one.bot.wait(50)
    grab(one.window, "stopped-light")


@pytest.mark.parametrize("theme", THEMES)
def test_engine_crash(opened: Callable[..., OpenWindow], theme: str) -> None:
    one = opened(theme=theme)
    one.wait_ready()
    one.ask("What happens when the model's process dies?")
    one.ask("abort")
    one.wait_event(ModelChanged, lambda event: event.state is ModelState.CRASHED)
    grab(one.window, f"engine-crash-{theme}")


@pytest.mark.parametrize("theme", THEMES)
def test_pages(opened: Callable[..., OpenWindow], theme: str) -> None:
    one = opened(theme=theme)
    one.wait_ready()
    one.ask("A conversation to be deleted")
    one.window.delete_conversation(one.window.chat.conversation.id)
    one.wait_for(lambda: one.window.chat.conversation is None)
    grab(one.window, f"deleted-{theme}")
    for page in ("settings", "models", "trash"):
        one.window.show_page(page)
        one.bot.wait(50)
        grab(one.window, f"{page}-{theme}")


CARD = """---
license: apache-2.0
base_model: maker/Lantern-8B
language: [en, fr]
---
# Lantern 8B

Lantern is a general model of eight billion parameters that writes **English and French**.

| Benchmark | Lantern 8B |
|:----------|-----------:|
| reading | 71.2 |
| sums | 64.0 |
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LoopbackHub]:
    """Serve a few models of no content."""
    with LoopbackHub(tmp_path / "hub") as one:
        sizes = {"Q8_0": 900_000, "Q6_K": 700_000, "Q5_K_M": 600_000, "Q4_K_M": 500_000, "Q3_K_M": 400_000}
        files = {f"Lantern-8B-{name}.gguf": size for name, size in sizes.items()}
        fields = {"downloads": 61_204, "likes": 312, "tags": ["license:apache-2.0", "en", "fr"]}
        one.publish("maker/Lantern-8B-GGUF", {**files, "mmproj-F16.gguf": 90_000, "README.md": CARD}, **fields)
        one.publish("maker/Lantern-70B-GGUF", {"Lantern-70B-Q4_K_M.gguf": 100_000}, gated="auto", downloads=8_113)
        one.publish("atelier/Verre-1.5B-GGUF", {"Verre-1.5B-Q8_0.gguf": 100_000}, downloads=944)
        yield one


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "en"), ("light", "fr")])
def test_models_from_the_hub(opened: Callable[..., OpenWindow], hub: LoopbackHub, theme: str, language: str) -> None:
    hub.fault(path=r"/cdn/.*Q4_K_M", times=-1, rate=20_000)
    one = opened(theme=theme, language=language, hub_endpoint=hub.endpoint)
    one.wait_ready()
    one.window.show_page("models", "discover")
    page = one.window.pages.currentWidget()
    assert isinstance(page, ModelsPage)
    one.wait_event(CatalogueListed)
    grab(one.window, f"catalogue-{theme}-{language}")
    discover = page.section("discover")
    assert isinstance(discover, DiscoverSection)
    one.settings.update({"online": True})
    one.wait_event(HubSearched)
    one.bot.wait(50)
    grab(one.window, f"discover-{theme}-{language}")
    view = discover.browse.view
    repos = [result.repo for result in view.list.results]
    view.setCurrentIndex(view.list.index(repos.index("maker/Lantern-8B-GGUF")))
    QTest.keyClick(view, Qt.Key.Key_Return)
    opened_model = one.wait_event(HubModelOpened)
    assert isinstance(opened_model, HubModelOpened)
    details = opened_model.details
    assert details is not None
    one.wait_for(lambda: discover.details.page.offer.button.isVisible())
    one.wait_event(BandwidthMeasured)
    assert all("tok" in row.speed for row in discover.details.page.choices.list.rows)
    grab(one.window, f"model-{theme}-{language}")
    choice = next(choice for choice in details.choices if choice.quantization == "Q4_K_M")
    other = next(choice for choice in details.choices if choice.quantization == "Q8_0")
    one.host.do(lambda services: services.downloads.add(details, choice, "Lantern 8B"))
    one.host.do(lambda services: services.downloads.add(details, other, "Lantern 8B"))
    one.window.show_page("models", "downloads")
    one.wait_event(DownloadsListed, lambda event: any(each.speed for each in event.downloads))
    one.bot.wait(50)
    grab(one.window, f"downloads-{theme}-{language}")


def test_zoom_and_narrow(opened: Callable[..., OpenWindow]) -> None:
    one = opened(zoom=200)
    one.window.resize(1600, 1000)
    one.wait_ready()
    one.ask(ANSWER)
    grab(one.window, "zoom-200-light")
    one.window.set_setting("zoom", 100)
    one.window.resize(430, 640)
    one.wait_for(lambda: one.window.chat.width() > 400)
    grab(one.window, "narrow-light")


def test_search(opened: Callable[..., OpenWindow]) -> None:
    one = opened()
    one.wait_ready()
    one.ask("The café near the théâtre opens at nine")
    one.ask("Does the theatre have a cafe?")
    one.window.sidebar.search("cafe")
    first = one.window.sidebar.list.index(0)
    one.wait_for(lambda: isinstance(first.data(ROW_ROLE), HitRow))
    grab(one.window, "search-light")


REPONSE = """say Un découpeur taille le texte en morceaux qu’il a souvent vus pendant son entraînement. Les mots \
fréquents restent entiers ; les plus rares sont faits de plusieurs morceaux. Ainsi **« anticonstitutionnellement »** \
peut compter cinq jetons.

```python
morceaux = decoupeur.encode("Nous sommes incroyables")
for m in morceaux:
    print(m.id, repr(m.texte))  # un par ligne
```

1. Compter les jetons importe, car la fenêtre de contexte se mesure en jetons.
2. Le délai du premier mot aussi en dépend.
"""


def test_french(opened: Callable[..., OpenWindow]) -> None:
    one = opened(language="fr")
    one.wait_ready()
    one.wait_for(lambda: "cœurs" in one.window.chat.empty.computer_text)
    one.wait_event(TokensCounted)
    one.bot.wait(50)
    grab(one.window, "french-first-start")
    one.ask("Pourquoi dit-on qu’un jeton n’est pas un mot ?")
    one.ask(REPONSE)
    one.window.chat.composer.set_text("Et la température, change-t-elle les jetons ?")
    one.wait_for(lambda: "contexte" in one.window.chat.composer.count.text())
    grab(one.window, "french-conversation")
    # The narrowest inspector, all of it, after a reply with the longest ending.
    inspector = one.window.inspector
    inspector.sampling_changed.emit(changed(inspector.sampling, max_tokens=3))
    one.ask("Racontez-moi une longue histoire")
    inspector.findChild(SamplingPanel)._more.setChecked(True)
    one.window.resize(1000, 1700)
    one.window.columns.setSizes([200, 536, 264])
    one.wait_for(lambda: inspector.width() == 264)
    scrolled = inspector.findChild(QScrollArea)
    assert scrolled.widget().minimumSizeHint().width() <= scrolled.viewport().width()
    grab(inspector, "french-inspector")
    one.window.resize(1280, 1000)
    one.window.show_page("settings")
    one.wait_for(lambda: any("JOURNAUX" in label.text().upper() for label in one.window.pages.findChildren(QLabel)))
    for page in ("settings", "models", "trash"):
        one.window.show_page(page)
        one.bot.wait(50)
        grab(one.window, f"french-{page}")
    keys = ShortcutsDialog(one.window)
    grab(keys, "french-keys")
