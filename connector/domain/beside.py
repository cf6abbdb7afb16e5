"""A store's own policy on selling beyond its stock, and the note beside it of what its merchant had."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """How a store spells its policies: `all` of them, the one that stops, and the one that we allow with."""

    stop: str
    allow: str
    all: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a policy is to be, and the note beside it (None: there is to be none).

    `by_hand`: the merchant has changed what we set.
    """

    policy: str
    note: str | None
    by_hand: bool


def resolved(now: str, note: str, allowed: bool | None, words: Words, *, counted: bool) -> Resolved:
    """What becomes of a policy that is `now` so, with a note ("" where there is none) such as "yes>no".

    The note holds what the merchant had and what we set. `allowed` None, or units that are not `counted`: as the
    merchant had it.
    """
    was, _, ours = note.partition(">")
    noted = was in words.all and ours in words.all
    by_hand = noted and now != ours
    before = was if noted and not by_hand else now
    if allowed is None or by_hand or not counted:
        return Resolved(before, None, by_hand)
    target = before if (before != words.stop) is allowed else (words.allow if allowed else words.stop)
    return Resolved(target, f"{before}>{target}", by_hand)
