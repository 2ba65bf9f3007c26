"""A loaded model: weights, context, vocabulary, and what is known of it."""

import ctypes
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop_app.core.errors import EngineError, KnownError, Problem
from desktop_app.core.reasoning import MARKERS
from desktop_app.inference import gguf_file
from desktop_app.inference.backend import CancelFlag, CancelledError
from desktop_app.inference.gguf_file import GgufHeader, refusal
from desktop_app.inference.llama_backend_lib import lib
from desktop_app.inference.llama_backend_log import LlamaLog
from desktop_app.inference.prompt import PromptBuilder
from desktop_app.inference.protocol import Load, ModelInfo
from desktop_app.inference.template import CHATML, CHATML_STOPS, ChatTemplate

_CHATML_NOTE = "This model file carries no chat template; ChatML stands in, so replies may be odd."
_LONG_NOTE = "The context is longer than the {:,} tokens this model was trained for; replies may suffer."
_OUT_OF_MEMORY = re.compile(r"failed to allocate|unable to allocate|bad_alloc|out of memory|alloc_tensor_range", re.I)
_DAMAGED = re.compile(
    r"missing tensor|wrong number of tensors|wrong shape|not within the file bounds|corrupted|key not found"
    r"|invalid|failed to read|wrong type|is not a GGUF|mismatch|duplicate",
    re.I,
)


class LoadedModel:
    """Weights, context and vocabulary of one model.

    Args:
        command: what to load and how.
        header: of the file, as checked.
        threads: that compute.
        flag: stops loading when raised.
        progress: called with fractions from 0 to 1.

    Attributes:
        context, memory: llama.cpp's pointers.
        context_length, vocabulary: in tokens.
        batch_size: tokens evaluated in one call.
        builder: makes prompts.
        stops: stop strings that the stand-in template needs.
        info: what the parent is told.

    Raises:
        ModelError: llama.cpp refuses the file, or its template is unusable.
        EngineError: there is not enough memory.
        CancelledError: the flag was raised.
    """

    def __init__(
        self,
        command: Load,
        header: GgufHeader,
        threads: int,
        log: LlamaLog,
        flag: CancelFlag,
        progress: Callable[[float], None],
    ) -> None:
        self._path = Path(command.path)
        self._log = log
        self._pieces: dict[int, bytes | None] = {}
        self._buffer = ctypes.create_string_buffer(256)
        self.context: Any = None
        self._model: Any = self._load_weights(command, flag, progress)
        try:
            self._read_vocabulary()
            self._create_context(command, threads)
            if flag.raised:
                raise CancelledError
            source = command.template or self._chat_template()
            name = header.name or self._path.stem
            template = ChatTemplate(source or CHATML, name, self._text_of(self._bos), self._text_of(self._eos))
            template.probe()
        except BaseException:
            self.free()
            raise
        self.stops = () if source else CHATML_STOPS
        self.builder = PromptBuilder(template, source, self.tokenize, self.context_length)
        origin = "person" if command.template else "model" if source else "chatml"
        self.info = self._describe(name, header, threads, origin, template.notes)

    def free(self) -> None:
        """Free context and weights."""
        if self.context is not None:
            lib.llama_free(self.context)
            self.context = None
        if self._model is not None:
            lib.llama_model_free(self._model)
            self._model = None

    def tokenize(self, text: str, whole: bool) -> list[int]:
        """Return the tokens of a text; a whole prompt gets the beginning-of-sequence token unless it has it."""
        tokens = self._tokenize(text.encode("utf-8", errors="replace"))
        if whole and self._add_bos and tokens[:1] != [self._bos]:
            tokens.insert(0, self._bos)
        return tokens

    def piece(self, token: int) -> bytes | None:
        """Return the bytes of a token of a reply; None when it ends the reply. Control tokens are empty."""
        try:
            return self._pieces[token]
        except KeyError:
            ends = lib.llama_vocab_is_eog(self._vocabulary_pointer, token)
            piece = self._pieces[token] = None if ends else self._bytes_of(token, special=False)
            return piece

    def _load_weights(self, command: Load, flag: CancelFlag, progress: Callable[[float], None]) -> Any:
        def report(fraction: float, _user_data: object) -> bool:
            progress(fraction)
            return not flag.raised

        parameters = lib.llama_model_default_params()
        parameters.n_gpu_layers = command.gpu_layers
        callback = lib.llama_progress_callback(report)
        parameters.progress_callback = callback
        self._log.clear()
        model = lib.llama_model_load_from_file(os.fsencode(self._path), parameters)
        if flag.raised:
            if model:
                lib.llama_model_free(model)
            raise CancelledError
        if not model:
            raise load_error(self._path, self._log.complaints())
        if lib.llama_model_has_encoder(model) or not lib.llama_model_has_decoder(model):
            lib.llama_model_free(model)
            fault = "is not a model that can chat: it translates or compares texts"
            raise refusal("model_not_language", self._path, fault, "Choose a chat model.")
        return model

    def _create_context(self, command: Load, threads: int) -> None:
        trained = lib.llama_model_n_ctx_train(self._model)
        wanted = command.context_length or min(trained or command.context_limit, command.context_limit)
        self.batch_size = max(1, min(command.batch_size, wanted))
        parameters = lib.llama_context_default_params()
        parameters.n_ctx = wanted
        parameters.n_batch = parameters.n_ubatch = self.batch_size
        parameters.n_threads = parameters.n_threads_batch = threads
        self._log.clear()
        self.context = lib.llama_init_from_model(self._model, parameters)
        if not self.context:
            action = "Choose a smaller model or a shorter context, or close other programs."
            sentence = f"There is not enough memory for “{self._path.name}” with a context of {wanted:,} tokens."
            raise EngineError(Problem("engine_out_of_memory", sentence, "", action, self._log.complaints()))
        self.memory = lib.llama_get_memory(self.context)
        # llama.cpp rounds the context up; what was asked for is what is used.
        self.context_length = min(wanted, lib.llama_n_ctx(self.context))

    def _read_vocabulary(self) -> None:
        self._vocabulary_pointer = pointer = lib.llama_model_get_vocab(self._model)
        self.vocabulary: int = lib.llama_vocab_n_tokens(pointer)
        self._bos: int = lib.llama_vocab_bos(pointer)
        self._eos: int = lib.llama_vocab_eos(pointer)
        self._add_bos = bool(lib.llama_vocab_get_add_bos(pointer)) and self._bos >= 0
        for marker in MARKERS:
            tokens = self._tokenize(marker.encode())
            if len(tokens) == 1 and not lib.llama_vocab_is_eog(pointer, tokens[0]):
                # A control token would be left out of the reply, and with it the border of the reasoning.
                self._pieces[tokens[0]] = marker.encode()

    def _tokenize(self, text: bytes) -> list[int]:
        room = len(text) + 16
        tokens = (lib.llama_token * room)()
        count = lib.llama_tokenize(self._vocabulary_pointer, text, len(text), tokens, room, False, True)
        if count < 0:
            room = -count
            tokens = (lib.llama_token * room)()
            count = lib.llama_tokenize(self._vocabulary_pointer, text, len(text), tokens, room, False, True)
        return tokens[:count]

    def _bytes_of(self, token: int, *, special: bool) -> bytes:
        arguments = (0, special)
        size = lib.llama_token_to_piece(self._vocabulary_pointer, token, self._buffer, len(self._buffer), *arguments)
        if size < 0:
            self._buffer = ctypes.create_string_buffer(-size)
            size = lib.llama_token_to_piece(self._vocabulary_pointer, token, self._buffer, -size, *arguments)
        return self._buffer.raw[:size]

    def _text_of(self, token: int) -> str:
        return self._bytes_of(token, special=True).decode("utf-8", errors="replace") if token >= 0 else ""

    def _chat_template(self) -> str:
        template = lib.llama_model_chat_template(self._model, None)
        return template.decode("utf-8", errors="replace") if template else ""

    def _describe(
        self, name: str, header: GgufHeader, threads: int, template: str, notes: tuple[str, ...]
    ) -> ModelInfo:
        trained = lib.llama_model_n_ctx_train(self._model)
        more = [_CHATML_NOTE] if template == "chatml" else []
        if trained and self.context_length > trained:
            more.append(_LONG_NOTE.format(trained))
        offloaded = re.search(r"offloaded (\d+)/\d+ layers", "\n".join(self._log.lines))
        return ModelInfo(
            path=str(self._path),
            name=name,
            architecture=header.architecture,
            quantization=quantization_name(lib.llama_ftype_name(lib.llama_model_ftype(self._model)) or b""),
            parameters=lib.llama_model_n_params(self._model),
            size=lib.llama_model_size(self._model),
            trained_context=trained,
            context_length=self.context_length,
            layers=lib.llama_model_n_layer(self._model),
            gpu_layers=int(offloaded[1]) if offloaded else 0,
            threads=threads,
            template=template,
            notes=(*more, *notes),
        )


def check_file(path: Path) -> GgufHeader:
    """Check a model file and, when it is split, that all its parts are there.

    Raises:
        ModelError: as ``gguf_file.check``; or a part is missing.
    """
    header = gguf_file.check(path)
    if header.split_count > 1:
        match = re.fullmatch(r"(.*)-(\d{5})-of-(\d{5})\.gguf", path.name)
        if match is None or int(match[2]) != 1:
            fault = "is one part of a model in several files, and not the first"
            raise refusal("model_part_missing", path, fault, "Choose the part whose name ends in -00001-of-….gguf.")
        for number in range(2, header.split_count + 1):
            part = path.with_name(f"{match[1]}-{number:05d}-of-{match[3]}.gguf")
            if not part.exists():
                fault = f"needs its part “{part.name}”, which is not there"
                raise refusal("model_part_missing", path, fault, "Put all parts into one folder.")
            gguf_file.check(part)
    return header


def load_error(path: Path, complaints: str) -> KnownError:
    """Turn what llama.cpp complained about while it loaded a file into a typed error."""
    if _OUT_OF_MEMORY.search(complaints):
        sentence = f"There is not enough memory for “{path.name}”."
        action = "Choose a smaller model, or close other programs."
        return EngineError(Problem("engine_out_of_memory", sentence, "", action, complaints))
    update = "Update Causerie, or choose another model."
    unknown = re.search(r"unknown model architecture: '([^']*)'", complaints)
    if unknown:
        fault = f"is of a kind this version does not know (“{unknown[1]}”)"
        return refusal("model_unknown_architecture", path, fault, update, complaints)
    if "pre-tokenizer type" in complaints or "unknown tokenizer" in complaints:
        fault = "has a tokenizer this version does not know"
        return refusal("model_unknown_tokenizer", path, fault, update, complaints)
    if _DAMAGED.search(complaints):
        return refusal("model_damaged", path, "is damaged", "Copy or download it again.", complaints)
    return refusal("model_not_loadable", path, "could not be loaded", "Choose another model.", complaints)


def quantization_name(described: bytes) -> str:
    """Turn llama.cpp's description of a file type into the name people know: ``Q4_K - Medium`` is ``Q4_K_M``."""
    text = described.decode(errors="replace").removeprefix("(guessed)").strip()
    base, _, rest = text.partition(" - ")
    if rest in ("Small", "Medium", "Large"):
        return f"{base}_{rest[0]}"
    known = {"all F32": "F32", "IQ3_S mix": "IQ3_M", "MXFP4 MoE": "MXFP4", "unknown, may not work": "?"}
    return known.get(base, base)
