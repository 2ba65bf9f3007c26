"""The texts: topics, phrase lists, and what is held out of training.

What is held out is decided by a hash of the text itself, so that it never moves when topics are added.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES = ("en", "fr")
HELD_QUESTIONS = 3
OUTSIDE = "outside"
HONEST = {
    "en": "I am only Causerie's small starter model, and that is beyond what I know. Open Models (Ctrl+M) to add a "
    "larger one; it will run on this computer, offline.",
    "fr": "Je ne suis que le petit modèle de départ de Causerie, et cela dépasse ce que je sais. Ouvrez Modèles "
    "(Ctrl+M) pour en ajouter un plus grand ; il tournera sur cet ordinateur, hors ligne.",
}
ARTICLES = {
    "en": re.compile(r"^(?:an?|the)\s+", re.IGNORECASE),
    "fr": re.compile(r"^(?:une?\s+|les?\s+|la\s+|des\s+|du\s+|de\s+la\s+|l['’]|de\s+l['’])", re.IGNORECASE),
}


@dataclass(frozen=True)
class Side:
    """One topic in one language."""

    names: tuple[str, ...]
    actions: tuple[str, ...]
    questions: tuple[str, ...]
    held_questions: tuple[str, ...]
    short: str
    long: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """One thing the model knows."""

    name: str
    kind: str
    sides: dict[str, Side]


@dataclass(frozen=True)
class Outside:
    """Material for questions beyond the model, in one language."""

    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    questions: tuple[str, ...]
    forms: tuple[str, ...]
    held_nouns: tuple[str, ...]
    held_questions: tuple[str, ...]


@dataclass(frozen=True)
class Forms:
    """Question forms and everything that varies them, in one language."""

    templates: tuple[str, ...]
    held_templates: tuple[str, ...]
    short_templates: tuple[str, ...]
    long_templates: tuple[str, ...]
    pair_templates: tuple[str, ...]
    openers: tuple[str, ...]
    closers: tuple[str, ...]
    weak_words: frozenset[str]
    intents: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Texts:
    """Everything that is read from the text files."""

    topics: tuple[Topic, ...]
    outside: dict[str, Outside]
    forms: dict[str, Forms]
    directives: dict[str, Any]
    extra: tuple[str, ...]


def digest(text: str) -> int:
    """A stable number for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def normalise(text: str) -> str:
    """A text without case, accents and punctuation: what counts when two phrasings are compared."""
    plain = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("’", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9+]+", plain))


def bare(name: str, language: str) -> str:
    """A name without its article."""
    return ARTICLES[language].sub("", name)


def hold_out(texts: Iterable[str], count: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split texts into those for training and the `count` ones with the smallest hashes, kept for evaluation."""
    unique = tuple(dict.fromkeys(texts))
    held = set(sorted(unique, key=digest)[:count])
    held_forms = {normalise(text) for text in held}
    kept = tuple(text for text in unique if text not in held and normalise(text) not in held_forms)
    return kept, tuple(text for text in unique if text in held)


def read_toml(path: Path) -> dict[str, Any]:
    """The contents of a TOML file."""
    with path.open("rb") as file:
        return tomllib.load(file)


def read_phrasings(name: str) -> dict[str, list[list[str]]]:
    """More questions, by language and round of writing, from phrasings/NAME.txt: one a line, under [en] and [fr].

    What is held out comes from the first round, so that it stays when more is written.
    """
    found: dict[str, list[list[str]]] = {language: [] for language in LANGUAGES}
    path = HERE / "phrasings" / f"{name}.txt"
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        text = line.strip()
        if text[1:-1] in found and text[:1] + text[-1:] == "[]":
            lines = []
            found[text[1:-1]].append(lines)
        elif text:
            lines.append(text)
    return {language: rounds or [[]] for language, rounds in found.items()}


def load_topics(folder: Path = HERE / "topics") -> tuple[Topic, ...]:
    """All topics, in the order of the files."""
    topics: dict[str, Topic] = {}
    handles = {language: read_toml(HERE / "phrases" / f"handles_{language}.toml") for language in LANGUAGES}
    for path in sorted(folder.glob("*.toml")):
        if path.name.startswith("out_of_scope"):
            continue
        for entry in read_toml(path)["topic"]:
            sides, phrasings = {}, read_phrasings(entry["id"])
            for language in LANGUAGES:
                part, more = entry[language], handles[language].get(entry["id"], {})
                questions, held = hold_out(part["questions"], HELD_QUESTIONS)
                first, *later = phrasings[language]
                others, held_others = hold_out(first, HELD_QUESTIONS)
                questions, held = (*questions, *others, *chain.from_iterable(later)), (*held, *held_others)
                known = {normalise(text) for text in (*held, *(handles["en"].get(entry["id"], {}).get("says", ())))}
                says = [text for text in more.get("says", ()) if language == "en" or normalise(text) not in known]
                held_forms = {normalise(text) for text in held}
                questions = tuple(text for text in questions if normalise(text) not in held_forms)
                sides[language] = Side(
                    names=tuple(dict.fromkeys([*part["names"], *more.get("things", ())])),
                    actions=tuple(more.get("actions", ())),
                    questions=tuple(dict.fromkeys([*questions, *says])),
                    held_questions=held,
                    short=part["short"].strip(),
                    long=tuple(text.strip() for text in part["long"]),
                )
            if entry["id"] in topics:
                raise ValueError(f"two topics are called {entry['id']}")
            topics[entry["id"]] = Topic(entry["id"], entry["kind"], sides)
    return tuple(topics.values())


def load_outside(language: str, topics: Iterable[Topic]) -> Outside:
    """Out-of-scope material, without the nouns that happen to be the name of a topic."""
    own = read_toml(HERE / "phrases" / f"outside_{language}.toml")
    more: dict[str, list[str]] = {"questions": [], "nouns": []}
    for path in sorted((HERE / "topics").glob("out_of_scope*.toml")):
        data = read_toml(path)
        part = data if data.get("language") == language else data.get(language, {})
        for kind, found in more.items():
            found += part.get(kind, [])
    known = {normalise(bare(name, language)) for topic in topics for name in topic.sides[language].names}
    asked = {normalise(text) for topic in topics for text in topic.sides[language].questions}
    nouns = [noun for noun in [*more["nouns"], *own["nouns"]] if normalise(bare(noun, language)) not in known]
    asks = [text for text in [*more["questions"], *own["questions"]] if normalise(text) not in asked]
    first, *later = (
        [text for text in lines if normalise(text) not in asked] for lines in read_phrasings(OUTSIDE)[language]
    )
    nouns_kept, held_nouns = hold_out(nouns, 40)
    (kept, held), (kept_others, held_others) = hold_out(asks, 80), hold_out(first, 80)
    held = (*held, *held_others)
    held_forms = {normalise(text) for text in held}
    kept = tuple(
        text for text in (*kept, *kept_others, *chain.from_iterable(later)) if normalise(text) not in held_forms
    )
    return Outside(nouns_kept, tuple(own["verbs"]), kept, tuple(own["forms"]), held_nouns, held)


def load_forms(language: str) -> Forms:
    """Question forms of one language; one in ten is held out."""
    data = read_toml(HERE / "phrases" / f"questions_{language}.toml")
    templates, held = hold_out(data["templates"], len(data["templates"]) // 10)
    lists = {name: tuple(data[name]) for name in ("short_templates", "long_templates", "pair_templates")}
    return Forms(
        templates=templates,
        held_templates=held,
        openers=tuple(data["openers"]),
        closers=tuple(data["closers"]),
        weak_words=frozenset(data["bad_starts"]),
        intents=tuple(sorted(data["intents"], key=len, reverse=True)),
        synonyms=tuple(tuple(group) for group in data["synonyms"]),
        **lists,
    )


def load_texts() -> Texts:
    """Read every text file."""
    topics = load_topics()
    extra = read_toml(HERE / "evaluation_extra.toml")
    return Texts(
        topics=topics,
        outside={language: load_outside(language, topics) for language in LANGUAGES},
        forms={language: load_forms(language) for language in LANGUAGES},
        directives=read_toml(HERE / "phrases" / "directives.toml"),
        extra=tuple(text for language in LANGUAGES for text, _ in extra[language]),
    )


def after(word: str, name: str) -> str:
    """The French name after « de » or « à », with the contractions."""
    rules = {"de": (("le ", "du "), ("les ", "des "), ("des ", "de ")), "à": (("le ", "au "), ("les ", "aux "))}
    for start, contracted in rules[word]:
        if name.lower().startswith(start):
            return contracted + name[len(start) :]
    if word == "de" and re.match(r"[aeiouyéèêàœ]", name, re.IGNORECASE):
        return "d'" + name
    return f"{word} {name}"


def fill(template: str, name: str, language: str, other: str = "") -> str:
    """Put a name (and, for comparisons, another one) into a question form."""
    text = template.replace("{bare}", bare(name, language)).replace("{y}", other)
    if language == "fr":
        text = text.replace("{de}", after("de", name)).replace("{a}", after("à", name))
        text = re.sub(r"\b([Qq]u)e (?=\{x\})", r"\1'" if re.match(r"(?i)[aeiouhéèê]", name) else r"\1e ", text)
    return text.replace("{x}", name)


def all_texts(texts: Texts) -> list[str]:
    """Every text once: what the tokenizer is trained and checked on."""
    result: list[str] = list(HONEST.values())
    for topic in texts.topics:
        for side in topic.sides.values():
            result += [*side.names, *side.actions, *side.questions, *side.held_questions, side.short, *side.long]
    for language in LANGUAGES:
        outside, forms = texts.outside[language], texts.forms[language]
        result += [*outside.nouns, *outside.verbs, *outside.questions, *outside.forms, *forms.openers, *forms.closers]
        result += [*forms.templates, *forms.short_templates, *forms.intents]
        result += [word for group in forms.synonyms for word in group]
        for part in ("system", "aside", "follow"):
            result += [text for group in texts.directives[part][language].values() for text in group]
    return result
