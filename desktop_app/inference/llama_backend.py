"""llama.cpp as a backend of the engine. Only the ``llama_backend*`` modules import ``llama_cpp``."""

from collections.abc import Callable
from pathlib import Path

from desktop_app.core.errors import EngineError, Problem
from desktop_app.inference import llama_backend_lib as llama
from desktop_app.inference.backend import CancelFlag, Outcome
from desktop_app.inference.llama_backend_log import LlamaLog
from desktop_app.inference.llama_backend_model import LoadedModel, check_file
from desktop_app.inference.llama_backend_writer import Writer
from desktop_app.inference.protocol import CountTokens, Generate, Load, ModelInfo, SystemDescription, TokenCount
from desktop_app.inference.stream import ReplyStream

SMALL_MODEL = 64 * 1024 * 1024
"""Bytes up to which one thread computes. Threads meet some hundred times per token; for so little work between, the
meetings cost more than they save (starter model: 2,200 tokens/s with one thread), and on a busy machine each meeting
waits for the scheduler (5 to 400 tokens/s with two)."""


def create(cores: int) -> "LlamaBackend":
    """Return the backend; llama.cpp is ready to load a model. ``cores`` compute unless a Load says otherwise."""
    return LlamaBackend(cores)


class LlamaBackend:
    """Holds at most one model."""

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self.name = llama.version_name()
        self._log = LlamaLog()
        self._model: LoadedModel | None = None
        self._writer: Writer | None = None
        llama.start()

    def load(self, command: Load, flag: CancelFlag, progress: Callable[[float], None]) -> ModelInfo:
        """Check a file and load it; the model that was loaded is freed first, so that both never need memory at once.

        Raises:
            ModelError: the file cannot be used.
            EngineError: there is not enough memory; or CancelledError.
        """
        header = check_file(Path(command.path))
        self.unload()
        threads = command.threads or (1 if header.data_end <= SMALL_MODEL and header.split_count < 2 else self._cores)
        model = self._model = LoadedModel(command, header, threads, self._log, flag, progress)
        self._writer = Writer(model)
        return model.info

    def unload(self) -> None:
        """Free the model, if there is one."""
        if self._model is not None:
            self._model.free()
        self._model = self._writer = None

    def generate(self, command: Generate, flag: CancelFlag, reply: ReplyStream, received: float) -> Outcome:
        """Write the next message."""
        model = self._loaded()
        builder = model.builder
        prompt = builder.build(command.messages, command.sampling.max_tokens, continue_last=command.continue_last)
        return self._writing().write(prompt, command.sampling, flag, reply, received)

    def count(self, command: CountTokens) -> TokenCount:
        """Count with the template and the tokenizer; nothing is evaluated."""
        return self._loaded().builder.count(command)

    def describe(self, command_id: int) -> SystemDescription:
        """Describe llama.cpp and its devices."""
        return SystemDescription(
            id=command_id,
            backend=self.name,
            features=llama.lib.llama_print_system_info().decode(errors="replace").strip(),
            devices=tuple(llama.devices()),
        )

    def _loaded(self) -> LoadedModel:
        if self._model is None:
            raise EngineError(Problem("model_not_loaded", "No model is loaded.", "", "Load a model first."))
        return self._model

    def _writing(self) -> Writer:
        self._loaded()
        assert self._writer is not None  # noqa: S101  set together with the model
        return self._writer
