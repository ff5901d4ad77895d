"""The test's end of its jobs' connections: what it hears, whom it holds, and that it leaves nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.control.controller import JobController, _Connection
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.processes.warm import INAPP
from tests.probed import SECONDS, STARTS, WAITS, StartProgram, dead, events

# Children.


def test_a_child_is_alive_until_it_is_dead(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(
        """
        import probe, subprocess, sys
        probe.started("job")
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.readline()"])
        probe.emit("child", pid=child.pid)
        probe.gate("gate")
        """
    )
    job = controller.next_job().wait_for_gate("gate")
    assert job.children_alive == 1
    os.kill(job.emitted("child")[0]["pid"], signal.SIGKILL)
    assert job.wait_for_child_end().children_alive == 0
    assert not job.ended


@pytest.mark.usefixtures("patience")
def test_a_child_that_outlives_its_job_is_a_violation(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f'{STARTS} probe.emit("child", pid=os.getppid()); probe.gate("gate")')
    assert controller.timeline.wait_for(lambda: controller.jobs and controller.jobs[0].gate, 10)
    with pytest.raises(Violation, match="did not take its child process with it within 0 s"):
        controller.next_job().wait_for_child_end()


def test_a_child_that_is_dead_already_is_not_alive(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f'{STARTS} probe.emit("child", pid={dead()}); probe.gate("gate")')
    assert controller.next_job().wait_for_gate("gate").wait_for_child_end().children_alive == 0


# Pools, whose processes go on to the next job.


def test_a_job_in_a_pool_ends_when_its_worker_leaves_it(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(
        f'{STARTS} probe.finished(); probe.emit("idle"); probe.started("next"); probe.gate("gate")'
    )
    first = controller.next_job().wait_for_end()
    assert controller.next_job().wait_for_gate("gate").name == "next"
    assert first.ended


def test_a_job_in_a_pool_ends_when_the_next_one_starts(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f'{STARTS} probe.started("next"); probe.gate("gate")')
    first = controller.next_job().wait_for_end()
    assert not controller.next_job().wait_for_gate("gate").ended
    assert first.ended


def test_the_death_of_a_pools_process_ends_no_job_twice(
    controller: JobController, timeline: Timeline, start_program: StartProgram
) -> None:
    start_program(f"{STARTS} probe.finished()")
    controller.next_job().wait_for_end()
    controller.catch_up()
    assert len([event for event in timeline if event.what == "ends"]) == 1


# Breakpoints.

SERVER = 'import probe; probe.hit("read"); probe.emit("goes on")'


def test_a_server_waits_at_a_breakpoint_until_released(
    controller: JobController, timeline: Timeline, start_program: StartProgram
) -> None:
    breakpoint_ = controller.hold("read")
    process = start_program(SERVER)
    breakpoint_.wait_for_hits()
    assert events(timeline, f"server-{process.pid}") == ["passes", "held"]
    breakpoint_.release()
    process.wait(SECONDS)
    assert timeline.wait_for(
        lambda: "goes on" in events(timeline, f"server-{process.pid}"), seconds=10
    )


def test_the_process_that_has_waited_longest_is_released_first(
    controller: JobController, start_program: StartProgram
) -> None:
    breakpoint_ = controller.hold("read")
    first = start_program(SERVER)
    breakpoint_.wait_for_hits()
    second = start_program(SERVER)
    breakpoint_.wait_for_hits(2).release_first()
    first.wait(SECONDS)
    assert second.poll() is None
    breakpoint_.release()
    second.wait(SECONDS)


def test_a_released_breakpoint_holds_nobody(
    controller: JobController, start_program: StartProgram
) -> None:
    controller.hold("read").release()
    start_program(SERVER).wait(SECONDS)


def test_a_breakpoint_holds_nobody_at_another_point(
    controller: JobController, start_program: StartProgram
) -> None:
    controller.hold("write")
    start_program(SERVER).wait(SECONDS)


def test_a_job_passes_a_breakpoint(
    controller: JobController, timeline: Timeline, start_program: StartProgram
) -> None:
    controller.hold("read")
    start_program(f'{STARTS} probe.hit("read"); probe.gate("gate")')
    controller.next_job().wait_for_gate("gate")
    assert events(timeline, "job-1") == ["starts", "passes", "reaches"]


def test_an_ordinary_callback_is_held_at_its_gate(
    controller: JobController, start_program: StartProgram
) -> None:
    breakpoint_ = controller.hold("gate")
    process = start_program('import probe; probe.gate("gate")')
    breakpoint_.wait_for_hits().release()
    process.wait(SECONDS)


def test_a_job_is_held_at_a_gate_of_that_name(
    controller: JobController, start_program: StartProgram
) -> None:
    breakpoint_ = controller.hold("gate")
    start_program(f'{WAITS} probe.gate("end")')
    job = controller.next_job()
    breakpoint_.wait_for_hits()
    assert not job.gate
    breakpoint_.release()
    job.wait_for_gate("end")


def test_an_ordinary_callback_passes_a_gate_that_nobody_holds(start_program: StartProgram) -> None:
    start_program('import probe; probe.gate("gate")').wait(SECONDS)


def test_a_breakpoint_with_too_few_hits_is_a_violation(
    controller: JobController, start_program: StartProgram, request: pytest.FixtureRequest
) -> None:
    breakpoint_ = controller.hold("read")
    start_program(SERVER)
    breakpoint_.wait_for_hits()
    request.getfixturevalue("patience")
    with pytest.raises(Violation, match=r"^1 of 2 passed 'read' in 0 s$"):
        breakpoint_.wait_for_hits(2)


# Stores.


def test_a_job_is_expected_to_write_into_its_own_store(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f'{STARTS} probe.hit("mine write"); probe.hit("theirs read"); probe.gate("gate")')
    job = controller.next_job().wait_for_gate("gate")
    assert job.expect_write("mine") is job.expect_no_write("theirs") is job
    with pytest.raises(Violation, match="did not write into the store of the manager 'theirs'"):
        job.expect_write("theirs")
    with pytest.raises(Violation, match="wrote into the store of the manager 'mine'"):
        job.expect_no_write("mine")


# Facts.


def test_an_event_of_a_server_has_its_thread_and_that_of_a_job_does_not(
    controller: JobController, timeline: Timeline, start_program: StartProgram
) -> None:
    server = start_program('import probe; probe.emit("acts", id="run")')
    server.wait(SECONDS)
    start_program(f'{STARTS} probe.emit("acts"); probe.gate("gate")')
    job = controller.next_job().wait_for_event("acts")
    facts = {e.source: e.facts for e in timeline if e.what == "acts"}
    assert facts[job.source] == {}
    assert facts[f"server-{server.pid}"]["id"] == "run"
    assert facts[f"server-{server.pid}"]["thread"] > 0


def test_an_event_carries_its_senders_time(
    controller: JobController, timeline: Timeline, start_program: StartProgram
) -> None:
    process = start_program(
        f'{STARTS} sys.stdin.readline(); probe.emit("moves"); probe.gate("gate")'
    )
    job = controller.next_job()
    before = timeline.add("test", "writes").at
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    job.wait_for_gate("gate")
    after = timeline.add("test", "sees").at
    [moved] = [event.at for event in timeline if event.what == "moves"]
    assert before < moved < after


def test_all_that_has_arrived_is_read_at_once_so_that_a_fence_misses_none() -> None:
    sender, receiver = socket.socketpair()
    with sender, receiver:
        sender.sendall(b'"%s"\n"end"\n' % (b"x" * 150_000))
        assert [len(message) for message in _Connection(receiver).read() or ()] == [150_000, 3]


def test_the_last_events_are_lines_that_fit(timeline: Timeline) -> None:
    for number in range(5):
        timeline.add("job-1", "says", number=number)
    timeline.add("page-1", "shows", value="x" * 500)
    lines = timeline.last(3).splitlines()
    assert len(lines) == 3
    assert lines[0].split(" ms  ")[1] == "job-1      says       number=3"
    assert lines[2].endswith("...")
    assert max(map(len, lines)) == 200


# Nothing is left.


def test_whoever_waits_goes_on_when_the_test_is_over(
    timeline: Timeline, start_program: StartProgram
) -> None:
    controller = JobController(timeline)
    process = start_program(WAITS, where=controller)
    controller.next_job().wait_for_gate("gate")
    controller.close()
    assert process.wait(SECONDS) == 0


@pytest.mark.usefixtures("descriptors")
def test_nothing_is_left_on_disk_or_open(timeline: Timeline) -> None:
    controller = JobController(timeline)
    folder = Path(controller.path).parent
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS],
        env={**os.environ, "PROBE_SOCKET": controller.path, "PYTHONPATH": str(INAPP)},
    )
    controller.hold("read")
    controller.next_job().wait_for_gate("gate")
    assert folder.exists()
    controller.close()
    process.wait(SECONDS)
    assert not folder.exists()


def test_the_path_of_the_socket_is_short_enough(controller: JobController) -> None:
    assert len(controller.path) < 108


def by_hand(program: str) -> Any:
    """What a program prints when no test is there."""
    own = {name: value for name, value in os.environ.items() if name != "PROBE_SOCKET"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**own, "PYTHONPATH": str(INAPP)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_by_hand_the_probe_prints_and_its_gates_open_by_themselves() -> None:
    printed = by_hand(f'{WAITS} probe.hit("read"); probe.emit("word", n=2); probe.detach("x")')
    assert printed == [
        "probe: started job {'n': 1} True",
        "probe: gate gate",
        "probe: hit read",
        "probe: emit word {'n': 2}",
        "probe: detach x",
    ]


def test_by_hand_a_gate_returns_its_name() -> None:
    assert by_hand('import probe; print(probe.gate("gate"))')[-1] == "gate"
