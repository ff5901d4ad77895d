"""The warm process of one environment: imports a framework once, then forks each app from itself.

Runs inside an implementation's own environment: standard library only, Python 3.8. It has one thread
and creates no app, so that an app inherits modules and nothing else. It speaks JSON lines: requests on
standard input, one answer each on the descriptor that its argument names, so that nothing that is printed is
taken for an answer. When its input ends it kills every app and leaves.
"""

import contextlib
import ctypes
import gc
import importlib
import inspect
import json
import os
import runpy
import signal
import sys
import tempfile
import traceback
import types
from typing import Any, Dict, List, Optional, Set, Tuple

REPORT_MODULES = signal.SIGRTMIN + 5  # a signal that no framework uses
BEGUN = b"+"  # what a fork reports just before it runs its program; an error of exec may follow
BLOCK_BYTES = 65536  # a full disk may still have room for a few bytes
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h: orphans of an app become ours, so that we see them die


def serve(answer_descriptor: int) -> None:
    """Answer requests until standard input ends."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.set_inheritable(answer_descriptor, False)
    answers = os.fdopen(answer_descriptor, "w")
    apps: Set[int] = set()
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line), apps)), file=answers, flush=True)
    for pid in apps:
        _end(pid)
    _end_strays()


def _answer(request: Dict[str, Any], apps: Set[int]) -> Dict[str, Any]:
    verb = request["verb"]
    if verb == "import":
        return _import(request["names"])
    if verb == "write":
        return {"failure": _write_failure(request["folder"])}
    if verb == "end":
        apps.discard(request["pid"])
        status = _end(request["pid"])
        if not apps:
            _end_strays()
        return {"status": status}
    try:
        pid, failure = _fork(request)
    except OSError as error:
        return {"failure": str(error)}
    if failure:
        _end(pid)
        return {"failure": failure}
    apps.add(pid)
    return {"pid": pid}


def _write_failure(folder: str) -> str:
    """Why an app cannot write into its folder, under the limits that it has from here; "" if it can."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"." * BLOCK_BYTES)
            file.flush()
    except OSError as error:
        return str(error)
    return ""


def _fork(request: Dict[str, Any]) -> Tuple[int, str]:
    """Fork an app. Return its process id, and why its program did not begin; "" if it did.

    The app has a session of its own by then, so that it can be killed as one.
    """
    reader, writer = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise
    if pid == 0:
        os.setsid()
        os.close(reader)
        _become(request, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as report:
        words = report.read()
    if words == BEGUN:
        return pid, ""
    return pid, words[len(BEGUN) :].decode(errors="replace") or "it was killed"


def _end(app: int) -> Optional[int]:
    """Kill the whole session of an app, wait until no process of it is left, return its status."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(app, signal.SIGKILL)
    end: Optional[int] = None
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-app, 0)
            end = status if pid == app else end
    return end


def _end_strays() -> None:
    """Kill what left its app's session: orphans are ours, and without an app nothing else is."""
    children = f"/proc/self/task/{os.getpid()}/children"
    while True:
        with open(children) as listed:
            strays = [int(pid) for pid in listed.read().split()]
        if not strays:
            return
        for pid in strays:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _import(names: List[str]) -> Dict[str, int]:
    """Import what the app of the warm-up was seen to import; what cannot be imported is left to the app."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    inspect.getmodule(serve.__code__)  # fills its table of files once, here, for every app
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every shared page
    return {"threads": len(os.listdir("/proc/self/task"))}


def _become(request: Dict[str, Any], writer: int) -> None:
    """Turn this fork, which has a session of its own, into the app: it runs the program as ``__main__``."""
    code = 1
    try:
        _prepare(request, writer)
        os.write(writer, BEGUN)
    except BaseException as error:  # noqa: BLE001  whatever it is, the program has not begun
        os.write(writer, b" " + repr(error).encode(errors="replace"))
        os._exit(code)
    try:
        if request["executed"]:
            _execute(request["argv"], writer)
        os.close(writer)
        _run(request)
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # noqa: BLE001  whatever ends an app goes into its log
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _prepare(request: Dict[str, Any], writer: int) -> None:
    os.chdir(request["folder"])
    _redirect(request["log"], writer)
    os.environ.update(request["environment"])
    tempfile.tempdir = None  # it is chosen anew, by the app's environment
    sys.argv = list(request["argv"])
    sys.path[0] = request["folder"]
    signal.signal(REPORT_MODULES, _report_modules)


def _redirect(log: str, writer: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.closerange(3, writer)
    os.closerange(writer + 1, 256)


def _execute(argv: List[str], writer: int) -> None:
    beside = os.path.dirname(sys.executable)
    os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])
    try:
        os.execvp(argv[0], argv)  # noqa: S606  the words that a user types; it closes the writer
    except OSError as error:
        os.write(writer, f"{argv[0]}: {error}".encode(errors="replace"))
        os._exit(1)


def _run(request: Dict[str, Any]) -> None:
    if request["module"]:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
        return
    path = os.path.join(request["folder"], request["argv"][0])
    main = types.ModuleType("__main__")
    main.__file__ = path
    sys.modules["__main__"] = main
    with open(path, encoding="utf-8") as source:
        program = compile(source.read(), path, "exec")
    exec(program, main.__dict__)  # noqa: S102  it is the app


def _report_modules(*_: Any) -> None:
    """Write down what has been imported so far, by the app of the warm-up and by its job."""
    path = f"modules-{os.getpid()}"
    with open(path + ".part", "w") as names:
        json.dump([name for name in sys.modules if name not in ("__main__", "probe")], names)
    os.rename(path + ".part", path)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
