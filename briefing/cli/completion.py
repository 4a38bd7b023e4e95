"""``briefing completion``: shell completion."""

from __future__ import annotations

import click

from briefing.cli import console


@click.command("completion", short_help="Print a shell completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
def command(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      briefing completion bash >> ~/.bashrc
      briefing completion zsh >> ~/.zshrc
      briefing completion fish > ~/.config/fish/completions/briefing.fish
    """
    from click.shell_completion import get_completion_class

    from briefing.cli import command as briefing

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"no completion is known for {shell}")
    console.say_document(made(briefing, {}, "briefing", "_BRIEFING_COMPLETE").source())
