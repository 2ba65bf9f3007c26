"""The tokenizer: byte-level BPE with the GPT-2 splitting rule, which llama.cpp knows as “gpt-2”."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from .synthesis import Conversation

END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIAL = (END_OF_TEXT, START, END)
END_OF_TEXT_ID, START_ID, END_ID = 0, 1, 2
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def train_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    """Learn the merges from the texts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def merges_of(tokenizer: Tokenizer) -> list[str]:
    """The merges, as llama.cpp wants them: the two parts with a space between."""
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]


class ChatEncoder:
    """Turns conversations into token numbers and loss weights."""

    def __init__(self, path: Path) -> None:
        description = json.loads(path.read_text(encoding="utf-8"))
        # The tags of the chat format count as tags only where this class puts them, never inside a text.
        description["added_tokens"] = []
        self.plain = Tokenizer.from_str(json.dumps(description))
        self.rough = Tokenizer.from_str(json.dumps(description))
        self.rough.model.dropout = 0.08

    def text(self, text: str, rough: bool = False) -> list[int]:
        """The tokens of a piece of text; `rough` leaves some merges out, which makes reading more robust."""
        return list((self.rough if rough else self.plain).encode(text, add_special_tokens=False).ids)

    def prompt(self, messages: Iterable[tuple[str, str]]) -> list[int]:
        """The tokens of (role, content) messages and the start of the reply, as the chat template writes them."""
        ids: list[int] = []
        for role, content in messages:
            ids += [START_ID, *self.text(f"{role}\n{content}"), END_ID, *self.text("\n")]
        return [*ids, START_ID, *self.text("assistant\n")]

    def conversation(
        self, talk: Conversation, rough: bool = False, head_weight: float = 4.0, cut: int | None = None
    ) -> tuple[list[int], list[float], list[int]]:
        """Tokens, weights and labels of a conversation: only replies are learnt, their first words most.

        The label of a reply stands where the reply is decided: at the end of the prompt and at its first tokens.

        With `cut`, the last reply ends after that many tokens, without its end token.
        """
        ids: list[int] = []
        weights: list[float] = []
        labels: list[int] = []

        def add(tokens: list[int], weight: float = 0.0) -> None:
            ids.extend(tokens)
            weights.extend([weight] * len(tokens))

        newline, assistant = self.text("\n"), self.text("assistant\n")
        if talk.system is not None:
            add([START_ID, *self.text(f"system\n{talk.system}"), END_ID, *newline])
        for number, turn in enumerate(talk.turns, 1):
            add([START_ID, *self.text(f"user\n{turn.question}", rough), END_ID, *newline, START_ID, *assistant])
            reply = [*self.text(turn.answer), END_ID]
            if number == len(talk.turns) and cut is not None and cut < len(reply):
                reply = reply[:cut]
            labels.extend([-1] * (len(ids) - 1 - len(labels)) + [turn.label] * 7)
            add(reply[:8], head_weight)
            add(reply[8:], 1.0)
            add(newline if number < len(talk.turns) else [])
        return ids, weights, (labels + [-1] * len(ids))[: len(ids)]
