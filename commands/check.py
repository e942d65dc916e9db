"""`tsunagi check`: is everything in order?"""

from __future__ import annotations

from commands.console import OUT, open_store
from loaders.reference import load_reference
from texts import say_both


def check() -> None:
    with open_store() as store:
        store.prepare()
        load_reference(store)
        counts = {
            label: len(store.list_nodes(label, (key,)))
            for label, key in (("Organization", "organization_id"), ("Referral", "referral_id"))
        }
    OUT.print(say_both("cli.check_ok", **counts), soft_wrap=True)
