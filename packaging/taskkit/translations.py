"""The window's translations: what is to be translated, the ``.ts`` files, and their compiled ``.qm`` files.

A ``.ts`` file is what Qt Linguist edits; the program reads the ``.qm`` that is made from it. The texts are found by
reading the syntax trees of ``desktop_app/ui`` instead of by ``lupdate``: that one sees neither the modules' short
``_tr(text)`` nor the tables of texts outside the window, and takes an f-string for a text.
"""

import ast
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from taskkit.console import TaskError, say
from taskkit.places import ROOT

FOLDER = ROOT / "resources" / "translations"
WINDOW = ROOT / "desktop_app" / "ui"
LANGUAGES = ("fr",)
UPDATE = "Run “python3 packaging/tasks.py translations”, translate what is new in {}, and run it once more."

Key = tuple[str, str]  # context and English text

_PLACEHOLDER = re.compile(r"\{\w+\}|%\d|%L\d|%n|</?\w+[^>]*>")
# What takes a text that a person sees: a literal with letters in it there has escaped translation.
_SHOWING = frozenset(
    (
        *("QLabel", "QPushButton", "QToolButton", "QCheckBox", "QAction", "QMenu", "QGroupBox"),
        *("ElidedLabel", "HintedButton", "TextButton", "Notice"),
        *("setText", "setToolTip", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription"),
        *("setTitle", "setWindowTitle", "setInformativeText", "setSuffix", "setPrefix", "setSpecialValueText"),
        *("addAction", "addMenu", "addButton", "set_title", "set_state", "set_count", "set_explanation"),
    )
)
_NAMES = frozenset(("Causerie",))  # the same in every language
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Found:
    """What was found in the sources: texts to translate, and places where a text cannot be translated."""

    texts: tuple[Key, ...]
    faults: tuple[str, ...]


def find_texts() -> Found:
    """Return every text of the window that is to be translated, in the order in which they are listed."""
    texts: dict[Key, None] = {}
    faults: list[str] = []
    tables = table_texts()
    for path in sorted(WINDOW.rglob("*.py")):
        reader = SourceReader(path.relative_to(ROOT).as_posix(), frozenset(context for context, _ in tables))
        reader.read(path.read_text("utf-8"))
        texts.update(dict.fromkeys(reader.texts))
        faults += reader.faults
    texts.update(dict.fromkeys(tables))
    return Found(tuple(sorted(texts, key=lambda key: key[0])), tuple(faults))


def table_texts() -> list[Key]:
    """Return the texts that are declared in tables and translated where they are shown."""
    from desktop_app.core.sampling import PARAMETERS
    from desktop_app.system.settings import SETTINGS
    from desktop_app.ui.shortcuts import SHORTCUTS

    sampling = [text for one in PARAMETERS for text in (one.label, one.help)]
    settings = [
        text
        for one in SETTINGS
        if one.section
        for text in (one.section, one.label, one.help, one.unit, *(label for _, label in one.choices))
    ]
    shortcuts = [one.label for one in SHORTCUTS]
    tables = {"Sampling": sampling, "Settings": settings, "Shortcuts": shortcuts}
    return [(context, text) for context, texts in tables.items() for text in dict.fromkeys(texts) if text]


class SourceReader(ast.NodeVisitor):
    """Finds the texts of one module.

    Attributes:
        texts: found so far.
        faults: places where a text escapes translation.
    """

    def __init__(self, name: str, tables: frozenset[str] = frozenset()) -> None:
        """Take the module's name for messages, and the contexts whose texts come from tables."""
        self.texts: list[Key] = []
        self.faults: list[str] = []
        self._name = name
        self._tables = tables
        self._classes: list[str] = []
        self._helpers: dict[str, str] = {}

    def read(self, source: str) -> None:
        """Read a module."""
        tree = ast.parse(source)
        self._helpers = dict(_helpers(tree))
        self.visit(tree)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Remember the class: its name is the context of ``self.tr``."""
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Leave out the modules' short translating functions themselves."""
        if node.name not in self._helpers:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Take what is translated, and watch for what is shown without."""
        name = _called(node)
        arguments = node.args
        if name == "tr" and self._classes:
            self._take(node, self._classes[-1], arguments[0])
        elif name == "translate" and len(arguments) > 1:
            self._take(node, _literal(arguments[0]) or "", arguments[1])
        elif name in self._helpers:
            self._take(node, self._helpers[name], arguments[0])
        elif name in _SHOWING:
            self.faults += [
                f"{self._name}:{node.lineno}: {text!r} is shown untranslated" for text in _bare(arguments[:1])
            ]
        self.generic_visit(node)

    def _take(self, node: ast.Call, context: str, argument: ast.expr) -> None:
        text = _literal(argument)
        if text is not None:
            self.texts.append((context, text))
        elif context not in self._tables:
            self.faults.append(f"{self._name}:{node.lineno}: only a plain string can be translated")


def _helpers(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each function that is ``return QCoreApplication.translate("Context", text)``, with its context."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
            value = node.body[-1].value
            if isinstance(value, ast.Call) and _called(value) == "translate" and isinstance(value.args[1], ast.Name):
                yield node.name, _literal(value.args[0]) or ""


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _bare(nodes: Iterable[ast.expr]) -> Iterator[str]:
    """Yield the strings with words in them that stand as they are in arguments."""
    for node in nodes:
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        for part in parts:
            text = _literal(part)
            if text and _LETTERS.search(text) and text not in _NAMES:
                yield text


# The files


def ts_path(language: str) -> Path:
    """Return where a language's translations are."""
    return FOLDER / f"causerie_{language}.ts"


def read_ts(path: Path) -> dict[Key, str]:
    """Return the translations of a file; empty for those that are unfinished. Without a file there are none."""
    if not path.exists():
        return {}
    found: dict[Key, str] = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            finished = translation is not None and translation.get("type") is None
            key = (context.findtext("name") or "", message.findtext("source") or "")
            found[key] = (translation.text or "") if translation is not None and finished else ""
    return found


def ts_text(language: str, translations: dict[Key, str]) -> str:
    """Return a ``.ts`` file."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    for (context, source), translation in translations.items():
        parent = contexts.get(context)
        if parent is None:
            parent = contexts[context] = ET.SubElement(root, "context")
            ET.SubElement(parent, "name").text = context
        message = ET.SubElement(parent, "message")
        ET.SubElement(message, "source").text = source
        target = ET.SubElement(message, "translation")
        target.text = translation
        if not translation:
            target.set("type", "unfinished")
    ET.indent(root, "    ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{ET.tostring(root, encoding="unicode")}\n'


def compiled(ts: Path) -> bytes:
    """Return the ``.qm`` of a ``.ts`` file; TaskError when it cannot be made."""
    import PySide6

    program = Path(PySide6.__file__).parent / ("lrelease.exe" if sys.platform == "win32" else "lrelease")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "made.qm"
        done = subprocess.run(
            [str(program), "-silent", str(ts), "-qm", str(target)], capture_output=True, text=True, check=False
        )
        if done.returncode or not target.exists():
            raise TaskError(f"{ts} could not be compiled: {done.stdout}{done.stderr}".rstrip())
        return target.read_bytes()


# The task


def update(language: str, found: Found) -> list[str]:
    """Bring a language's files in line with the sources; return what is left to translate."""
    path = ts_path(language)
    old = read_ts(path)
    new = {key: old.get(key, "") for key in found.texts}
    for context, text in old.keys() - new.keys():
        say(f"{path.name}: no longer used: {context}: {text!r}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    path.write_text(ts_text(language, new), "utf-8", newline="\n")
    path.with_suffix(".qm").write_bytes(compiled(path))
    return [f"{path.name}: to translate: {context}: {text!r}" for (context, text), done in new.items() if not done]


def faults(language: str, found: Found) -> list[str]:
    """Return what is wrong with a language's files."""
    path = ts_path(language)
    have = read_ts(path)
    wrong = [
        f"{path.name}: missing: {context}: {text!r}" for context, text in found.texts if (context, text) not in have
    ]
    wrong += [f"{path.name}: no longer used: {key[0]}: {key[1]!r}" for key in have if key not in set(found.texts)]
    for (context, text), translation in have.items():
        where = f"{path.name}: {context}: {text!r}"
        if not translation:
            wrong.append(f"{where} is unfinished")
            continue
        if sorted(_PLACEHOLDER.findall(text)) != sorted(_PLACEHOLDER.findall(translation)):
            wrong.append(f"{where}: other placeholders in {translation!r}")
        wrong += [f"{where}: {fault} in {translation!r}" for fault in TYPOGRAPHY[language](text, translation)]
    binary = path.with_suffix(".qm")
    if not binary.exists() or binary.read_bytes() != compiled(path):
        wrong.append(f"{binary.name} was not made from the present {path.name}")
    return wrong


def french_typography(source: str, text: str) -> Iterator[str]:
    """Yield what a French typesetter would mark."""
    words = _PLACEHOLDER.sub("x", text).replace(";;", "")  # two semicolons part the kinds of files in a dialog
    words = re.sub(r"\bhttps?://[\w.:/-]+", "x", words)
    if "'" in words:
        yield "a straight apostrophe"
    if re.search(r"[^\u00a0\u202f][;!?»%]|[^\u00a0]:", words):
        yield "no no-break space before punctuation"
    if re.search(r"«(?!\u00a0)", words):
        yield "no no-break space after «"
    if re.search(r"[“”\"]", words):
        yield "English quotation marks"
    if "..." in words:
        yield "three dots"
    if source[:1].isspace() != text[:1].isspace() or source[-1:].isspace() != text[-1:].isspace():
        yield "other spaces at an end"


TYPOGRAPHY: dict[str, Callable[[str, str], Iterator[str]]] = {"fr": french_typography}


def main(arguments: list[str]) -> int:
    """Update the translations, or with ``--check`` only say what is wrong with them."""
    found = find_texts()
    wrong = list(found.faults)
    for language in LANGUAGES:
        if "--check" in arguments:
            problems = faults(language, found)
            wrong += problems
            if problems:
                wrong.append(UPDATE.format(ts_path(language).name))
        else:
            wrong += update(language, found)
    for line in wrong:
        print(line)
    if not wrong:
        print(f"{len(found.texts)} texts, all translated: {', '.join(LANGUAGES)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
