"""Runs of reproducers: each as one file, in the environment of a release.

Where the ledger says that a deviation occurs, its reproducer must exit with 1; on other versions with 0. Any other
status, and a reproducer that could not be run, decides nothing: that is neither a proof nor its contrary. Python exits
with 1 for an error that nobody catches, so that a 1 counts only beside a line that says what was seen.
"""

from __future__ import annotations

import contextlib
import enum
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from callback_conformance.adapters import UnknownImplementation, find
from callback_conformance.install import installed_version
from callback_conformance.ledger.entries import Deviation
from callback_conformance.ledger.export import export
from callback_conformance.processes import EnvironmentNotMade

TIMEOUT_SECONDS = 60  # a reproducer ends within about ten; after six times that it hangs

STATUS_PRESENT, STATUS_GONE, STATUS_UNDECIDED = 1, 0, 2

# A shell stands between the ledger and a reproducer. It reads from a pipe that only the ledger could write to: the system
# closes it when the ledger ends, be it by SIGKILL. Then, and once the reproducer has ended by itself, the shell kills what
# is left of the reproducer's session; Chromium, which has a session of its own, ends with the pipe to its driver.
WATCHDOG = """\
exec 3<&0
setsid "$@" </dev/null 3<&- &
program=$!
{ read -r word <&3; kill -KILL -$program || kill -KILL $program; } 2>/dev/null &
watcher=$!
wait $program
status=$?
kill -KILL -$program 2>/dev/null
kill $watcher
exit $status
"""

#: Exit statuses of a run of the ledger.
AS_RECORDED, LEDGER_WRONG, NOT_DECIDED = 0, 1, 3


class BadRelease(ValueError):
    """What should name a release and its version does not; the message says what was expected."""


class Outcome(enum.Enum):
    """What the exit status of a reproducer says about the ledger; the value is the word for it."""

    PRESENT = "present"
    ABSENT = "absent"
    GONE = "GONE"
    UNLISTED = "UNLISTED"
    NOT_DECIDED = "NOT DECIDED"

    @property
    def agrees(self) -> bool:
        """True where the ledger says the same."""
        return self in (Outcome.PRESENT, Outcome.ABSENT)


@dataclass(frozen=True)
class ReproducerRun:
    """A reproducer and the version that it runs on."""

    deviation: Deviation
    #: The version of the release. It is "" where no implementation has the release's name.
    version: str
    #: True if that version is installed beside the suite; otherwise an environment is made for it.
    beside: bool

    @property
    def is_listed(self) -> bool:
        """True where the ledger says that the deviation occurs."""
        return self._fits(self.deviation.versions)

    @property
    def is_possible(self) -> bool:
        """True where the release has the interface that the reproducer uses."""
        return self._fits(self.deviation.runs_on)

    def _fits(self, versions: str) -> bool:
        return not self.version or SpecifierSet(versions, prereleases=True).contains(self.version)

    def outcome(self, status: int) -> Outcome:
        """What an exit status says."""
        if status not in (STATUS_PRESENT, STATUS_GONE):
            return Outcome.NOT_DECIDED
        if self.is_listed:
            return Outcome.PRESENT if status == STATUS_PRESENT else Outcome.GONE
        return Outcome.UNLISTED if status == STATUS_PRESENT else Outcome.ABSENT


def installed(release: str) -> str:
    """The version of a release that is installed beside the suite, or ""."""
    try:
        return installed_version(find(release).distributions[0])
    except UnknownImplementation:
        return ""


def beside(deviation: Deviation) -> list[ReproducerRun]:
    """The run on the installed version, if its program can run there: the newest, where the deviation may be absent."""
    run = ReproducerRun(deviation, installed(deviation.release), beside=True)
    return [run] if run.is_possible and (run.version or not deviation.verified) else []


def older(deviation: Deviation) -> list[ReproducerRun]:
    """The runs on the first and the last version on which the deviation was verified, but for the installed one."""
    versions = sorted(deviation.verified, key=Version)
    ends = dict.fromkeys((*versions[:1], *versions[-1:]))
    present = installed(deviation.release)
    return [
        ReproducerRun(deviation, version, beside=False) for version in ends if version != present
    ]


def on(deviation: Deviation, releases: Sequence[str]) -> list[ReproducerRun]:
    """The runs on those of the ``releases``, such as ``dash@2.9.3``, that the deviation is about. Raises BadRelease."""
    return [
        ReproducerRun(deviation, version, beside=False)
        for name, version in map(parsed_release, releases)
        if name == deviation.release
    ]


def parsed_release(release: str) -> tuple[str, str]:
    """The name and the version in ``dash@2.9.3``. Raises BadRelease."""
    name, _, version = release.partition("@")
    try:
        Version(version)
        if find(name).requirements is None:
            raise BadRelease(f"{name} has no versions to choose from")
    except InvalidVersion:
        raise BadRelease(
            f"{release!r} does not name a version; expected RELEASE@VERSION, such as dash@2.9.3"
        ) from None
    except UnknownImplementation as error:
        raise BadRelease(str(error)) from error
    return name, version


def runs_for(
    deviations: Sequence[Deviation], on_older: bool = False, releases: Sequence[str] = ()
) -> list[ReproducerRun]:
    """The runs of some entries: on the ``releases`` that are named, or ``on_older`` versions, or beside the suite."""
    return [
        run
        for deviation in deviations
        for run in (
            on(deviation, releases)
            if releases
            else older(deviation)
            if on_older
            else beside(deviation)
        )
    ]


def interpreter(run: ReproducerRun) -> str:
    """The Python that has the version. Raises EnvironmentNotMade."""
    if run.beside:
        return sys.executable
    release, more = find(run.deviation.release), run.deviation.requirements
    return release.environment(run.version, more).python


class RunningPrograms:
    """Programs that end with what runs them, however that ends."""

    def __init__(self) -> None:
        #: The ends of the pipes whose closing ends the programs.
        self._pipes: set[int] = set()
        self._stopped = False

    def run(self, command: Sequence[str], folder: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; its temporary files go to ``folder``. Raises TimeoutExpired."""
        read_end, write_end = os.pipe()
        self._pipes.add(write_end)
        if self._stopped:
            self._end(write_end)
        watched = ["/bin/sh", "-c", WATCHDOG, "watchdog", *command]
        try:
            with subprocess.Popen(
                watched,
                env={**os.environ, "TMPDIR": folder},
                stdin=read_end,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C reaches the ledger alone
            ) as process:
                os.close(read_end)
                try:
                    stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
                finally:
                    self._end(write_end)
                return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)
        finally:
            self._end(write_end)

    def stop(self) -> None:
        """End all that run, and all that start later."""
        self._stopped = True
        for pipe in tuple(self._pipes):
            self._end(pipe)

    def _end(self, pipe: int) -> None:
        with contextlib.suppress(KeyError):
            self._pipes.remove(pipe)
            os.close(pipe)


def run_reproducer(run: ReproducerRun, running: RunningPrograms) -> tuple[int, str]:
    """Run a reproducer, and return its exit status and what it printed."""
    if not run.is_possible:
        return STATUS_UNDECIDED, f"its program can run on {run.deviation.runs_on} only"
    with tempfile.TemporaryDirectory(prefix="ledger-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, f"{run.deviation.id}.py")
        file.write_text(export(run.deviation), encoding="utf-8")
        try:
            command = [interpreter(run), str(file)]
        except EnvironmentNotMade as error:
            return STATUS_UNDECIDED, str(error)
        try:
            completed = running.run(command, folder)
        except subprocess.TimeoutExpired:
            return STATUS_UNDECIDED, f"it did not end within {TIMEOUT_SECONDS} s"
    status, printed = completed.returncode, (completed.stdout + completed.stderr).strip()
    if status == STATUS_PRESENT and "seen:" not in completed.stdout:
        return STATUS_UNDECIDED, f"it exited with 1 before it saw anything\n{printed}"
    return status, printed


def run_all(runs: Sequence[ReproducerRun]) -> Iterator[tuple[ReproducerRun, Outcome, str]]:
    """Run reproducers, as many at once as the machine has processors; yield each with its outcome and its output."""
    running = RunningPrograms()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = [pool.submit(run_reproducer, run, running) for run in runs]
        try:
            for run, future in zip(runs, ended, strict=True):
                status, printed = future.result()
                yield run, run.outcome(status), printed
        except BaseException:  # also Ctrl-C, and whoever wants no more of them
            pool.shutdown(wait=False, cancel_futures=True)
            running.stop()
            raise


def outputs_of(entries: Sequence[Deviation]) -> dict[str, tuple[str, str]]:
    """What the reproducers print on the installed release, with the version, by id; those that show nothing are left out."""
    return {
        run.deviation.id: (printed, f"{run.deviation.release} {run.version}".strip())
        for run, outcome, printed in run_all(runs_for(entries))
        if outcome == Outcome.PRESENT
    }


def report(results: Iterator[tuple[ReproducerRun, Outcome, str]]) -> int:
    """Print a line for each run, and what it printed where the ledger says otherwise. Return the exit status."""
    counts = dict.fromkeys(Outcome, 0)
    for run, outcome, printed in results:
        counts[outcome] += 1
        version = "" if run.beside else f" ({run.deviation.release} {run.version})"
        print(f"{outcome.value:<11} {run.deviation.id}{version}: {run.deviation.title}", flush=True)
        if not outcome.agrees:
            print("  " + printed.replace("\n", "\n  "), flush=True)
    undecided = counts[Outcome.NOT_DECIDED]
    contrary = counts[Outcome.GONE] + counts[Outcome.UNLISTED]
    if contrary:
        print(f"runs that contradict the ledger: {contrary}; correct deviations/ and expected/")
    if undecided:
        print(f"runs that are not decided and prove nothing: {undecided}")
    return LEDGER_WRONG if contrary else NOT_DECIDED if undecided else AS_RECORDED
