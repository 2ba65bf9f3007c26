"""Synthesis of conversations: who asks what, under which instructions, and what the right answer is."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from .augment import Augmenter, gibberish, pseudo_word
from .texts import HONEST, LANGUAGES, Texts, Topic, after, bare, digest, fill, normalise

OTHER = {"en": "fr", "fr": "en"}
SHARES = {"glossary": 1.0, "causerie": 1.6, "smalltalk": 1.4}
TARGETS = {"en": "to_english", "fr": "to_french"}


@dataclass
class Turn:
    """A question and the answer to it; the label says in numbers which topic, language and length the answer has."""

    question: str
    answer: str
    label: int = -1


@dataclass
class Conversation:
    """What one training sequence is made of."""

    system: str | None
    turns: list[Turn] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """What is asked about the form of the answer; None leaves it open."""

    language: str | None = None
    length: str | None = None


@dataclass(frozen=True)
class Ask:
    """A question before it is answered; no topic means that it is beyond the model."""

    text: str
    language: str
    topic: Topic | None
    wish: Wish


class Synthesizer:
    """Draws random conversations from the texts."""

    def __init__(self, texts: Texts, seed: int = 0) -> None:
        self.texts = texts
        self.rng = random.Random(seed)
        self.augmenter = Augmenter(texts)
        self.topics = texts.topics
        self.numbers = {topic.name: number for number, topic in enumerate(texts.topics, 1)}
        self.system_share = 0.5
        self.shares = [SHARES[topic.kind] for topic in self.topics]
        self.named = {lang: [topic for topic in self.topics if topic.sides[lang].names] for lang in LANGUAGES}
        self.forbidden = {
            normalise(text) for topic in self.topics for side in topic.sides.values() for text in side.held_questions
        } | {
            normalise(text)
            for outside in texts.outside.values()
            for text in (*outside.held_questions, *outside.held_nouns)
        }
        self.forbidden |= {normalise(text) for text in texts.extra}
        english = {normalise(bare(name, "en")) for topic in self.topics for name in topic.sides["en"].names}
        self.shared_names = english
        self.carriers = {lang: self.find_carriers(lang) for lang in LANGUAGES}

    def find_carriers(self, language: str) -> list[str]:
        """Question forms found in the handwritten questions: those that contain a name of their topic."""
        found = []
        for topic in self.named[language]:
            side = topic.sides[language]
            names = sorted(side.names, key=len, reverse=True)
            for question in side.questions:
                for name in names:
                    pattern = re.compile(r"(?<![\w'’-])" + re.escape(name) + r"(?![\w-])", re.IGNORECASE)
                    if len(name) > 2 and pattern.search(question) and "{" not in question:
                        found.append(pattern.sub("{x}", question, count=1))
                        break
        return found

    # --- questions -----------------------------------------------------------------------------------------------

    def named_question(self, topic: Topic, language: str) -> tuple[str, str | None]:
        """A question made of a form and a name of the topic, and the length it asks for."""
        rng, forms = self.rng, self.texts.forms[language]
        name = rng.choice(topic.sides[language].names)
        roll = rng.random()
        if roll < 0.06:
            return fill(rng.choice(forms.short_templates), name, language), "short"
        if roll < 0.09:
            return fill(rng.choice(forms.long_templates), name, language), "long"
        if roll < 0.12:
            other = rng.choice(rng.choice(self.named[language]).sides[language].names)
            return fill(rng.choice(forms.pair_templates), name, language, other), None
        if roll < 0.24 and self.carriers[language]:
            return fill(rng.choice(self.carriers[language]), name, language), None
        while True:
            template = rng.choice(forms.templates)
            text = fill(template, name, language)
            if language == "en" or normalise(text) not in self.shared_names:
                return text, None

    def intent_question(self, action: str, language: str) -> str:
        """“How do I ...”, in one of its many forms, and an action."""
        if self.rng.random() < 0.15:
            return action
        intent = self.rng.choice(self.texts.forms[language].intents)
        if language == "fr" and intent.endswith(" de ") and action[0].lower() in "aeiouéèêh":
            intent = intent[:-3] + "d'"
        return intent + action + self.rng.choice((" ?", "?", "") if language == "fr" else ("?", ""))

    def fragment_question(self, topic: Topic, language: str) -> str:
        """Some telling words of the answer itself, as a question about them."""
        rng, side = self.rng, topic.sides[language]
        words = rng.choice((*side.long, side.short)).replace("**", "").replace("`", "").split()
        size = rng.randint(4, 10)
        windows = [words[i : i + size] for i in range(0, max(1, len(words) - size), 2)]

        def worth(window: list[str]) -> int:
            return sum(self.augmenter.weight(word, language) <= 6 for word in window)

        best = sorted(windows, key=worth, reverse=True)[:3]
        return " ".join(rng.choice(best)).strip(".,;:!? ")

    def inside(self, language: str, topic: Topic | None = None) -> Ask:
        """A question about one of the topics."""
        rng = self.rng
        topic = topic or rng.choices(self.topics, self.shares)[0]
        side = topic.sides[language]
        length: str | None = None
        roll = rng.random()
        if side.actions and roll < 0.12:
            text = self.intent_question(rng.choice(side.actions), language)
        elif side.names and roll < 0.26:
            text, length = self.named_question(topic, language)
        elif roll > 0.96:
            text = self.fragment_question(topic, language)
        else:
            text = rng.choice(side.questions)
        if topic.kind == "smalltalk" and rng.random() < 0.8:
            text = self.augmenter.surface(text, language, rng)
        else:
            text = self.augmenter.vary(text, language, rng)
        return self.with_aside(text, language, topic, length)

    def outside(self, language: str) -> Ask:
        """A question that the model must decline."""
        rng, outside, forms = self.rng, self.texts.outside[language], self.texts.forms[language]
        roll = rng.random()
        noun = rng.choice(outside.nouns)
        if rng.random() < 0.25:
            noun = self.strange_name(language)
        if roll < 0.32:
            kind = rng.random()
            pool = forms.templates
            if kind < 0.08:
                pool = forms.short_templates
            elif kind < 0.12:
                pool = forms.pair_templates
            elif kind < 0.3 and self.carriers[language]:
                pool = tuple(self.carriers[language])
            text = fill(rng.choice(pool), noun, language, rng.choice(outside.nouns))
        elif roll < 0.42:
            text = self.outside_form(language)
        elif roll < 0.5:
            text = self.intent_question(rng.choice(outside.verbs), language)
        elif roll < 0.94:
            text = rng.choice(outside.questions)
        elif roll < 0.97:
            text = gibberish(rng) if language == "en" else self.paste(language)
        else:
            text = self.paste(language)
        if roll < 0.94:
            text = self.augmenter.vary(text, language, rng)
        return self.with_aside(text, language, None, None)

    def strange_name(self, language: str) -> str:
        """A made-up noun with a plausible article."""
        rng = self.rng
        word = " ".join(pseudo_word(rng) for _ in range(rng.choice((1, 1, 1, 2))))
        if language == "fr":
            return rng.choice(("un ", "une ", "le ", "la ", "les ", "")) + word
        return rng.choice(("a ", "the ", "", "")) + word

    def outside_form(self, language: str) -> str:
        """A form that only fits questions beyond the model, filled in."""
        rng, outside = self.rng, self.texts.outside[language]
        text = rng.choice(outside.forms)
        while "{" in text:
            noun = rng.choice(outside.nouns) if rng.random() < 0.8 else self.strange_name(language)
            text = text.replace("{de}", after("de", noun), 1).replace("{verb}", rng.choice(outside.verbs), 1)
            text = text.replace("{noun}", rng.choice(outside.nouns), 1).replace("{pseudo}", pseudo_word(rng), 1)
            text = text.replace("{n}", str(rng.randint(0, 10 ** rng.randint(1, 4))), 1)
            text = text.replace("{year}", str(rng.randint(1000, 2030)), 1)
        return text

    def paste(self, language: str) -> str:
        """A long text without a useful question."""
        rng, outside = self.rng, self.texts.outside[language]
        parts = []
        for _ in range(rng.randint(4, 22)):
            kind = rng.randrange(4)
            if kind == 0:
                parts.append(rng.choice(outside.questions))
            elif kind == 1:
                parts.append(" ".join(pseudo_word(rng) for _ in range(rng.randint(2, 6))))
            elif kind == 2:
                parts.append(" ".join(rng.choice(outside.nouns) for _ in range(rng.randint(1, 3))))
            else:
                parts.append(rng.choice(outside.verbs))
        return rng.choice((" ", ". ", ", ", "\n")).join(parts)

    def with_aside(self, text: str, language: str, topic: Topic | None, length: str | None) -> Ask:
        """Sometimes join a wish about the answer to the question itself."""
        rng = self.rng
        if length is None and rng.random() < 0.08:
            kind = rng.choice(("short", "short", "long", "to_french", "to_english"))
            aside = rng.choice(self.texts.directives["aside"][language][kind])
            text = text.rstrip(" ?!.") + aside + rng.choice(("", "", "?") if language == "en" else ("", "", " ?"))
            if kind in ("short", "long"):
                return Ask(text, language, topic, Wish(None, kind))
            return Ask(text, language, topic, Wish("fr" if kind == "to_french" else "en", None))
        return Ask(text, language, topic, Wish(None, length))

    # --- answers and conversations ---------------------------------------------------------------------------------

    def answer(self, topic: Topic | None, language: str, length: str | None, avoid: str = "") -> str:
        """The right answer; of two equally right ones, either (but not `avoid`)."""
        if topic is None:
            return HONEST[language]
        side = topic.sides[language]
        if length == "short":
            return side.short
        return self.rng.choice([text for text in side.long if text != avoid] or list(side.long))

    def turn(self, text: str, topic: Topic | None, language: str, length: str | None, avoid: str = "") -> Turn:
        """A question with its right answer and the label of that answer."""
        number = 0 if topic is None else self.numbers[topic.name]
        label = 4 * number + 2 * LANGUAGES.index(language) + (length == "short" and topic is not None)
        return Turn(text, self.answer(topic, language, length, avoid), label)

    def system_prompt(self) -> tuple[str | None, Wish]:
        """A system prompt (or none) and what it asks for."""
        rng = self.rng
        if rng.random() >= self.system_share:
            return None, Wish()
        if rng.random() < 0.04:
            return "", Wish()
        language = rng.choice(LANGUAGES)
        lists = self.texts.directives["system"][language]
        parts, wish_language, wish_length = [], None, None
        if rng.random() < 0.5:
            noun = rng.choice(self.texts.outside[language].nouns)
            parts.append(rng.choice(lists["personas"]).replace("{noun}", noun))
        if not parts or rng.random() < 0.5:
            roll = rng.random()
            if roll < 0.7:
                wish_language = rng.choice(LANGUAGES)
                parts.append(rng.choice(lists[TARGETS[wish_language]]))
            if roll > 0.4:
                wish_length = rng.choice(("short", "short", "short", "long"))
                parts.append(rng.choice(lists[wish_length]))
        if rng.random() < 0.5:
            rng.shuffle(parts)
        text = rng.choice((" ", " ", " ", "\n")).join(parts)
        if rng.random() < 0.1:
            text = text.lower()
        if rng.random() < 0.1:
            text = text.rstrip(".")
        return text, Wish(wish_language, wish_length)

    def allowed(self, text: str) -> bool:
        """Whether a question may be used in training: none that is held out may come up by chance."""
        return normalise(text) not in self.forbidden

    def ask(self, language: str) -> Ask:
        """A random allowed question."""
        while True:
            ask = self.outside(language) if self.rng.random() < 0.27 else self.inside(language)
            if self.allowed(ask.text) and ask.text.strip():
                return ask

    def follow_up(self, last: Ask, answered: str, spoken: str, wish: Wish) -> tuple[Turn, str]:
        """A question about the previous answer: shorter, longer, once more, or in the other language."""
        rng = self.rng
        kind = rng.choice(("short", "long", "again", "other"))
        language = last.language if kind != "other" else OTHER[spoken]
        if kind == "other":
            text = rng.choice(self.texts.directives["follow"][spoken]["other"])
            length = "short" if last.topic and answered == last.topic.sides[spoken].short else "long"
        else:
            language = spoken
            text = rng.choice(self.texts.directives["follow"][last.language][kind])
            length = {"short": "short", "long": "long", "again": wish.length or "long"}[kind]
        if rng.random() < 0.3:
            text = self.augmenter.surface(text, last.language, rng)
        return self.turn(text, last.topic, language, length, answered), language

    def conversation(self, turns: int) -> Conversation:
        """A whole conversation of the given number of turns."""
        rng = self.rng
        system, rule = self.system_prompt()
        main = rng.choice(LANGUAGES)
        mixed = rng.random() < 0.2
        result = Conversation(system)
        last: Ask | None = None
        spoken = main
        while len(result.turns) < turns:
            if last is not None and last.topic is not None and rng.random() < 0.18:
                turn, spoken = self.follow_up(last, result.turns[-1].answer, spoken, Wish(None, rule.length))
            else:
                last = self.ask(rng.choice(LANGUAGES) if mixed else main)
                spoken = last.wish.language or rule.language or last.language
                turn = self.turn(last.text, last.topic, spoken, last.wish.length or rule.length)
            result.turns.append(turn)
        return result


def seed_for(name: str) -> int:
    """A seed that depends only on a name."""
    return digest(name) % 2**31
