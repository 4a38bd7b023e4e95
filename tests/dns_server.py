"""A tiny DNS server on loopback whose answers a test decides, and a resolver that asks it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.resolver
import dns.rrset

from briefing.adapters.web.addresses import RefusedAddress

Zone = Callable[[str, int], Sequence[str]]
"""A name and how often it was looked up before -> its addresses, of both families; or the name
that it stands for, as ``["other.example."]``."""


@dataclass
class Names:
    """The server: answers every name by ``zone``, over UDP."""

    zone: Zone
    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)  # name and type

    def answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), question.rdtype.name
        before = self.asked.count((name, kind))
        self.asked.append((name, kind))
        reply = dns.message.make_response(query)
        found = self.zone(name, before)
        if not found:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        for one in found:
            if one.endswith("."):
                reply.answer.append(dns.rrset.from_text(question.name, 0, "IN", "CNAME", one))
                for further in self.zone(one.rstrip("."), before):
                    self._add(reply, dns.name.from_text(one), kind, further)
            else:
                self._add(reply, question.name, kind, one)
        return reply.to_wire()

    def _add(self, reply: dns.message.Message, name: dns.name.Name, kind: str, text: str) -> None:
        if kind == ("A" if ip_address(text).version == 4 else "AAAA"):
            reply.answer.append(dns.rrset.from_text(name, 0, "IN", kind, text))

    def serve(self, wire: socket.socket) -> None:
        while True:
            try:
                query, sender = wire.recvfrom(4096)
            except OSError:
                return
            if not query:
                return
            wire.sendto(self.answer(query), sender)

    def resolve(self, host: str, port: int) -> list[str]:
        """Both families, as ``getaddrinfo`` asks for them; each look-up really asks the server."""
        asking = dns.resolver.Resolver(configure=False)
        asking.nameservers, asking.port, asking.lifetime = ["127.0.0.1"], self.port, 2.0
        found: list[str] = []
        for kind in ("AAAA", "A"):
            try:
                found += [one.address for one in asking.resolve(host, kind)]
            except dns.resolver.NoAnswer:
                continue
            except dns.resolver.NXDOMAIN:
                raise socket.gaierror(socket.EAI_NONAME, "no such name") from None
            except dns.exception.DNSException as error:  # a label that is empty or too long
                raise RefusedAddress(str(error)) from None
        return found


@contextmanager
def naming(zone: Zone) -> Iterator[Names]:
    """A name server on a free port of loopback, until the block ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        made = Names(zone, wire.getsockname()[1])
        thread = threading.Thread(target=made.serve, args=(wire,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", ("127.0.0.1", made.port))
            thread.join(5)
