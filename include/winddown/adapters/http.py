"""Peers we speak HTTP with: reads are repeated a few times, writes never."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from include.winddown.adapters.exchange import Limits, tls
from include.winddown.adapters.lines import Line, PeerDown
from include.winddown.adapters.turns import Pace, Unpaced
from include.winddown.adapters.writing import Written
from include.winddown.domain.errors import BadConnection, WinddownError

__all__ = ["DEFAULT_LIMITS", "UNPACED", "Line", "Peer", "PeerDown", "Written"]

DEFAULT_LIMITS = Limits()
UNPACED = Unpaced()


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """
    Someone we speak HTTP with.

    Attributes:
        who: for messages, as in "the return desk".
        address: scheme, host and port.
        headers: who we are; never shown.
        refusal: the error of a read that is refused.
        fix: what a person does about a refused key, as an imperative clause.
        limits: how long and how much.
        pace: who may send when.
    """

    who: str
    address: str
    headers: Mapping[str, str] = field(repr=False)
    refusal: type[WinddownError]
    fix: str
    limits: Limits = DEFAULT_LIMITS
    pace: Pace = UNPACED

    def __post_init__(self) -> None:
        """Refuse an address that is none, and keys that no header can carry; no key is shown."""
        _check_address(self.who, self.address)
        for name, value in self.headers.items():
            if not value or value != value.strip() or not value.isascii() or not value.isprintable():
                msg = (
                    f"{name} for {self.who} at {self.address} is empty or holds signs no key has; {self.fix}"
                )
                raise BadConnection(msg)

    @contextmanager
    def line(self) -> Iterator[Line]:
        """Open a line for several requests in a row."""
        with self._client() as client:
            yield Line(self, client)

    def write(self, path: str, body: object) -> Written:
        """Post once, in turn; whatever happens comes back as a value."""
        with self.line() as line:
            return line.write(path, body)

    def _client(self) -> httpx.Client:
        limits = self.limits
        return httpx.Client(
            base_url=self.address,
            headers={**self.headers, "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
            follow_redirects=False,
            trust_env=False,
            verify=tls(),
        )


def _check_address(who: str, address: str) -> None:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        msg = f"the address of {who} is not one ({error}); give host, port and scheme in its connection"
        raise BadConnection(msg) from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.path != "/" or url.query:
        msg = f"the address of {who} must be https://host:port and nothing else; correct its connection"
        raise BadConnection(msg)
