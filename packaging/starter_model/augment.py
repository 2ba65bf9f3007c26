"""Variation of questions: other words, other forms, other surfaces, the same meaning."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter

from .texts import LANGUAGES, Forms, Texts, normalise

VOWELS = "aeiou"
ONSETS = (
    "b",
    "bl",
    "br",
    "c",
    "ch",
    "cl",
    "cr",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gl",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "pr",
    "qu",
    "r",
    "s",
)
ONSETS += ("sh", "sk", "sl", "sn", "sp", "st", "t", "th", "tr", "v", "w", "x", "y", "z", "")
CODAS = (
    "",
    "",
    "",
    "n",
    "r",
    "l",
    "s",
    "t",
    "m",
    "ck",
    "x",
    "nd",
    "st",
    "rk",
    "p",
    "lle",
    "tte",
    "ing",
    "on",
    "ium",
    "ette",
    "isme",
    "er",
    "tion",
    "or",
    "us",
)
KEYS = {
    "a": "qsz",
    "b": "vn",
    "c": "xv",
    "d": "sf",
    "e": "rz",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "i": "uo",
    "j": "hk",
    "k": "jl",
    "l": "km",
    "m": "ln",
}
KEYS |= {
    "n": "bm",
    "o": "ip",
    "p": "ol",
    "q": "as",
    "r": "et",
    "s": "dq",
    "t": "ry",
    "u": "yi",
    "v": "cb",
    "w": "xs",
    "x": "wc",
    "y": "tu",
    "z": "ae",
}


def strip_accents(text: str) -> str:
    """The text without its accents."""
    marks = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(letter for letter in marks if not unicodedata.combining(letter)))


def pseudo_word(rng: random.Random) -> str:
    """A word that no language has."""
    syllables = (rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS) for _ in range(rng.choice((1, 2, 2, 3))))
    word = "".join(syllables)
    return word.capitalize() if rng.random() < 0.3 else word


def gibberish(rng: random.Random) -> str:
    """Letters from a keyboard that a cat walked over."""
    letters = rng.choice(
        ("abcdefghijklmnopqrstuvwxyz", "asdfghjkl", "qwertyuiop", "azertyuiop", "abc123#@!", "0123456789 ", "dfgh jkl")
    )
    return "".join(rng.choice(letters) for _ in range(rng.randint(2, 24))).strip() or "zz"


def typo(word: str, rng: random.Random) -> str:
    """One small slip in a word of four letters or more."""
    if len(word) < 4:
        return word
    place = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    near = KEYS.get(word[place].lower())
    return word[:place] + rng.choice(near) + word[place + 1 :] if near else word


class Augmenter:
    """Varies questions; knows which words carry the meaning of a topic."""

    def __init__(self, texts: Texts) -> None:
        self.forms = texts.forms
        self.spread: dict[str, Counter[str]] = {}
        for language in LANGUAGES:
            counts: Counter[str] = Counter()
            for topic in texts.topics:
                side = topic.sides[language]
                counts.update(set(normalise(" ".join((*side.questions, *side.names))).split()))
            self.spread[language] = counts
        self.groups = {language: self.index_synonyms(self.forms[language]) for language in LANGUAGES}

    @staticmethod
    def index_synonyms(forms: Forms) -> tuple[re.Pattern[str], dict[str, list[str]]]:
        """One pattern for every word that has a synonym, and the synonyms of each."""
        table: dict[str, list[str]] = {}
        for group in forms.synonyms:
            for word in group:
                table.setdefault(word.lower(), []).extend(other for other in group if other != word)
        words = sorted(table, key=len, reverse=True)
        pattern = re.compile(r"(?<![\w'’-])(" + "|".join(map(re.escape, words)) + r")(?![\w-])", re.IGNORECASE)
        return pattern, table

    def weight(self, word: str, language: str) -> int:
        """In how many topics a word occurs: few means that it carries meaning."""
        parts = normalise(word).split()
        return min((self.spread[language][part] for part in parts), default=999)

    def swap_synonyms(self, text: str, language: str, rng: random.Random, rate: float = 0.4) -> str:
        """Replace some words by words of nearly the same meaning."""
        pattern, table = self.groups[language]
        return pattern.sub(lambda found: rng.choice(table[found[0].lower()]) if rng.random() < rate else found[0], text)

    def rewrite_intent(self, text: str, language: str, rng: random.Random) -> str:
        """Ask the same thing with another beginning: “How do I ...” becomes “I want to ...”."""
        intents = self.forms[language].intents
        for intent in intents:
            if text.lower().startswith(intent.lower()):
                rest = text[len(intent) :].rstrip(" ?!.")
                other = rng.choice(intents)
                if language == "fr":
                    if not re.match(r"(?:me |m'|se |s'|l'|la |le |les |y |ne pas )?\w+(?:er|ir|re|oir)\b", rest):
                        return text
                    if other.endswith(" de ") and re.match(r"(?i)[aeiouéèêh]", rest):
                        other = other[:-3] + "d'"
                return other + rest + (rng.choice((" ?", "?", "")) if language == "fr" else rng.choice(("?", "", "")))
        return text

    def drop_words(self, text: str, language: str, rng: random.Random, rate: float) -> str:
        """Leave out some words that many topics share."""
        words = text.split()
        kept = [word for word in words if self.weight(word, language) <= 8 or rng.random() >= rate]
        return " ".join(kept) if len(kept) >= min(2, len(words)) else text

    def telegram(self, text: str, language: str, rng: random.Random) -> str:
        """Only the words that carry meaning, as typed into a search box."""
        limit = rng.choice((12, 25, 40))
        kept = [word.strip('?!.,;:«»"() ') for word in text.split() if self.weight(word, language) <= limit]
        kept = [word for word in kept if word]
        if len(kept) < 2:
            return text
        if rng.random() < 0.2:
            rng.shuffle(kept)
        return " ".join(kept)

    def frame(self, text: str, language: str, rng: random.Random) -> str:
        """Add an opening, a closing, or both."""
        forms = self.forms[language]
        if rng.random() < 0.6:
            opener = rng.choice(forms.openers)
            first = text[:1].lower() if rng.random() < 0.8 and not text[1:2].isupper() else text[:1]
            text = opener + first + text[1:]
        if rng.random() < 0.55:
            text = text.rstrip(" ?!.") + rng.choice(forms.closers)
        return text

    def surface(self, text: str, language: str, rng: random.Random) -> str:
        """Case, accents, punctuation, slips of the finger."""
        text = _other_case(text, rng)
        text = _other_punctuation(text, rng)
        if language == "fr":
            text = _other_french_signs(text, rng)
        elif rng.random() < 0.06:
            text = text.replace("'", rng.choice(("’", "")))
        if rng.random() < 0.16:
            words = text.split(" ")
            for _ in range(rng.choice((1, 1, 2))):
                place = rng.randrange(len(words))
                words[place] = typo(words[place], rng)
            text = " ".join(words)
        if rng.random() < 0.02:
            text = rng.choice((" ", "\n", "  ")) + text + rng.choice(("", " ", "\n"))
        return text

    def vary(self, text: str, language: str, rng: random.Random) -> str:
        """A random mixture of all of the above; about one text in three stays as it is."""
        if rng.random() < 0.33:
            return text
        if rng.random() < 0.45:
            text = self.rewrite_intent(text, language, rng)
        if rng.random() < 0.4:
            text = self.swap_synonyms(text, language, rng)
        roll = rng.random()
        if roll < 0.08:
            text = self.telegram(text, language, rng)
        elif roll < 0.3:
            text = self.drop_words(text, language, rng, rng.choice((0.1, 0.2, 0.4)))
        if rng.random() < 0.3:
            text = self.frame(text, language, rng)
        return self.surface(text, language, rng)


def _other_case(text: str, rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.22:
        return text.lower()
    if roll < 0.25:
        return text.upper()
    if roll < 0.29:
        return text[:1].upper() + text[1:]
    return text.title() if roll < 0.31 else text


def _other_punctuation(text: str, rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.15:
        return text.rstrip(" ?!.")
    if roll < 0.19:
        return re.sub(r"[?!.,;:'’\-]", "", text)
    if roll < 0.22:
        return text.rstrip(" ?!.") + rng.choice(("?", " ?", "??", "!", ".", "...", " ?!"))
    return text


def _other_french_signs(text: str, rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.14:
        return strip_accents(text)
    if roll < 0.2:
        return text.replace(" ?", "?").replace(" !", "!")
    if roll < 0.25:
        return text.replace("'", "’")
    return text.replace("'", " ") if roll < 0.28 else text
