"""Dash: the result of a job is lost when its server is killed and started again while it runs."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import diskcache
import psutil
from dash import Dash, DiskcacheManager, Input, Output, html
from werkzeug.serving import make_server

from deviations.common.dash_page import request_body
from deviations.common.outcome import Undecided, conclude

URL_OPENER = build_opener(ProxyHandler({}))


def serve(folder: str) -> None:
    """Serve an app whose job writes its process id into one pipe and reads another. Print the port."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(f"{folder}/cache")))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        Path(f"{folder}/started").write_text(str(os.getpid()))
        Path(f"{folder}/gate").read_text()
        return "done"

    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    print(server.port, flush=True)
    server.serve_forever()


class Server:
    """A server process on the folder."""

    def __init__(self, folder: str) -> None:
        command = [sys.executable, str(Path(__file__).resolve()), folder]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def kill(self) -> None:
        """Kill it, and not its jobs."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def send(self, clicks: int | None, **handles: str) -> Any:
        """Send a trigger, or, with the handles of a job, a poll."""
        query = "&".join(f"{name}={handle}" for name, handle in handles.items())
        request = Request(
            f"{self.url}/_dash-update-component?{query}",
            json.dumps(request_body("out.children", "run.n_clicks", clicks)).encode(),
            {"Content-Type": "application/json"},
        )
        with URL_OPENER.open(request, timeout=10) as answer:
            return json.loads(answer.read()) if answer.status == 200 else None


def answers_around_restart(folder: str) -> tuple[Any, Any]:
    """Start a job, restart the server, and return the answers to a poll during the job and to one after it."""
    for pipe in ("started", "gate"):
        os.mkfifo(f"{folder}/{pipe}")
    first = Server(folder)
    start = first.send(1)
    handles = {"cacheKey": start["cacheKey"], "job": start["job"]}
    job = psutil.Process(int(Path(f"{folder}/started").read_text()))
    try:
        first.kill()
        second = Server(folder)
        during = second.send(None, **handles)
        Path(f"{folder}/gate").write_text("go on")
        if psutil.wait_procs([job], 10)[1]:
            raise Undecided("the job did not end")
        return during, second.send(None, **handles)
    finally:
        if job.is_running():
            job.kill()


def give_up(*_: Any) -> None:
    raise Undecided("a pipe was not opened for 30 s")


def deviates() -> bool:
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(30)
    try:
        with tempfile.TemporaryDirectory() as folder:
            during, after = answers_around_restart(folder)
    finally:
        for process in psutil.Process().children(recursive=True):
            process.kill()
    print("expected: the page polls on while the job runs, and then gets its result")
    print(f"seen: {during} while it runs, then {after}")
    return not after or "response" not in after


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(sys.argv[1])
    conclude(deviates)
