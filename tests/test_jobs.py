"""Jobs under the test's control: their starts, their rest, and the gates that they pass."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest

from callback_conformance.control.controller import JobController
from callback_conformance.control.job import JobRun
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from tests.probed import SECONDS, STARTS, WAITS, StartProgram, events, hello

# Starts.


def test_a_job_reports_its_name_arguments_and_process(
    controller: JobController, start_program: StartProgram
) -> None:
    process = start_program(
        'import probe; probe.started("compute", n=1, who="Ada"); probe.gate("gate")'
    )
    job = controller.next_job()
    assert (job.name, job.arguments, job.source) == ("compute", {"n": 1, "who": "Ada"}, "job-1")
    assert (job.pid, job.process) == (process.pid, True)
    assert str(job) == f"job-1 (compute, process {process.pid})"


def test_an_argument_that_is_not_json_is_reported_as_its_repr(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program('import probe; probe.started("job", value={1, 2}); probe.gate("gate")')
    assert controller.next_job().arguments == {"value": "{1, 2}"}


def test_jobs_are_handed_out_once_in_the_order_of_their_starts(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program('import probe; probe.started("first"); probe.gate("gate")')
    first = controller.next_job()
    start_program('import probe; probe.started("second"); probe.gate("gate")')
    second = controller.next_job()
    assert (first.name, second.name) == ("first", "second")
    assert controller.jobs == (first, second)
    assert controller.unclaimed() == ()


def test_an_argument_may_have_any_name(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(
        """
        import probe
        probe.emit("moves", word=1, thread=2, at=3, source=4, what=5)
        probe.started("job", job=1, process=2, verb=3)
        probe.emit("moves", word=1, thread=2, at=3, source=4, what=5)
        probe.gate("gate")
        """
    )
    job = controller.next_job().wait_for_gate("gate")
    assert job.arguments == {"job": 1, "process": 2, "verb": 3}
    assert job.emitted("moves") == [{"word": 1, "thread": 2, "at": 3, "source": 4, "what": 5}]


def test_a_job_that_the_test_has_not_taken_is_unclaimed(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(WAITS)
    controller.timeline.wait_for(lambda: controller.jobs, 10)
    assert controller.unclaimed() == controller.jobs
    assert controller.unclaimed() == (controller.next_job(),)


def test_a_job_of_another_test_is_not_heard(
    controller: JobController, start_program: StartProgram
) -> None:
    other = JobController(Timeline())
    try:
        start_program(WAITS, where=other)
        start_program(WAITS)
        assert controller.next_job().pid != other.next_job().pid
        assert (len(controller.jobs), len(other.jobs)) == (1, 1)
    finally:
        other.close()


@pytest.mark.usefixtures("patience")
def test_a_job_that_never_connects_is_a_violation(controller: JobController) -> None:
    with pytest.raises(Violation, match=r"^no job started within 0 s$"):
        controller.next_job()


def test_a_job_that_is_ignored_is_not_the_next_even_if_it_is_heard_late(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(WAITS)
    controller.timeline.wait_for(lambda: controller.jobs, SECONDS)
    controller.ignore_started_so_far()
    with hello(controller, os.getpid()):  # it reports that it started at 0
        controller.timeline.wait_for(lambda: len(controller.jobs) == 2, SECONDS)
    assert controller.unclaimed() == ()
    start_program(WAITS)
    assert controller.next_job().source == "job-3"


# Rest.


def test_a_job_rests_at_a_gate_and_moves_when_it_is_released(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f"{WAITS} sys.stdin.readline()")
    job = controller.next_job().wait_for_gate("gate")
    assert job.at_rest
    job.release("gate")
    assert not job.at_rest


def test_a_job_that_has_ended_rests(controller: JobController, start_program: StartProgram) -> None:
    start_program(WAITS)
    assert controller.next_job().release("gate").wait_for_end().at_rest


def test_a_job_that_goes_on_for_ever_is_detached_and_rests(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f'{STARTS} probe.detach("spins"); sys.stdin.readline()')
    assert controller.next_job().wait_for_event("spins").at_rest


def test_still_waits_until_no_job_moves(
    controller: JobController, start_program: StartProgram
) -> None:
    process = start_program(f'{STARTS} sys.stdin.readline(); probe.gate("gate")')
    job = controller.next_job()
    at_entry = []

    def poll() -> None:
        with controller.still():
            at_entry.append(job.gate)

    polls = threading.Thread(target=poll)
    polls.start()
    assert process.stdin
    process.stdin.write("go on\n")
    process.stdin.flush()
    polls.join(SECONDS)
    assert at_entry == ["gate"]


def test_a_job_that_starts_during_a_poll_waits_until_the_poll_is_over(
    controller: JobController, start_program: StartProgram
) -> None:
    with controller.still():
        start_program(f'{STARTS} probe.emit("moves"); probe.gate("gate")')
        job = controller.next_job()
        assert not job.admitted
        assert job.at_rest
    assert job.wait_for_event("moves").admitted


def test_two_polls_at_once_keep_a_job_waiting_until_both_are_over(
    controller: JobController, start_program: StartProgram
) -> None:
    with controller.still():
        with controller.still():
            start_program(WAITS)
            job = controller.next_job()
        assert not job.admitted
    job.wait_for_gate("gate")


def test_where_many_at_once_are_the_subject_a_poll_waits_for_no_job(
    controller: JobController, start_program: StartProgram
) -> None:
    controller.let_jobs_move()
    start_program(f"{STARTS} sys.stdin.readline()")
    job = controller.next_job()
    with controller.still():
        assert not job.ended
        assert not job.gate


@pytest.mark.usefixtures("patience")
def test_a_poll_waits_in_vain_for_a_job_that_never_rests(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f"{STARTS} sys.stdin.readline()")
    controller.timeline.wait_for(lambda: controller.jobs, 10)
    with pytest.raises(RuntimeError) as raised, controller.still():
        raise AssertionError("the poll passed")
    assert str(raised.value) == f"{controller.jobs[0]} still moves after 0 s: it has no gate"


# Gates and words.


def test_a_word_is_handed_over_at_a_gate(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f'{STARTS} probe.emit("hears", word=probe.gate("gate")); probe.gate("end")')
    job = controller.next_job().release("gate", "done").wait_for_event("hears")
    assert job.emitted("hears") == [{"word": "done"}]


def test_without_a_word_a_job_is_handed_the_gates_name(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(f'{STARTS} probe.emit("hears", word=probe.gate("gate")); probe.gate("end")')
    assert controller.next_job().release("gate").wait_for_event("hears").emitted("hears") == [
        {"word": "gate"}
    ]


def test_gates_are_passed_in_their_order(
    controller: JobController, timeline: Timeline, start_program: StartProgram
) -> None:
    start_program(f'{WAITS} probe.gate("second")')
    controller.next_job().release("gate").release("second").wait_for_end()
    assert events(timeline, "job-1") == ["starts", "reaches", "reaches", "ends"]


def waiting(controller: JobController, start_program: StartProgram) -> JobRun:
    """A job that waits at the gate."""
    start_program(WAITS)
    assert controller.timeline.wait_for(lambda: controller.jobs and controller.jobs[0].gate, 10)
    return controller.next_job()


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize(
    ("wait", "message"),
    [
        (lambda job: job.wait_for_gate("other"), "did not reach the gate 'other' within 0 s"),
        (lambda job: job.wait_for_end(), "did not end within 0 s"),
        (lambda job: job.wait_for_event("word"), "did not emit 'word' within 0 s"),
    ],
    ids=["a gate", "the end", "an event"],
)
def test_what_a_job_does_not_do_is_a_violation(
    controller: JobController,
    start_program: StartProgram,
    wait: Callable[[JobRun], object],
    message: str,
) -> None:
    job = waiting(controller, start_program)
    with pytest.raises(Violation) as raised:
        wait(job)
    assert str(raised.value) == f"{job} {message}"


def test_a_gate_that_a_job_ended_before_is_a_violation(
    controller: JobController, start_program: StartProgram
) -> None:
    start_program(STARTS)
    job = controller.next_job()
    with pytest.raises(Violation) as raised:
        job.release("gate")
    assert str(raised.value) == f"{job} ended before it reached the gate 'gate'"


def test_a_job_is_released_if_it_lives(
    controller: JobController, start_program: StartProgram
) -> None:
    process = start_program(WAITS)
    job = controller.next_job().wait_for_gate("gate")
    process.kill()
    assert job.wait_for_end().release_if_alive("gate") is job
    start_program(WAITS)
    assert controller.next_job().release_if_alive("gate").wait_for_end().ended
    start_program(STARTS)
    assert controller.next_job().release_if_alive("gate").ended
