"""Notes by which rules stored things were made, and after a change of rules how far making them anew has come; it makes none.

What is made anew is gone through by its number, the newest first, so that a kill at any moment only repeats the last step.
"""

from __future__ import annotations

from collections.abc import Callable

from octavo.store.models import IndexState


def left_below(name: str, rules: str, newest: Callable[[], int | None]) -> int:
    """Below which number things were made by other rules than those of now; 0: none is left. One query while nothing changes.

    Where the rules are others than those noted it begins anew, behind the newest thing there is.
    """
    state, _made = IndexState.objects.get_or_create(name=name)
    if state.schema != rules:
        last = newest()
        state.schema, state.position = rules, last + 1 if last else 0
        state.save(update_fields=("schema", "position"))
    return state.position


def note(name: str, rules: str, below: int) -> None:
    """Notes that only things below a number are left; 0: none."""
    IndexState.objects.filter(name=name).update(schema=rules, position=below)
