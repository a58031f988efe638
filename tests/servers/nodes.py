# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers behind a load balancer: steps of a scripted server that differ between connections.

    ScriptedServer(context, {"STARTTLS": [send("220 go"), alternating(FakeTls(), handshake())]})

What is counted are the arrivals at the step: with `-j 1`, and where every connection comes as far
as the step, these are the connections. A step here is one of a scripted server's, or a list.
"""

import threading


def numbered(choose):
    """The step `choose(n)` for the connection that is the n-th to come here, from 0 on."""
    lock = threading.Lock()
    arrivals = 0

    def step(conversation, *early):
        nonlocal arrivals
        with lock:
            number, arrivals = arrivals, arrivals + 1
        chosen = choose(number)
        if isinstance(chosen, (list, tuple)):
            conversation.run(chosen)
        else:
            chosen(conversation, *early)
    return step


def alternating(*nodes):
    """One node after the other, and round again."""
    return numbered(lambda number: nodes[number % len(nodes)])


def in_turn(*nodes):
    """One node after the other; the last one stays."""
    return numbered(lambda number: nodes[min(number, len(nodes) - 1)])


def from_nth(first, node, then):
    """`node` up to the connection before the `first`-th, counted from 1, and `then` from there."""
    return numbered(lambda number: node if number + 1 < first else then)
