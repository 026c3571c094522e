"""``commitment``: one promise a rep, kept where rep and manager both see it."""

from __future__ import annotations

import typer

from ci_checker.cli.commitment import add, close, edit, listing
from ci_checker.cli.options import examples

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The ledger of commitments: one active promise a rep.",
    epilog=examples(
        'ci-checker commitment add "10 trigger-event openers, every morning before 10, Monday to Thursday" --rep Luke',
        "ci-checker commitment list",
        "ci-checker commitment close Luke --outcome partly --next reissue",
    ),
)
for module in (add, listing, edit, close):
    module.register(app)
