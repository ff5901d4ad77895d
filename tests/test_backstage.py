"""The test's end of its jobs' connections: what it hears, whom it holds, and what it leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.control.controller import Backstage, Violation
from callback_conformance.control.timeline import Timeline
from callback_conformance.processes.warm import INAPP
from tests.stages import ENTERS, SECONDS, WAITS, Play, dead, events

# Children.


def test_a_child_is_alive_until_it_is_dead(backstage: Backstage, play: Play) -> None:
    play(
        """
        import stage, subprocess, sys
        stage.enter("job")
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.readline()"])
        stage.say("child", pid=child.pid)
        stage.reach("gate")
        """
    )
    job = backstage.next_job().reaches("gate")
    assert job.children_alive == 1
    os.kill(job.said("child")[0]["pid"], signal.SIGKILL)
    assert job.child_ends().children_alive == 0
    assert not job.ended


@pytest.mark.usefixtures("patience")
def test_a_child_that_outlives_its_job_is_a_violation(backstage: Backstage, play: Play) -> None:
    play(f'{ENTERS} stage.say("child", pid=os.getppid()); stage.reach("gate")')
    assert backstage.timeline.wait_for(lambda: backstage.jobs and backstage.jobs[0].gate, 10)
    with pytest.raises(Violation, match="did not take its child process with it within 0 s"):
        backstage.next_job().child_ends()


def test_a_child_that_is_dead_already_is_not_alive(backstage: Backstage, play: Play) -> None:
    play(f'{ENTERS} stage.say("child", pid={dead()}); stage.reach("gate")')
    assert backstage.next_job().reaches("gate").child_ends().children_alive == 0


# Pools, whose processes go on to the next job.


def test_a_job_in_a_pool_ends_when_its_worker_leaves_it(backstage: Backstage, play: Play) -> None:
    play(f'{ENTERS} stage.leave(); stage.say("idle"); stage.enter("next"); stage.reach("gate")')
    first = backstage.next_job().ends()
    assert backstage.next_job().reaches("gate").name == "next"
    assert first.ended


def test_a_job_in_a_pool_ends_when_the_next_one_starts(backstage: Backstage, play: Play) -> None:
    play(f'{ENTERS} stage.enter("next"); stage.reach("gate")')
    first = backstage.next_job().ends()
    assert not backstage.next_job().reaches("gate").ended
    assert first.ended


def test_the_death_of_a_pools_process_ends_no_job_twice(
    backstage: Backstage, timeline: Timeline, play: Play
) -> None:
    play(f"{ENTERS} stage.leave()")
    backstage.next_job().ends()
    backstage.catch_up()
    assert len([event for event in timeline if event.what == "ends"]) == 1


# Points that are held.

SERVER = 'import stage; stage.passes("read"); stage.say("goes on")'


def test_a_server_is_kept_at_a_held_point_until_released(
    backstage: Backstage, timeline: Timeline, play: Play
) -> None:
    held = backstage.hold("read")
    process = play(SERVER)
    held.reached()
    assert events(timeline, f"server-{process.pid}") == ["passes", "held"]
    held.release()
    process.wait(SECONDS)
    assert timeline.wait_for(
        lambda: "goes on" in events(timeline, f"server-{process.pid}"), seconds=10
    )


def test_the_one_that_has_waited_longest_is_released_first(
    backstage: Backstage, play: Play
) -> None:
    held = backstage.hold("read")
    first = play(SERVER)
    held.reached()
    second = play(SERVER)
    held.reached(by=2).release_first()
    first.wait(SECONDS)
    assert second.poll() is None
    held.release()
    second.wait(SECONDS)


def test_after_its_release_a_point_holds_nobody(backstage: Backstage, play: Play) -> None:
    backstage.hold("read").release()
    play(SERVER).wait(SECONDS)


def test_another_point_holds_nobody(backstage: Backstage, play: Play) -> None:
    backstage.hold("write")
    play(SERVER).wait(SECONDS)


def test_a_job_passes_a_held_point(backstage: Backstage, timeline: Timeline, play: Play) -> None:
    backstage.hold("read")
    play(f'{ENTERS} stage.passes("read"); stage.reach("gate")')
    backstage.next_job().reaches("gate")
    assert events(timeline, "job-1") == ["starts", "passes", "reaches"]


def test_an_ordinary_callback_is_held_at_its_gate(backstage: Backstage, play: Play) -> None:
    held = backstage.hold("gate")
    process = play('import stage; stage.reach("gate")')
    held.reached().release()
    process.wait(SECONDS)


def test_a_job_is_held_at_a_gate_of_that_name(backstage: Backstage, play: Play) -> None:
    held = backstage.hold("gate")
    play(f'{WAITS} stage.reach("end")')
    job = backstage.next_job()
    held.reached()
    assert not job.gate
    held.release()
    job.reaches("end")


def test_an_ordinary_callback_passes_a_gate_that_nobody_holds(play: Play) -> None:
    play('import stage; stage.reach("gate")').wait(SECONDS)


def test_a_point_that_too_few_pass_is_a_violation(
    backstage: Backstage, play: Play, request: pytest.FixtureRequest
) -> None:
    held = backstage.hold("read")
    play(SERVER)
    held.reached()
    request.getfixturevalue("patience")
    with pytest.raises(Violation, match=r"^1 of 2 passed 'read' in 0 s$"):
        held.reached(by=2)


# Stores.


def test_a_job_has_used_the_store_that_it_wrote_to(backstage: Backstage, play: Play) -> None:
    play(f'{ENTERS} stage.passes("mine write"); stage.passes("theirs read"); stage.reach("gate")')
    job = backstage.next_job().reaches("gate")
    assert job.used("mine") is job.did_not_use("theirs") is job
    with pytest.raises(Violation, match="did not write into the store of the manager 'theirs'"):
        job.used("theirs")
    with pytest.raises(Violation, match="wrote into the store of the manager 'mine'"):
        job.did_not_use("mine")


# Facts.


def test_a_server_tells_its_thread_and_a_job_does_not(
    backstage: Backstage, timeline: Timeline, play: Play
) -> None:
    server = play('import stage; stage.say("acts", id="run")')
    server.wait(SECONDS)
    play(f'{ENTERS} stage.say("acts"); stage.reach("gate")')
    job = backstage.next_job().says("acts")
    facts = {e.source: e.facts for e in timeline if e.what == "acts"}
    assert facts[job.source] == {}
    assert facts[f"server-{server.pid}"]["id"] == "run"
    assert facts[f"server-{server.pid}"]["thread"] > 0


def test_an_event_carries_its_senders_time(
    backstage: Backstage, timeline: Timeline, play: Play
) -> None:
    process = play(f'{ENTERS} sys.stdin.readline(); stage.say("moves"); stage.reach("gate")')
    job = backstage.next_job()
    before = timeline.add("test", "writes").at
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    job.reaches("gate")
    after = timeline.add("test", "sees").at
    [moved] = [event.at for event in timeline if event.what == "moves"]
    assert before < moved < after


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


def test_whoever_waits_goes_on_when_the_test_is_over(timeline: Timeline, play: Play) -> None:
    backstage = Backstage(timeline)
    process = play(WAITS, where=backstage)
    backstage.next_job().reaches("gate")
    backstage.close()
    assert process.wait(SECONDS) == 0


@pytest.mark.usefixtures("descriptors")
def test_nothing_is_left_on_disk_or_open(timeline: Timeline) -> None:
    backstage = Backstage(timeline)
    folder = Path(backstage.path).parent
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS],
        env={**os.environ, "STAGE_SOCKET": backstage.path, "PYTHONPATH": str(INAPP)},
    )
    backstage.hold("read")
    backstage.next_job().reaches("gate")
    assert folder.exists()
    backstage.close()
    process.wait(SECONDS)
    assert not folder.exists()


def test_the_path_of_the_socket_is_short_enough(backstage: Backstage) -> None:
    assert len(backstage.path) < 108


def by_hand(program: str) -> Any:
    """What a program prints when no test is there."""
    own = {name: value for name, value in os.environ.items() if name != "STAGE_SOCKET"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**own, "PYTHONPATH": str(INAPP)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_by_hand_the_stage_prints_and_its_gates_open_by_themselves() -> None:
    printed = by_hand(f'{WAITS} stage.passes("read"); stage.say("word", n=2); stage.adrift("x")')
    assert printed == [
        "stage: enter job {'n': 1} True",
        "stage: reach gate",
        "stage: passes read",
        "stage: say word {'n': 2}",
        "stage: adrift x",
    ]


def test_by_hand_a_gate_hands_over_its_name() -> None:
    assert by_hand('import stage; print(stage.reach("gate"))')[-1] == "gate"
