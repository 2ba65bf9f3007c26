"""Training on a CPU: python -m starter_model.train --minutes 45 (run it from the folder above)."""

from __future__ import annotations

import argparse
import math
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from .model import Guide, ModelConfig, StarterModel
from .synthesis import Conversation, Synthesizer
from .texts import HERE, all_texts, load_texts
from .tokenizer import ChatEncoder, train_tokenizer

BUILD = HERE / "build"
Batch = tuple[Tensor, Tensor, Tensor]
Sample = tuple[list[int], list[float], list[int]]


class Feed:
    """An endless stream of batches of similar lengths."""

    def __init__(self, synthesizer: Synthesizer, encoder: ChatEncoder, context: int, budget: int) -> None:
        self.synthesizer, self.encoder = synthesizer, encoder
        self.context, self.budget = context, budget
        self.rng = random.Random(synthesizer.rng.random())
        self.progress = 0.0

    def sample(self) -> Sample:
        """One sequence. Early on mostly single questions with cut replies; later, more conversations."""
        rng, progress = self.rng, self.progress
        turns, cut = 1, None
        if rng.random() < (0.02 if progress < 0.8 else 0.15):
            turns = rng.choice((2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 10))
        elif rng.random() < (0.85 if progress < 0.8 else 0.6):
            cut = rng.randint(3, 10)
        self.synthesizer.system_share = 0.2 if progress < 0.5 else 0.4
        talk = self.synthesizer.conversation(turns)
        parts = self.encoder.conversation(talk, rough=rng.random() < 0.1 + 0.3 * progress, cut=cut)
        return parts[0][: self.context], parts[1][: self.context], parts[2][: self.context]

    def held_out(self) -> Batch:
        """A batch of held-out questions, to watch the training."""
        samples = []
        for topic in self.synthesizer.topics[:: max(1, len(self.synthesizer.topics) // 60)]:
            for language, side in topic.sides.items():
                turn = self.synthesizer.turn(side.held_questions[0], topic, language, None)
                samples.append(self.encoder.conversation(Conversation(None, [turn]), cut=0))
        return pad(samples, max(len(ids) for ids, _, _ in samples))

    def question(self) -> Sample:
        """One question without its answer: only the guide learns from it, at a quarter of the cost."""
        self.synthesizer.system_share = 0.15
        return self.encoder.conversation(self.synthesizer.conversation(1), rough=self.rng.random() < 0.3, cut=0)

    def batches(self, draw: Callable[[], Sample]) -> Iterator[Batch]:
        """Batches of sequences of about the same length; few different shapes, which the CPU library likes."""
        waiting: dict[int, list[Sample]] = {}
        while True:
            sample = draw()
            length = -(-len(sample[0]) // self.step(len(sample[0]))) * self.step(len(sample[0]))
            group = waiting.setdefault(length, [])
            group.append(sample)
            if len(group) * length >= self.budget:
                yield pad(waiting.pop(length), length)

    @staticmethod
    def step(length: int) -> int:
        """How finely lengths are told apart: more coarsely when they are long."""
        return 8 if length <= 64 else 32 if length <= 256 else 128


class Pace:
    """Chooses one thread or two by what is faster at the moment: on a busy computer, two wait for each other."""

    def __init__(self) -> None:
        self.cost: dict[int, float] = {1: 1.0, 2: 0.6}
        self.threads, self.steps = 2, 0

    def begin(self) -> float:
        """Set the number of threads of the next step; now and then, try the other one."""
        best = min(self.cost, key=self.cost.__getitem__)
        self.threads = best if self.steps % 12 else 3 - best
        self.steps += 1
        torch.set_num_threads(self.threads)
        return time.monotonic()

    def end(self, begun: float, tokens: int) -> None:
        """Note how long the step took."""
        cost = 1000 * (time.monotonic() - begun) / tokens
        self.cost[self.threads] = 0.6 * self.cost[self.threads] + 0.4 * cost


def pad(samples: list[Sample], length: int) -> Batch:
    """Samples as rectangular tensors of tokens, weights and labels."""
    tokens = torch.zeros(len(samples), length, dtype=torch.long)
    weights = torch.zeros(len(samples), length)
    labels = torch.full((len(samples), length), -1)
    for row, (ids, weight, label) in enumerate(samples):
        tokens[row, : len(ids)] = torch.tensor(ids)
        weights[row, : len(weight)] = torch.tensor(weight)
        labels[row, : len(label)] = torch.tensor(label)
    return tokens, weights, labels


def rate(progress: float, peak: float, warm: float = 0.02) -> float:
    """The learning rate: warm-up, then a cosine down to a fiftieth."""
    if progress < warm:
        return peak * (progress + 1e-4) / warm
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warm) / (1 - warm)))))


def save(
    model: StarterModel,
    guide: Guide,
    optimizers: Sequence[torch.optim.Optimizer],
    path: Path,
    minutes: float,
    tokens: int,
) -> None:
    """Write a checkpoint, replacing the old one only when it is complete."""
    part = path.with_suffix(".part")
    state = {
        "weights": model.state_dict(),
        "guide": guide.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
    }
    torch.save({"config": model.config.as_dict(), "minutes": minutes, "tokens": tokens, **state}, part)
    part.replace(path)


def load(path: Path, dropout: float = 0.0) -> StarterModel:
    """The model of a checkpoint."""
    data = torch.load(path, map_location="cpu", weights_only=True)
    model = StarterModel(replace(ModelConfig(**data["config"]), dropout=dropout))
    model.load_state_dict(data["weights"])
    return model


def optimizers_for(model: StarterModel, guide: Guide, peak: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for the rest."""
    inner = [p for p in model.blocks.parameters() if p.dim() == 2]
    chosen = {id(p) for p in inner}
    rest = [p for p in (*model.parameters(), *guide.parameters()) if id(p) not in chosen]
    return [
        torch.optim.Muon(inner, lr=peak, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=peak, betas=(0.9, 0.97), weight_decay=0.01, fused=True),
    ]


def main() -> None:
    """Parse the command line and train for the given time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=45, help="of the whole training, pauses not counted")
    parser.add_argument("--peak", type=float, default=1.5e-3)
    parser.add_argument("--budget", type=int, default=1536, help="tokens in a batch")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--guide", type=float, default=1.0, help="weight of the guide's loss")
    parser.add_argument("--questions", type=int, default=1, help="batches of questions alone for each batch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--build", type=Path, default=BUILD)
    parser.add_argument("--save-every", type=float, default=3, help="minutes between checkpoints")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint, if there is one")
    args = parser.parse_args()
    args.build.mkdir(exist_ok=True)
    torch.manual_seed(args.seed)
    texts = load_texts()
    tokenizer_path = args.build / "tokenizer.json"
    if not tokenizer_path.exists():
        train_tokenizer(all_texts(texts), ModelConfig.vocab_size).save(str(tokenizer_path))
    encoder = ChatEncoder(tokenizer_path)
    config = ModelConfig(vocab_size=encoder.plain.get_vocab_size(), layers=args.layers)
    checkpoint = args.build / "checkpoint.pt"
    resumed = torch.load(checkpoint, weights_only=True) if args.resume and checkpoint.exists() else None
    model = StarterModel(config)
    print(
        f"{len(texts.topics)} topics, {model.parameter_count():,} parameters, vocabulary {config.vocab_size}",
        flush=True,
    )
    feed = Feed(
        Synthesizer(texts, args.seed + int(resumed["tokens"] if resumed else 0)),
        encoder,
        config.context_length,
        args.budget,
    )
    guide = Guide(config, len(texts.topics))
    optimizers = optimizers_for(model, guide, args.peak)
    start = saved = time.monotonic()
    elapsed, seen, steps, running, known = 0.0, 0, 0, 0.0, 0.0
    held_out, questions = feed.held_out(), feed.batches(feed.question)
    if resumed:
        model.load_state_dict(resumed["weights"])
        guide.load_state_dict(resumed["guide"])
        for optimizer, state in zip(optimizers, resumed.get("optimizers", ()), strict=False):
            optimizer.load_state_dict(state)
        start, seen = start - 60 * resumed["minutes"], resumed["tokens"]
    model.train()
    pace = Pace()
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    for tokens, weights, labels in feed.batches(feed.sample):
        elapsed = (time.monotonic() - start) / 60
        progress = elapsed / args.minutes
        if progress >= 1 or stopped:
            break
        feed.progress = progress
        for group in (group for optimizer in optimizers for group in optimizer.param_groups):
            group["lr"] = rate(progress, args.peak) * min(1.0, (steps + 1) / 30)
        begun = pace.begin()
        with torch.autocast("cpu", torch.bfloat16):
            loss, middle = model.loss(tokens, weights)
            guide_loss, hits = guide(middle, labels)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        (loss + args.guide * guide_loss).backward()
        for _ in range(args.questions):
            asked = next(questions)
            with torch.autocast("cpu", torch.bfloat16):
                question_loss, hits = guide(model.middle(asked[0]), asked[2])
            (args.guide * question_loss).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        pace.end(begun, tokens.numel())
        steps, seen = steps + 1, seen + int((tokens > 0).sum())
        running = 0.97 * running + 0.03 * loss.item() if running else loss.item()
        known = 0.97 * known + 0.03 * hits.item() if known else hits.item()
        if steps % 100 == 0:
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                model.eval()
                held = guide(model.middle(held_out[0]), held_out[2])[1].item()
                model.train()
            print(
                f"{elapsed:6.1f} min  step {steps}  loss {running:.4f}  "
                f"topics {known:.3f}, held out {held:.3f}  {seen:,} tokens",
                flush=True,
            )
        if time.monotonic() - saved > args.save_every * 60:
            saved = time.monotonic()
            save(model, guide, optimizers, checkpoint, elapsed, seen)
    save(model, guide, optimizers, checkpoint, min(args.minutes, elapsed), seen)
    print(f"done: {steps} steps, {seen:,} tokens", flush=True)


if __name__ == "__main__":
    main()
