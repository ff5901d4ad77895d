"""Dash: the result of a job is lost when its server is killed and started again while it runs.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

try:
    import diskcache
    import psutil
    from dash import Dash, DiskcacheManager, Input, Output, html
    from werkzeug.serving import make_server
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

OPEN = build_opener(ProxyHandler({})).open
ME = str(Path(__file__).resolve())


def serve(folder: str) -> None:
    """Serve an app whose job waits for a byte in the pipe of the folder. Print the port."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(f"{folder}/cache")))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        Path(f"{folder}/told").write_text(str(os.getpid()))
        Path(f"{folder}/gate").read_text()
        return "done"

    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    print(server.port, flush=True)
    server.serve_forever()


class Server:
    """A server process on the folder."""

    def __init__(self, folder: str) -> None:
        command = [sys.executable, ME, folder]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def kill(self) -> None:
        """Kill it, and not its jobs."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def send(self, clicks: int | None, **handles: str) -> Any:
        """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
        body = {
            "output": "out.children",
            "outputs": {"id": "out", "property": "children"},
            "inputs": [{"id": "run", "property": "n_clicks", "value": clicks}],
            "changedPropIds": ["run.n_clicks"],
        }
        query = "&".join(f"{name}={value}" for name, value in handles.items())
        request = Request(
            f"{self.url}/_dash-update-component?{query}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with OPEN(request, timeout=10) as answer:
            text = answer.read()
            return json.loads(text) if answer.status == 200 else None


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        for pipe in ("told", "gate"):
            os.mkfifo(f"{folder}/{pipe}")
        first = Server(folder)
        answer = first.send(1)
        handles = {name: answer[name] for name in ("cacheKey", "job")}
        job = psutil.Process(int(Path(f"{folder}/told").read_text()))
        try:
            first.kill()
            second = Server(folder)
            running = second.send(None, **handles)
            Path(f"{folder}/gate").write_text("go on")
            if psutil.wait_procs([job], 10)[1]:
                raise RuntimeError("the job did not end")
            answer = second.send(None, **handles)
            second.kill()
        finally:
            if job.is_running():
                job.kill()
    print("expected: the page polls on while the job runs, and then gets its result")
    print(f"seen: {running} while it runs, then {answer}")
    return 0 if answer and "response" in answer else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(sys.argv[1])
    signal.alarm(30)  # a pipe that nobody opens would be waited for without end
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in psutil.Process().children(recursive=True):
            process.kill()
