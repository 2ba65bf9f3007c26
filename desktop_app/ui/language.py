"""The window's language: the chosen one or the system's, with Qt's own words, numbers and dates in the same."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTimer, QTranslator

from desktop_app.system.paths import resources_dir
from desktop_app.system.settings import Settings, Value

SOURCE = "en"  # what the texts in the program are written in: nothing is loaded for it
# By language, the country whose numbers and dates are shown on a system that speaks another language.
_COUNTRIES = {
    "en": (QLocale.Language.English, QLocale.Country.UnitedStates),
    "fr": (QLocale.Language.French, QLocale.Country.France),
}
LANGUAGES = tuple(_COUNTRIES)


def language_for(setting: str, of_system: Iterable[str]) -> str:
    """Return the language, such as ``"fr"``, that a setting asks for.

    Args:
        setting: a language, or ``"system"``.
        of_system: names of the system's languages, such as ``"fr-CA"``, the preferred one first.
    """
    if setting in LANGUAGES:
        return setting
    names = (name.replace("_", "-").partition("-")[0].lower() for name in of_system)
    return next((name for name in names if name in LANGUAGES), SOURCE)


class Language:
    """Keeps the translators that are installed in the application.

    Attributes:
        code: the language in force.
    """

    def __init__(self) -> None:
        self.code = SOURCE
        self._translators: list[QTranslator] = []

    def use(self, setting: str) -> bool:
        """Put the language of a setting in force for all that is made from now on; whether it is another one."""
        system = QLocale.system()
        code = language_for(setting, system.uiLanguages())
        of_code = QLocale(*_COUNTRIES[code])
        # Without a locale, as in a container, numbers would stand without separators: 131072 instead of 131,072.
        QLocale.setDefault(system if system.language() == of_code.language() else of_code)
        if code == self.code:
            return False
        self.code = code
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self._translators = list(_translators(code))
        for translator in self._translators:
            QCoreApplication.installTranslator(translator)
        return True

    def follow(self, settings: Settings, retranslate: Callable[[], None]) -> Callable[[], None]:
        """Follow the setting; ``retranslate`` is called after each change. The returned function ends that."""

        def change() -> None:
            if self.use(settings.text("language")):
                retranslate()

        def on_setting(key: str, _value: Value) -> None:
            if key == "language":
                # Later, because the field in which the person chooses is itself made anew.
                QTimer.singleShot(0, change)

        return settings.listen(on_setting)


def _translators(code: str) -> Iterable[QTranslator]:
    """Yield Qt's own translator, where Qt has brought it along, and ours: the last one installed is asked first."""
    if code == SOURCE:
        return
    of_qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{code}.qm"
    for path in (of_qt, resources_dir() / "translations" / f"causerie_{code}.qm"):
        translator = QTranslator()
        if translator.load(str(path)):
            yield translator
        else:
            import logging

            logging.getLogger(__name__).warning("no translation could be loaded from %s", path)
