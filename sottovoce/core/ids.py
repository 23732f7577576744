"""Ids and seeds that derive from their cause, so a crash, a retry or a second delivery yields the same one.

Internal ids are readable paths (parent, child, route). What a venue sees, and the seed of every jitter, is a
keyed hash under the firm's secret: nobody outside can link two children or predict a time.
"""

from __future__ import annotations

import hashlib

SEED_BYTES = 8
VENUE_ID_LENGTH = 20


def parent_id(account: str, cl_ord_id: str) -> str:
    """Id of a parent order: the same account and client id always give the same parent."""
    cause = f"{len(account)}:{account}:{cl_ord_id}".encode()
    return "P-" + hashlib.blake2b(cause, digest_size=8).hexdigest().upper()


def basket_key(account: str, basket_id: str) -> str:
    """Id of a list of orders: the same account and basket id always give the same list."""
    return "B" + parent_id(account, basket_id)[1:]


def child_id(parent: str, number: int) -> str:
    """Id of the n-th child of a parent."""
    return f"{parent}.{number}"


def route_id(child: str, number: int) -> str:
    """Id of the n-th route of a child."""
    return f"{child}/{number}"


def venue_cl_ord_id(secret: bytes, route: str) -> str:
    """ClOrdID(11) as the venue sees it: 20 characters that reveal neither parent nor sequence."""
    return hashlib.blake2b(route.encode(), key=secret, digest_size=VENUE_ID_LENGTH // 2).hexdigest().upper()


def jitter_seed(secret: bytes, parent: str) -> int:
    """Seed of a parent's jitter, 64 bits, recorded with the order."""
    return int.from_bytes(hashlib.blake2b(parent.encode(), key=secret, digest_size=SEED_BYTES).digest(), "big")


def jitter(seed: int, label: str, number: int) -> float:
    """A reproducible draw in [0, 1) for the n-th use of a label."""
    cause = f"{seed}:{label}:{number}".encode()
    return int.from_bytes(hashlib.blake2b(cause, digest_size=6).digest(), "big") / float(1 << 48)
