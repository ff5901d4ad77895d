"""How the end of a job is known, wherever it runs."""

from __future__ import annotations

import os
import signal

import pytest

from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from tests.probed import (
    SECONDS,
    STARTS,
    WAITS,
    StartProgram,
    dead,
    events,
    hello,
    wait_until_heard,
)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_a_killed_job_has_ended_although_nobody_has_reaped_it(
    controller: JobController, start_program: StartProgram, end: signal.Signals
) -> None:
    process = start_program(WAITS)
    job = controller.next_job().wait_for_gate("gate")
    os.kill(process.pid, end)
    job.wait_for_end()
    assert process.returncode is None


@pytest.mark.parametrize("leave", ["os._exit(3)", "sys.exit()", "pass"])
def test_a_job_whose_process_leaves_has_ended(
    controller: JobController, start_program: StartProgram, leave: str
) -> None:
    start_program(f"{WAITS} {leave}")
    controller.next_job().release("gate").wait_for_end()


def test_a_grandchild_that_holds_the_connection_open_does_not_keep_a_job_alive(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(
        """
        import os, probe, sys
        probe.started("job")
        probe.gate("gate")
        os.set_inheritable(probe._local.stream.fileno(), True)
        if os.fork() == 0:
            sys.stdin.readline()
        os._exit(0)
        """
    )
    controller.next_job().release("gate").wait_for_end()


def test_a_closed_connection_is_no_end_of_a_process(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f"{STARTS} probe._local.stream.close(); sys.stdin.readline()")
    job = controller.next_job()
    wait_until_heard(controller, start_program)
    assert not job.ended


def test_a_job_in_a_thread_ends_with_its_thread(
    controller: JobController, start_program: StartProgram
) -> None:
    process = start_program(
        """
        import probe, sys, threading
        def job():
            probe.started("job")
            probe.gate("gate")
        threading.Thread(target=job).start()
        sys.stdin.readline()
        """
    )
    job = controller.next_job().wait_for_gate("gate")
    assert not job.process
    job.release("gate").wait_for_end()
    assert process.poll() is None
    process.kill()
    wait_until_heard(controller, start_program)
    assert events(controller.timeline, "job-1") == ["starts", "reaches", "ends"]


def test_two_jobs_in_threads_of_one_process_are_two(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(
        """
        import probe, sys, threading
        def job(n):
            probe.started("job", n=n)
            probe.gate("gate")
        for n in (1, 2):
            threading.Thread(target=job, args=(n,)).start()
        """
    )
    jobs = [controller.next_job().wait_for_gate("gate") for _ in range(2)]
    assert len({job.thread for job in jobs}) == 2
    first = next(job for job in jobs if job.arguments == {"n": 1})
    second = next(job for job in jobs if job.arguments == {"n": 2})
    first.release("gate").wait_for_end()
    assert not second.ended
    second.release("gate").wait_for_end()


def test_a_forked_job_reports_for_itself_alone(
    controller: JobController, timeline: Timeline, start_program: StartProgram
) -> None:
    server = start_program(
        """
        import os, probe, sys
        probe.emit("serves")
        if os.fork() == 0:
            probe.started("job")
            probe.gate("gate")
            os._exit(0)
        os.wait()
        probe.emit("serves")
        """
    )
    job = controller.next_job().release("gate").wait_for_end()
    server.wait(SECONDS)
    wait_until_heard(controller, start_program)
    assert job.pid != server.pid
    assert events(timeline, f"server-{server.pid}") == ["serves", "serves"]


def test_a_threads_next_job_ends_the_one_before(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(
        """
        import probe, threading
        def pool():
            for n in (1, 2):
                probe.started("job", n=n)
                probe.gate("gate")
        threading.Thread(target=pool).start()
        """
    )
    first = controller.next_job().release("gate").wait_for_end()
    second = controller.next_job().wait_for_gate("gate")
    assert (first.arguments, second.arguments) == ({"n": 1}, {"n": 2})
    assert not second.ended
    second.release("gate").wait_for_end()


def test_the_last_reports_of_a_job_are_heard_before_its_end(
    controller: JobController, timeline: Timeline, start_program: StartProgram
) -> None:
    words = 'text = "x" * 10_000; [probe.emit("word", text=text) for _ in range(100)]'
    for number in range(1, 6):  # more than is heard at once, so that some is unheard when it dies
        start_program(f"{STARTS} {words}; os._exit(0)")
        controller.next_job().wait_for_end()
        assert events(timeline, f"job-{number}") == ["starts", *["word"] * 100, "ends"]


def test_a_job_that_was_dead_before_it_was_heard_starts_and_ends(
    controller: JobController, timeline: Timeline
) -> None:
    with hello(controller, dead()):
        controller.next_job().wait_for_end()
    assert events(timeline, "job-1") == ["starts", "ends"]
