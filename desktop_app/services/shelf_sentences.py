"""What is said when work on the shelf is refused, or has ended."""

from collections.abc import Iterable, Sequence

from desktop_app.core.care import Checked, Outcome
from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.model import ShelfModel
from desktop_app.library.moving import MoveResult


def finding(results: Iterable[Checked], problems: Sequence[Problem]) -> Problem | None:
    """What is wrong with files that were checked; None when nothing is."""
    wrong = [one for one in results if one.outcome is Outcome.DIFFERENT]
    if wrong:
        sentence = " ".join(one.sentence for one in wrong)
        detail = "\n".join(f"{one.path}: SHA-256 {one.sha256}, {one.expected} was expected" for one in wrong)
        action = "Delete it and download it again." if len(wrong) == 1 else "Delete them and download them again."
        return Problem("hash_differs", sentence, "Nothing was changed.", action, detail)
    return problems[0] if problems else None


def summary(results: Sequence[Checked]) -> str:
    """What checks have found, as a sentence."""
    if len(results) == 1:
        return results[0].sentence
    intact, different, unknown = (sum(one.outcome is outcome for one in results) for outcome in Outcome)
    parts = []
    if intact:
        parts.append(f"{_files(intact)} intact")
    if different:
        parts.append(f"{different} {'differs from its' if different == 1 else 'differ from their'} source")
    if unknown:
        parts.append(f"{unknown} {'has' if unknown == 1 else 'have'} nothing to be compared with")
    return f"{', '.join(parts)}." if parts else "There is nothing to check."


def _files(number: int) -> str:
    return "1 file is" if number == 1 else f"{number} files are"


def left_behind(result: MoveResult) -> Problem | None:
    """What a move left behind; None when all is well."""
    if result.left:
        names = ", ".join(map(str, result.left))
        sentence = f"The shelf is in {result.folder} now, but some originals could not be deleted: {names}."
        action = "Close the programs that use them, then move to the same folder again."
        return Problem("shelf_originals_left", sentence, "Everything is there twice.", action)
    if result.stayed:
        names = ", ".join(map(str, result.stayed))
        sentence = f"The shelf is in {result.folder} now, but some files were changed meanwhile and stayed: {names}."
        return Problem("shelf_originals_left", sentence, "Nothing was lost.", "Look at them yourself.")
    return None


def unfit(sentence: str) -> ShelfError:
    """Return the error of a folder that cannot be added."""
    return ShelfError(Problem("shelf_folder_unfit", sentence, "Nothing was changed.", "Choose another folder."))


def in_use(model: ShelfModel, deed: str) -> ShelfError:
    """Return the error of a model that is loaded; ``deed`` is what was asked, such as ``"deleted"``."""
    sentence = f"{model.label} is in use, so it was not {deed}."
    return ShelfError(Problem("model_in_use", sentence, "Nothing was changed.", "Load another model first."))
