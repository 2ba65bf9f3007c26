"""Evaluation of an exported file through llama.cpp: python -m starter_model.evaluate FILE.gguf.

Every reply is greedy. It counts as right only if, among all the answers of all topics in both languages, it
resembles most one of those that were expected, and resembles it closely.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from llama_cpp import Llama

from .texts import HERE, HONEST, LANGUAGES, OUTSIDE, Texts, fill, load_texts, read_toml


@dataclass(frozen=True)
class Verdict:
    """Which known answer a reply is."""

    topic: str
    language: str
    kind: str
    likeness: float


@dataclass(frozen=True)
class Case:
    """A conversation so far, and what the reply must be; an empty kind stands for any."""

    group: str
    messages: tuple[tuple[str, str], ...]
    topics: frozenset[str]
    language: str
    kind: str = ""


class Judge:
    """Recognises answers."""

    def __init__(self, texts: Texts) -> None:
        self.known: list[tuple[str, str, str, str]] = [(HONEST[lang], OUTSIDE, lang, "honest") for lang in LANGUAGES]
        for topic in texts.topics:
            for language, side in topic.sides.items():
                self.known.append((side.short, topic.name, language, "short"))
                self.known += [(text, topic.name, language, "long") for text in side.long]

    def verdict(self, reply: str, complete: bool) -> Verdict:
        """The known answer that a reply (or the beginning of one) resembles most."""
        best = Verdict("", "", "", 0.0)
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(reply)
        for text, topic, language, kind in self.known:
            candidate = text if complete else text[: len(reply)]
            if candidate == reply:
                return Verdict(topic, language, kind, 1.0)
            matcher.set_seq1(candidate)
            if matcher.real_quick_ratio() > best.likeness and matcher.quick_ratio() > best.likeness:
                likeness = matcher.ratio()
                if likeness > best.likeness:
                    best = Verdict(topic, language, kind, likeness)
        return best


def inside_cases(texts: Texts, rng: random.Random) -> list[Case]:
    """Held-out handwritten questions, and held-out forms filled with names."""
    cases = []
    for language in LANGUAGES:
        forms = texts.forms[language]
        for topic in texts.topics:
            side = topic.sides[language]
            expected = frozenset({topic.name})
            kind = f"held-out questions {language}"
            cases += [Case(kind, (("user", question),), expected, language, "long") for question in side.held_questions]
            if side.names:
                form = rng.choice([form for form in forms.held_templates if language == "en" or form != "{bare}"])
                question = fill(form, rng.choice(side.names), language)
                cases.append(Case(f"held-out forms {language}", (("user", question),), expected, language, "long"))
    return cases


def outside_cases(texts: Texts, rng: random.Random) -> list[Case]:
    """Held-out questions beyond the model, and held-out nouns in known and held-out forms."""
    cases = []
    for language in LANGUAGES:
        outside, forms = texts.outside[language], texts.forms[language]
        questions = list(outside.held_questions)
        questions += [
            fill(rng.choice((*forms.templates, *forms.held_templates)), noun, language) for noun in outside.held_nouns
        ]
        kind, outside = f"out of scope {language}", frozenset({OUTSIDE})
        cases += [Case(kind, (("user", question),), outside, language) for question in questions]
    return cases


def system_cases(texts: Texts, rng: random.Random, count: int = 160) -> list[Case]:
    """Held-out system prompts with held-out questions."""
    cases = []
    held = texts.directives["heldout"]
    for number in range(count):
        order = ("to_french", "to_english", "short", "neutral")[number % 4]
        prompt = rng.choice(held[order]["prompts"])
        asked = rng.choice(LANGUAGES)
        language = {"to_french": "fr", "to_english": "en"}.get(order, asked)
        kind = "short" if order == "short" else "long"
        if rng.random() < 0.2:
            question, topics, kind = rng.choice(texts.outside[asked].held_questions), frozenset({OUTSIDE}), ""
        else:
            topic = rng.choice(texts.topics)
            question, topics = rng.choice(topic.sides[asked].held_questions), frozenset({topic.name})
        cases.append(Case(f"system prompt {order}", (("system", prompt), ("user", question)), topics, language, kind))
    return cases


def talk_cases(texts: Texts, rng: random.Random, count: int = 120) -> list[Case]:
    """Conversations of two to six questions; only the last, a held-out one, is judged."""
    cases = []
    for _ in range(count):
        language = rng.choice(LANGUAGES)
        messages: list[tuple[str, str]] = []
        for _ in range(rng.randint(1, 5)):
            if rng.random() < 0.2:
                messages += [
                    ("user", rng.choice(texts.outside[language].held_questions)),
                    ("assistant", HONEST[language]),
                ]
            else:
                side = rng.choice(texts.topics).sides[language]
                messages += [("user", rng.choice(side.held_questions)), ("assistant", rng.choice(side.long))]
        if rng.random() < 0.2:
            messages.append(("user", rng.choice(texts.outside[language].held_questions)))
            cases.append(Case("later turns", tuple(messages), frozenset({OUTSIDE}), language))
        else:
            topic = rng.choice(texts.topics)
            messages.append(("user", rng.choice(topic.sides[language].held_questions)))
            cases.append(Case("later turns", tuple(messages), frozenset({topic.name}), language, "long"))
    return cases


def extra_cases() -> list[Case]:
    """The second test: unusual phrasings that were written apart and never trained on."""
    path = HERE / "evaluation_extra.toml"
    data = read_toml(path) if path.exists() else {}
    return [
        Case(
            f"unusual phrasings {lang}" + (" (beyond)" if topics == OUTSIDE else ""),
            (("user", text),),
            frozenset(topics.split("|")),
            lang,
        )
        for lang in LANGUAGES
        for text, topics in data.get(lang, [])
    ]


def reply_of(llama: Llama, case: Case, limit: int) -> tuple[str, bool]:
    """The greedy reply, and whether it came to its end."""
    messages = [{"role": role, "content": content} for role, content in case.messages]
    result = llama.create_chat_completion(messages, temperature=0.0, max_tokens=limit, repeat_penalty=1.0)  # type: ignore[arg-type]
    choice = result["choices"][0]  # type: ignore[index]
    return choice["message"]["content"] or "", choice["finish_reason"] == "stop"


def run(llama: Llama, judge: Judge, cases: Iterable[Case], limit: int) -> tuple[dict[str, Counter[str]], list[str]]:
    """Ask everything; count, and describe what went wrong."""
    counts: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    for case in cases:
        reply, complete = reply_of(llama, case, limit)
        found = judge.verdict(reply, complete)
        topic, language, close = found.topic in case.topics, found.language == case.language, found.likeness >= 0.9
        kind = not case.kind or found.kind == case.kind
        counts.setdefault(case.group, Counter()).update(
            all=1, right=topic and language and close and kind, topic=topic, language=language, close=close, kind=kind
        )
        if not (topic and language and close and kind):
            asked = " / ".join(text for role, text in case.messages if role != "assistant")
            expected = "|".join(sorted(case.topics)) + f" {case.language} {case.kind}"
            got = f"{found.topic} {found.language} {found.kind} {found.likeness:.2f}"
            wrong.append(f"{case.group}: {asked!r} wanted {expected}, got {got}: {reply[:60]!r}")
    return counts, wrong


def main() -> None:
    """Evaluate and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gguf", type=Path)
    parser.add_argument("--limit", type=int, default=200, help="most tokens of a reply")
    parser.add_argument("--groups", default="", help="only groups whose name starts with one of these, comma separated")
    parser.add_argument("--share", type=float, default=1.0, help="ask only this share of the questions")
    parser.add_argument("--wrong", type=Path, help="write the wrong replies here")
    parser.add_argument("--json", type=Path, help="write the figures here")
    args = parser.parse_args()
    texts = load_texts()
    rng = random.Random(11)
    cases = [
        *inside_cases(texts, rng),
        *outside_cases(texts, rng),
        *system_cases(texts, rng),
        *talk_cases(texts, rng),
        *extra_cases(),
    ]
    wanted = tuple(args.groups.split(",")) if args.groups else ("",)
    cases = [case for case in cases if case.group.startswith(wanted) and rng.random() < args.share]
    llama = Llama(str(args.gguf), n_ctx=1024, n_threads=2, verbose=False, seed=1)
    counts, wrong = run(llama, Judge(texts), cases, args.limit)
    for group, count in counts.items():
        shares = {name: 100 * count[name] / count["all"] for name in ("right", "topic", "language", "kind", "close")}
        print(
            f"{group:32} {count['all']:4}  " + "  ".join(f"{name} {share:5.1f} %" for name, share in shares.items()),
            flush=True,
        )
    if args.wrong:
        args.wrong.write_text("\n".join(wrong) + "\n")
    if args.json:
        args.json.write_text(json.dumps({group: dict(count) for group, count in counts.items()}, indent=1))


if __name__ == "__main__":
    main()
