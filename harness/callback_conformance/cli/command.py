"""What all commands have in common: help with examples and exit statuses, and errors in one line."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from callback_conformance.results.json_file import BadFile

BAD_USAGE = 2
INTERRUPTED = 130

#: The statuses of a command that either does its work or says in a line why it cannot.
DONE_OR_NOT = {0: "done", BAD_USAGE: "the command, or a file that it reads, is wrong"}


class Failed(click.ClickException):
    """A command cannot do its work: the message says why, in one line."""

    exit_code = BAD_USAGE

    def __init__(self, message: str, command: str = "") -> None:
        super().__init__(message)
        context = click.get_current_context(silent=True)
        self.command = command or (context.command_path if context else "callback-conformance")

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"{self.command}: {self.format_message()}", err=True)


class Interrupted(Failed):
    """The user has interrupted a command."""

    exit_code = INTERRUPTED


@contextlib.contextmanager
def failing_by(*kinds: type[Exception]) -> Iterator[None]:
    """Inside, an error of these kinds ends the command with the error's message."""
    try:
        yield
    except kinds as error:
        raise Failed(str(error)) from error


class PathOf(click.Path):
    """A file or a folder that is named; click takes the empty text for the current folder."""

    def __init__(self, kind: str = "", exists: bool = False) -> None:
        super().__init__(exists, path_type=Path)
        #: What it must be if it exists: "file", "folder", or "" for either.
        self.kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check it."""
        path = Path(value)
        if value == "":
            self.fail("it is empty", param, ctx)
        if self.exists and not path.exists():
            self.fail(f"{value} does not exist", param, ctx)
        if self.kind == "folder" and path.exists() and not path.is_dir():
            self.fail(f"{value} is not a folder", param, ctx)
        if self.kind == "file" and path.is_dir():
            self.fail(f"{value} is a folder, not a file", param, ctx)
        return path


class Command(click.Command):
    """A command whose help ends with examples and exit statuses."""

    def __init__(
        self,
        *parameters: Any,
        examples: Mapping[str, str] | None = None,
        statuses: Mapping[int, str] = DONE_OR_NOT,
        when_interrupted: str = "interrupted",
        **options: Any,
    ) -> None:
        super().__init__(*parameters, **options)
        #: What can be typed after the command's own name, and what it does.
        self.examples = examples or {}
        #: Each exit status, and what it means.
        self.statuses = statuses
        #: What is printed after Ctrl-C.
        self.when_interrupted = when_interrupted

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words. Click does not always say in which command a mistake is."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A bad file, one that cannot be read or written, and an interruption are errors in one line."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted(self.when_interrupted) from None
        except BadFile as error:
            raise Failed(str(error)) from error
        except BrokenPipeError:  # the reader of our output has gone: click knows what to do
            raise
        except OSError as error:
            if not error.filename:
                raise
            raise Failed(f"{error.filename}: {error.strerror}") from error

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples and the exit statuses."""
        with formatter.section("Examples"):
            for words, text in self.examples.items():
                formatter.write_text(f"{ctx.command_path} {words}".strip())
                with formatter.indentation():
                    formatter.write_text(text)
        with formatter.section("Exit status"):
            formatter.write_dl(
                [(str(status), self.statuses[status]) for status in sorted(self.statuses)]
            )


class Group(Command, click.Group):
    """A command with commands of its own, each with the same style of help."""

    command_class = Command
    group_class = type

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which they are declared: what most people need comes first."""
        return list(self.commands)


class WithPytestWords(Command):
    """A command that hands the words after ``--`` to pytest, and takes them as ``pytest_words``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Set the words after ``--`` aside before click reads the others."""
        own_words = list(itertools.takewhile(lambda word: word != "--", args))
        ctx.params["pytest_words"] = tuple(args[len(own_words) + 1 :])
        return super().parse_args(ctx, own_words)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Name them in the first line of the help."""
        return [*super().collect_usage_pieces(ctx), "[-- PYTEST-WORD...]"]


class Root(Group):
    """The command ``callback-conformance`` itself: a mistake is one line, and what a command returns its exit status."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the words before the first command."""
        with _usage_errors_in_one_line():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> None:
        """Run the command; what it returns is the exit status."""
        with _usage_errors_in_one_line():
            status = super().invoke(ctx)
        ctx.exit(status or 0)


@contextlib.contextmanager
def _usage_errors_in_one_line() -> Iterator[None]:
    """Click writes three lines; the first two are in the help."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else ""
        message = " ".join(error.format_message().split()).rstrip(".")
        raise Failed(f"{message} ({command} --help says more)", command) from error
