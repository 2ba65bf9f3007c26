"""Proof that the exported file is the trained model: python -m starter_model.check CHECKPOINT TOKENIZER GGUF.

Compares, between the training code and llama.cpp: the tokens of every text, the tokens of whole prompts written
by the chat template, and the logits.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from llama_cpp import Llama
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from .synthesis import Synthesizer
from .texts import all_texts, load_texts
from .tokenizer import ChatEncoder
from .train import load


def differing_texts(llama: Llama, encoder: ChatEncoder, texts: Sequence[str]) -> list[str]:
    """The texts that the two tokenizers split differently, or that do not survive a round trip."""
    wrong = []
    for text in texts:
        ours = encoder.text(text)
        theirs = llama.tokenize(text.encode(), add_bos=True, special=False)
        if ours != theirs or encoder.plain.decode(ours) != text:
            wrong.append(text)
    return wrong


def prompt_agrees(llama: Llama, encoder: ChatEncoder, messages: list[dict[str, str]]) -> bool:
    """Whether the template of the file, tokenized by llama.cpp, gives the tokens seen in training."""
    formatter = Jinja2ChatFormatter(
        template=llama.metadata["tokenizer.chat_template"], eos_token="<|im_end|>", bos_token="<|endoftext|>"
    )
    prompt = formatter(messages=messages).prompt  # type: ignore[arg-type]
    theirs = llama.tokenize(prompt.encode(), add_bos=True, special=True)
    return theirs == encoder.prompt((message["role"], message["content"]) for message in messages)


def main() -> None:
    """Run the three comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("gguf", type=Path)
    args = parser.parse_args()
    texts = load_texts()
    encoder = ChatEncoder(args.tokenizer)
    model = load(args.checkpoint).eval()
    llama = Llama(str(args.gguf), n_ctx=model.config.context_length, n_threads=2, logits_all=True, verbose=False)
    synthesizer = Synthesizer(texts, seed=5)
    talks = [synthesizer.conversation(2) for _ in range(200)]
    everything = all_texts(texts) + [turn.question for talk in talks for turn in talk.turns]
    everything += [
        "  two  spaces\n\nand\tlines",
        "naïve façade – “quotes” … 3,14 €",
        "日本語 emoji 🙂 ok",
        "don't I'll l'été d’où",
    ]
    wrong = differing_texts(llama, encoder, everything)
    print(f"tokenization: {len(everything) - len(wrong)} of {len(everything)} texts agree", wrong[:5])
    agree, worst, scale, same = 0, 0.0, 0.0, 0
    for number, talk in enumerate(talks):
        messages = [] if talk.system is None else [{"role": "system", "content": talk.system}]
        messages += [
            {"role": "user", "content": talk.turns[0].question},
            {"role": "assistant", "content": talk.turns[0].answer},
        ]
        messages += [{"role": "user", "content": talk.turns[1].question}]
        agree += prompt_agrees(llama, encoder, messages)
        if number < 12:
            ids = [*encoder.prompt((m["role"], m["content"]) for m in messages), *encoder.text(talk.turns[1].answer)]
            llama.reset()
            llama.eval(ids)
            theirs = np.array(llama.scores[: len(ids)])
            with torch.no_grad():
                ours = model(torch.tensor([ids]))[0].numpy()
            worst = max(worst, float(np.abs(ours - theirs).max()))
            scale = max(scale, float(np.abs(ours).max()))
            same += int(ours[-1].argmax() == theirs[-1].argmax())
    print(f"prompts: {agree} of {len(talks)} agree")
    print(f"logits: largest difference {worst:.4f} (largest logit {scale:.1f}); same best token in {same} of 12")


if __name__ == "__main__":
    main()
