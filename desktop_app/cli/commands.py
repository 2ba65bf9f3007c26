"""``main.py chat``, ``conversations``, ``models`` and ``doctor``; without a command, the window.

Heavy modules are imported inside the commands, so that the window and ``--help`` do not pay for them.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from desktop_app import __version__
from desktop_app.cli.models import models
from desktop_app.cli.options import as_json, common, print_json, profile_of
from desktop_app.cli.session import running
from desktop_app.core.errors import KnownError, Problem, UsageError
from desktop_app.core.sampling import PARAMETERS, Parameter, SamplingSettings, changed
from desktop_app.system.display import NO_DISPLAY_SENTENCE, has_display

LONGEST_CONTEXT = 1_048_576
_NO_OUTPUT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class _Group(click.Group):
    """A group whose first argument may also be a model file, as a desktop passes it."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments and arguments[0].lower().endswith(".gguf") and arguments[0] not in self.commands:
            return "window", self.commands["window"], arguments
        return super().resolve_command(context, arguments)

    def invoke(self, context: click.Context) -> Any:
        """Carry out a command; that its output has no room where it was sent is no fault of the program.

        Raises:
            KnownError: ``output_failed``.
        """
        try:
            return super().invoke(context)
        except OSError as error:
            if error.filename is not None or error.errno not in _NO_OUTPUT:  # of a broken pipe click takes care
                raise
            sentence = f"The output could not be written: {(error.strerror or str(error)).lower()}."
            action = "Make some space there, or send the output elsewhere; then try again."
            problem = Problem("output_failed", sentence, "What was done until then is kept.", action)
            raise KnownError(problem) from error


@click.group(cls=_Group, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Causerie")
@common
@click.pass_context
def cli(context: click.Context, data_dir: Path | None, offline: bool) -> int | None:
    """Causerie: a private chat with language models that runs wholly on this computer."""
    if context.invoked_subcommand is None:
        return int(context.invoke(window, data_dir=data_dir, offline=offline, file=None))
    return None


@cli.command(hidden=True)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@common
@click.pass_context
def window(context: click.Context, data_dir: Path | None, offline: bool, file: Path | None) -> int:
    """Open the window, perhaps with a model file."""
    if not has_display(os.environ):
        click.echo(NO_DISPLAY_SENTENCE, err=True)
        return int(context.invoke(chat, data_dir=data_dir, offline=offline, model=str(file) if file else None))
    profile = profile_of(context, data_dir, offline)
    return profile.open_window(profile, str(file.absolute()) if file else "")


def _sampling_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for each sampling setting."""
    for parameter in reversed(PARAMETERS):
        name = f"--{parameter.key.replace('_', '-')}"
        command = click.option(name, parameter.key, type=_bounds(parameter), default=None, help=parameter.help)(command)
    return command


def _bounds(parameter: Parameter) -> click.ParamType[Any]:
    if parameter.whole:
        return click.IntRange(int(parameter.minimum), int(parameter.maximum))
    return click.FloatRange(parameter.minimum, parameter.maximum)


@cli.command()
@click.argument("prompt", required=False)
@click.option("--model", "-m", help="A model by its name or path; the one chosen in the settings by default.")
@click.option("--system", "-s", help="The system prompt.")
@click.option("--conversation", "-c", type=int, help="Go on with this conversation.")
@_sampling_options
@click.option("--stop", multiple=True, help="End the reply before this text; may be given several times.")
@click.option("--context", "context_length", type=click.IntRange(16, LONGEST_CONTEXT), help="Context length in tokens.")
@as_json
@common
@click.pass_context
def chat(
    context: click.Context,
    /,
    prompt: str | None = None,
    model: str | None = None,
    system: str | None = None,
    conversation: int | None = None,
    stop: tuple[str, ...] = (),
    context_length: int | None = None,
    json_: bool = False,
    data_dir: Path | None = None,
    offline: bool = False,
    **sampling: float | None,
) -> int:
    """Ask PROMPT and print the reply as it comes; without PROMPT read it from standard input, or converse."""
    from desktop_app.cli.chat import Request, converse, piped_prompt

    values: dict[str, Any] = {key: value for key, value in sampling.items() if value is not None}
    if stop:
        values["stop"] = list(stop)
    try:
        changed(SamplingSettings(), **values)
    except UsageError as error:
        raise click.UsageError(str(error), context) from error
    if prompt is None and not sys.stdin.isatty():
        prompt = piped_prompt()
    request = Request(
        prompt=prompt,
        model=model,
        system=system,
        conversation_id=conversation,
        sampling=values,
        context_length=context_length,
        json=json_,
    )
    return converse(profile_of(context, data_dir, offline), request)


@cli.group()
@common
def conversations(data_dir: Path | None, offline: bool) -> None:
    """List, show, search, export and delete conversations."""


@conversations.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many at most.")
@click.option("--trash", is_flag=True, help="List what lies in the trash.")
@as_json
@common
@click.pass_context
def list_conversations(
    context: click.Context, limit: int, trash: bool, json_: bool, data_dir: Path | None, offline: bool
) -> None:
    """List conversations, the latest first."""
    from desktop_app.cli import records

    with running(profile_of(context, data_dir, offline)) as session:
        if trash:
            found = session.ask(lambda services: services.history.trashed())
        else:
            found = session.ask(lambda services: services.history.list_conversations(limit))
    if json_:
        print_json([records.conversation_record(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.id:>6}  {records.day(one.updated_at)}  {one.title}")
    if not found:
        click.echo("The trash is empty." if trash else "There are no conversations yet.", err=True)


@conversations.command()
@click.argument("conversation_id", metavar="ID", type=int)
@as_json
@common
@click.pass_context
def show(context: click.Context, conversation_id: int, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Show the branch on view of a conversation."""
    from desktop_app.cli import records

    with running(profile_of(context, data_dir, offline)) as session:
        conversation, tree = session.ask(lambda services: services.history.whole(conversation_id))
    branch = tree.branch(conversation.leaf_id)
    if json_:
        record = records.conversation_record(conversation)
        print_json({**record, "messages": [records.message_record(message) for message in branch]})
    else:
        from desktop_app.core.export import to_text

        click.echo(to_text(conversation, branch), nl=False)


@conversations.command()
@click.argument("query")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many at most.")
@as_json
@common
@click.pass_context
def search(context: click.Context, query: str, limit: int, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Find QUERY in titles and messages."""
    from desktop_app.cli import records

    with running(profile_of(context, data_dir, offline)) as session:
        hits = session.ask(lambda services: services.history.search(query, limit))
    if json_:
        print_json([records.hit_record(hit) for hit in hits])
        return
    for hit in hits:
        click.echo(f"{hit.conversation_id:>6}  {hit.title}\n        {records.plain_snippet(hit)}")
    if not hits:
        click.echo("Nothing found.", err=True)


@conversations.command()
@click.argument("conversation_id", metavar="ID", type=int)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["markdown", "json", "text"]),
    default="markdown",
    show_default=True,
    help="json is complete, with all branches.",
)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
@click.option("--json", "format_", flag_value="json", help="The same as --format json.")
@common
@click.pass_context
def export(
    context: click.Context,
    conversation_id: int,
    format_: str,
    output: Path | None,
    data_dir: Path | None,
    offline: bool,
) -> None:
    """Write a conversation as Markdown, JSON or text."""
    from desktop_app.cli import records

    with running(profile_of(context, data_dir, offline)) as session:
        conversation, tree = session.ask(lambda services: services.history.whole(conversation_id))
    text = records.exported(conversation, tree, format_)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise KnownError(Problem("export_failed", f"The file {output} could not be written: {reason}.")) from error


@conversations.command()
@click.argument("conversation_ids", metavar="ID...", type=int, nargs=-1, required=True)
@as_json
@common
@click.pass_context
def delete(
    context: click.Context, conversation_ids: tuple[int, ...], json_: bool, data_dir: Path | None, offline: bool
) -> None:
    """Move conversations to the trash."""
    with running(profile_of(context, data_dir, offline)) as session:
        for conversation_id in conversation_ids:
            session.ask(lambda services, one=conversation_id: services.history.trash(one))  # type: ignore[misc]
    if json_:
        print_json({"deleted": list(conversation_ids)})


@conversations.command()
@click.argument("conversation_id", metavar="ID", type=int)
@as_json
@common
@click.pass_context
def restore(context: click.Context, conversation_id: int, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Bring a conversation back from the trash."""
    with running(profile_of(context, data_dir, offline)) as session:
        session.ask(lambda services: services.history.restore(conversation_id))
    if json_:
        print_json({"restored": conversation_id})


@cli.command()
@as_json
@common
@click.pass_context
def doctor(context: click.Context, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Tell versions, paths, processor, memory, and the devices that llama.cpp sees."""
    from desktop_app.cli.doctor import examine, readable

    findings = examine(profile_of(context, data_dir, offline))
    if json_:
        print_json(findings)
    else:
        click.echo(readable(findings))


def _bring_models() -> None:
    from desktop_app.cli import hub_commands, shelf_commands  # noqa: F401 - they hang their commands on the group


models.bring = _bring_models
cli.add_command(models)
