"""Free ports on this machine's own address."""

import socket

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the port and it can be had."""
    if not 0 < port < 65536:
        return False
    with socket.socket() as probe:
        probe.settimeout(1)
        # macOS lets a second server bind where another listens on all addresses, so ask first.
        if probe.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    """Let the system choose."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def free_port(wanted: int) -> int:
    """Take the wanted port, or another one when it is busy; 0 means any."""
    return wanted if wanted and is_free(wanted) else any_free_port()
