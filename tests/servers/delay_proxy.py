# SPDX-License-Identifier: GPL-3.0-or-later
"""A forwarding proxy that makes loopback as slow as a distant server.

Every byte is held back for half the round-trip time in each direction, and order is kept. The
client's connect is answered at once and the round trip of a connect follows, so a banner comes
after one and a half round trips where a real path needs two: compare only numbers that were taken
through the same proxy.

The proxy counts connections and round trips. A round trip is a change of turn: bytes for the
client that follow bytes of the client, or the first bytes of a connection.
"""

import asyncio
import contextlib
import threading


class _Link:
    """One client connection with its connection to the server."""

    def __init__(self, proxy):
        self.proxy = proxy
        self.client_spoke_last = True
        self.client_is_there = True

    def from_client(self, data):
        self.client_spoke_last = True
        self.client_is_there = bool(data)

    def to_client(self, data):
        if data and self.client_spoke_last and self.client_is_there:
            self.proxy.round_trips += 1
            self.client_spoke_last = False

    async def pump(self, reader, writer, on_arrival=None, on_delivery=None):
        """Carries bytes one way; the end of the stream takes as long as any byte."""
        loop = asyncio.get_running_loop()
        queue = asyncio.Queue()

        async def deliver():
            while True:
                due, data = await queue.get()
                await asyncio.sleep(max(0, due - loop.time()))
                if on_delivery:
                    on_delivery(data)
                if not data:
                    writer.write_eof()
                    return
                writer.write(data)
                await writer.drain()

        delivery = asyncio.create_task(deliver())
        data = True
        while data:
            try:
                data = await reader.read(65536)
            except ConnectionError:
                data = b""
            if on_arrival:
                on_arrival(data)
            queue.put_nowait((loop.time() + self.proxy.one_way, data))
        with contextlib.suppress(OSError):
            await delivery


class DelayProxy:
    """Forwards `port` of all `addresses` to 127.0.0.1:`target`; `round_trip` is in seconds.

    Use it as a context manager; it runs in a thread of its own.
    """

    def __init__(self, target, round_trip=0.050, addresses=("127.0.0.1",)):
        self.target = target
        self.addresses = addresses
        self.one_way = round_trip / 2
        self.port = None
        self.connections = 0
        self.round_trips = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    async def _forward(self, reader, writer):
        self.connections += 1
        link = _Link(self)
        await asyncio.sleep(2 * self.one_way)  # what a connect takes
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(
            link.pump(reader, server_writer, on_arrival=link.from_client),
            link.pump(server_reader, writer, on_delivery=link.to_client))
        writer.close()
        server_writer.close()

    async def _listen(self):
        port = 0  # any that is free, then the same for all
        for address in self.addresses:
            server = await asyncio.start_server(self._forward, address, port, backlog=256)
            port = server.sockets[0].getsockname()[1]
        return port

    def __enter__(self):
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)
        return self

    async def _cancel_all(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
