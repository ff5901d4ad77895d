"""The port of a server, while a job runs that was forked from it."""

from collections.abc import Callable

from werkzeug.serving import make_server

from deviations.common.waiting import Gate, accepts_connections


def job_holds_port(start: Callable[[], object], gate: Gate) -> bool:
    """Tell whether a port accepts connections after its server has closed it, while the job that ``start`` starts waits
    in the gate."""
    server = make_server("127.0.0.1", 0, lambda environ, start_response: [])
    start()
    gate.reached()
    server.server_close()
    is_held = accepts_connections(server.server_port)
    gate.open()
    print("expected: a port whose server has closed its socket refuses connections")
    print(f"seen: it accepts connections while the job runs: {is_held}")
    return is_held
