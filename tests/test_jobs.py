"""Jobs under the test's control: when they rest, what they are told, and how their end is known."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest

from callback_conformance.control.controller import Backstage, Job, Violation
from callback_conformance.control.timeline import Timeline
from tests.stages import ENTERS, SECONDS, WAITS, Play, dead, events, hello


def hear_all(backstage: Backstage, play: Play) -> None:
    """Return when all that was said until now has been heard: when the second of two jobs that start one
    after the other is heard, all that was said before the first has been."""
    for _ in range(2):
        play(WAITS)
        backstage.next_job().reaches("gate")


# Starts.


def test_a_job_says_who_it_is(backstage: Backstage, play: Play) -> None:
    process = play('import stage; stage.enter("compute", n=1, who="Ada"); stage.reach("gate")')
    job = backstage.next_job()
    assert (job.name, job.arguments, job.source) == ("compute", {"n": 1, "who": "Ada"}, "job-1")
    assert (job.pid, job.process) == (process.pid, True)
    assert str(job) == f"job-1 (compute, process {process.pid})"


def test_an_argument_that_is_no_json_is_told_as_python_shows_it(
    backstage: Backstage, play: Play
) -> None:
    play('import stage; stage.enter("job", value={1, 2}); stage.reach("gate")')
    assert backstage.next_job().arguments == {"value": "{1, 2}"}


def test_jobs_are_handed_out_once_in_the_order_of_their_starts(
    backstage: Backstage, play: Play
) -> None:
    play('import stage; stage.enter("first"); stage.reach("gate")')
    first = backstage.next_job()
    play('import stage; stage.enter("second"); stage.reach("gate")')
    second = backstage.next_job()
    assert (first.name, second.name) == ("first", "second")
    assert backstage.jobs == (first, second)
    assert backstage.unclaimed() == ()


def test_an_argument_may_have_any_name(backstage: Backstage, play: Play) -> None:
    play(
        """
        import stage
        stage.say("moves", word=1, thread=2, at=3, source=4, what=5)
        stage.enter("job", job=1, process=2, verb=3)
        stage.say("moves", word=1, thread=2, at=3, source=4, what=5)
        stage.reach("gate")
        """
    )
    job = backstage.next_job().reaches("gate")
    assert job.arguments == {"job": 1, "process": 2, "verb": 3}
    assert job.said("moves") == [{"word": 1, "thread": 2, "at": 3, "source": 4, "what": 5}]


def test_a_job_that_nobody_asked_for_is_unclaimed(backstage: Backstage, play: Play) -> None:
    play(WAITS)
    backstage.timeline.wait_for(lambda: backstage.jobs, 10)
    assert backstage.unclaimed() == backstage.jobs
    assert backstage.unclaimed() == (backstage.next_job(),)


def test_a_job_of_another_test_is_not_heard(backstage: Backstage, play: Play) -> None:
    other = Backstage(Timeline())
    try:
        play(WAITS, where=other)
        play(WAITS)
        assert backstage.next_job().pid != other.next_job().pid
        assert (len(backstage.jobs), len(other.jobs)) == (1, 1)
    finally:
        other.close()


@pytest.mark.usefixtures("patience")
def test_a_job_that_never_connects_is_a_violation(backstage: Backstage) -> None:
    with pytest.raises(Violation, match=r"^no job started within 0 s$"):
        backstage.next_job()


# Rest.


def test_a_job_rests_at_a_gate_and_moves_when_it_is_released(
    backstage: Backstage, play: Play
) -> None:
    play(f"{WAITS} sys.stdin.readline()")
    job = backstage.next_job().reaches("gate")
    assert job.at_rest
    job.release("gate")
    assert not job.at_rest


def test_a_job_that_has_ended_rests(backstage: Backstage, play: Play) -> None:
    play(WAITS)
    assert backstage.next_job().release("gate").ends().at_rest


def test_a_job_that_goes_on_for_ever_is_adrift_and_rests(backstage: Backstage, play: Play) -> None:
    play(f'{ENTERS} stage.adrift("spins"); sys.stdin.readline()')
    assert backstage.next_job().says("spins").at_rest


def test_still_waits_until_no_job_moves(backstage: Backstage, play: Play) -> None:
    process = play(f'{ENTERS} sys.stdin.readline(); stage.reach("gate")')
    job = backstage.next_job()
    at_entry = []

    def poll() -> None:
        with backstage.still():
            at_entry.append(job.gate)

    polls = threading.Thread(target=poll)
    polls.start()
    assert process.stdin
    process.stdin.write("go on\n")
    process.stdin.flush()
    polls.join(SECONDS)
    assert at_entry == ["gate"]


def test_a_job_that_starts_during_a_poll_waits_until_the_poll_is_over(
    backstage: Backstage, play: Play
) -> None:
    with backstage.still():
        play(f'{ENTERS} stage.say("moves"); stage.reach("gate")')
        job = backstage.next_job()
        assert not job.told
        assert job.at_rest
    assert job.says("moves").told


def test_two_polls_at_once_keep_a_job_waiting_until_both_are_over(
    backstage: Backstage, play: Play
) -> None:
    with backstage.still():
        with backstage.still():
            play(WAITS)
            job = backstage.next_job()
        assert not job.told
    job.reaches("gate")


@pytest.mark.usefixtures("patience")
def test_a_poll_waits_in_vain_for_a_job_that_never_rests(backstage: Backstage, play: Play) -> None:
    play(f"{ENTERS} sys.stdin.readline()")
    backstage.timeline.wait_for(lambda: backstage.jobs, 10)
    with pytest.raises(RuntimeError) as raised, backstage.still():
        raise AssertionError("the poll passed")
    assert str(raised.value) == f"{backstage.jobs[0]} still moves after 0 s: it has no gate"


# Gates and words.


def test_a_word_is_handed_over_at_a_gate(backstage: Backstage, play: Play) -> None:
    play(f'{ENTERS} stage.say("hears", word=stage.reach("gate")); stage.reach("end")')
    job = backstage.next_job().release("gate", "done").says("hears")
    assert job.said("hears") == [{"word": "done"}]


def test_without_a_word_a_job_is_handed_the_gates_name(backstage: Backstage, play: Play) -> None:
    play(f'{ENTERS} stage.say("hears", word=stage.reach("gate")); stage.reach("end")')
    assert backstage.next_job().release("gate").says("hears").said("hears") == [{"word": "gate"}]


def test_gates_are_passed_in_their_order(
    backstage: Backstage, timeline: Timeline, play: Play
) -> None:
    play(f'{WAITS} stage.reach("second")')
    backstage.next_job().release("gate").release("second").ends()
    assert events(timeline, "job-1") == ["starts", "reaches", "reaches", "ends"]


def waiting(backstage: Backstage, play: Play) -> Job:
    """A job that stands at the gate."""
    play(WAITS)
    assert backstage.timeline.wait_for(lambda: backstage.jobs and backstage.jobs[0].gate, 10)
    return backstage.next_job()


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize(
    ("wait", "message"),
    [
        (lambda job: job.reaches("other"), "did not reach the gate 'other' within 0 s"),
        (lambda job: job.ends(), "did not end within 0 s"),
        (lambda job: job.says("word"), "did not say 'word' within 0 s"),
    ],
    ids=["a gate", "the end", "a word"],
)
def test_what_a_job_does_not_do_is_a_violation(
    backstage: Backstage, play: Play, wait: Callable[[Job], object], message: str
) -> None:
    job = waiting(backstage, play)
    with pytest.raises(Violation) as raised:
        wait(job)
    assert str(raised.value) == f"{job} {message}"


def test_a_gate_that_a_job_ended_before_is_a_violation(backstage: Backstage, play: Play) -> None:
    play(ENTERS)
    job = backstage.next_job()
    with pytest.raises(Violation) as raised:
        job.release("gate")
    assert str(raised.value) == f"{job} ended before it reached the gate 'gate'"


def test_a_job_is_released_if_it_lives(backstage: Backstage, play: Play) -> None:
    process = play(WAITS)
    job = backstage.next_job().reaches("gate")
    process.kill()
    assert job.ends().release_if_alive("gate") is job
    play(WAITS)
    assert backstage.next_job().release_if_alive("gate").ends().ended
    play(ENTERS)
    assert backstage.next_job().release_if_alive("gate").ended


# Ends.


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=lambda one: one.name)
def test_a_killed_job_has_ended_although_nobody_has_reaped_it(
    backstage: Backstage, play: Play, end: signal.Signals
) -> None:
    process = play(WAITS)
    job = backstage.next_job().reaches("gate")
    os.kill(process.pid, end)
    job.ends()
    assert process.returncode is None


@pytest.mark.parametrize("leave", ["os._exit(3)", "sys.exit()", "pass"])
def test_a_job_whose_process_leaves_has_ended(backstage: Backstage, play: Play, leave: str) -> None:
    play(f"{WAITS} {leave}")
    backstage.next_job().release("gate").ends()


def test_a_grandchild_that_holds_the_connection_open_does_not_keep_a_job_alive(
    backstage: Backstage, play: Play
) -> None:
    play(
        """
        import os, stage, sys
        stage.enter("job")
        stage.reach("gate")
        os.set_inheritable(stage._local.stream.fileno(), True)
        if os.fork() == 0:
            sys.stdin.readline()
        os._exit(0)
        """
    )
    backstage.next_job().release("gate").ends()


def test_a_closed_connection_is_no_end_of_a_process(backstage: Backstage, play: Play) -> None:
    play(f"{ENTERS} stage._local.stream.close(); sys.stdin.readline()")
    job = backstage.next_job()
    hear_all(backstage, play)
    assert not job.ended


def test_a_job_in_a_thread_ends_with_its_thread(backstage: Backstage, play: Play) -> None:
    process = play(
        """
        import stage, sys, threading
        def job():
            stage.enter("job")
            stage.reach("gate")
        threading.Thread(target=job).start()
        sys.stdin.readline()
        """
    )
    job = backstage.next_job().reaches("gate")
    assert not job.process
    job.release("gate").ends()
    assert process.poll() is None
    process.kill()
    hear_all(backstage, play)
    assert events(backstage.timeline, "job-1") == ["starts", "reaches", "ends"]


def test_two_jobs_in_threads_of_one_process_are_two(backstage: Backstage, play: Play) -> None:
    play(
        """
        import stage, sys, threading
        def job(n):
            stage.enter("job", n=n)
            stage.reach("gate")
        for n in (1, 2):
            threading.Thread(target=job, args=(n,)).start()
        """
    )
    jobs = [backstage.next_job().reaches("gate") for _ in range(2)]
    assert len({job.thread for job in jobs}) == 2
    first = next(job for job in jobs if job.arguments == {"n": 1})
    second = next(job for job in jobs if job.arguments == {"n": 2})
    first.release("gate").ends()
    assert not second.ended
    second.release("gate").ends()


def test_a_forked_job_speaks_for_itself_alone(
    backstage: Backstage, timeline: Timeline, play: Play
) -> None:
    server = play(
        """
        import os, stage, sys
        stage.say("serves")
        if os.fork() == 0:
            stage.enter("job")
            stage.reach("gate")
            os._exit(0)
        os.wait()
        stage.say("serves")
        """
    )
    job = backstage.next_job().release("gate").ends()
    server.wait(SECONDS)
    hear_all(backstage, play)
    assert job.pid != server.pid
    assert events(timeline, f"server-{server.pid}") == ["serves", "serves"]


def test_a_threads_next_job_ends_the_one_before(backstage: Backstage, play: Play) -> None:
    play(
        """
        import stage, threading
        def pool():
            for n in (1, 2):
                stage.enter("job", n=n)
                stage.reach("gate")
        threading.Thread(target=pool).start()
        """
    )
    first = backstage.next_job().release("gate").ends()
    second = backstage.next_job().reaches("gate")
    assert (first.arguments, second.arguments) == ({"n": 1}, {"n": 2})
    assert not second.ended
    second.release("gate").ends()


def test_the_last_that_a_job_said_is_heard_before_its_end(
    backstage: Backstage, timeline: Timeline, play: Play
) -> None:
    words = 'text = "x" * 10_000; [stage.say("word", text=text) for _ in range(100)]'
    for number in range(1, 6):  # more than is heard at once, so that some is unheard when it dies
        play(f"{ENTERS} {words}; os._exit(0)")
        backstage.next_job().ends()
        assert events(timeline, f"job-{number}") == ["starts", *["word"] * 100, "ends"]


def test_a_job_that_was_dead_before_it_was_heard_starts_and_ends(
    backstage: Backstage, timeline: Timeline
) -> None:
    with hello(backstage, dead()):
        backstage.next_job().ends()
    assert events(timeline, "job-1") == ["starts", "ends"]


def test_a_job_that_is_passed_over_is_nobodys_next_even_if_it_is_heard_late(
    backstage: Backstage, play: Play
) -> None:
    play(WAITS)
    backstage.timeline.wait_for(lambda: backstage.jobs, SECONDS)
    backstage.pass_over()
    with hello(backstage, os.getpid()):  # it says that it started at 0
        backstage.timeline.wait_for(lambda: len(backstage.jobs) == 2, SECONDS)
    assert backstage.unclaimed() == ()
    play(WAITS)
    assert backstage.next_job().source == "job-3"
