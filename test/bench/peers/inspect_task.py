"""The bench's task for Inspect AI: its bash tool, its ReAct agent, its Docker sandbox; scored by the tests of the Harbor task."""

import os
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.agent import react
from inspect_ai.dataset import Sample
from inspect_ai.scorer import Score, Target, accuracy, scorer
from inspect_ai.solver import TaskState
from inspect_ai.tool import bash
from inspect_ai.util import sandbox
from inspect_ai.util._sandbox.docker import docker, prereqs

if os.environ.get("BENCH_ANY_ENGINE"):
    # Inspect refuses engines before 24.0.6; the bench says so and goes on, since what it uses is there before.
    docker.validate_prereqs = prereqs.validate_docker_compose


@scorer(metrics=[accuracy()])
def harbor_tests(script: str):
    """The reward that tests/test.sh writes."""

    async def score(state: TaskState, target: Target) -> Score:
        await sandbox().write_file("/tests/test.sh", script)
        await sandbox().exec(["bash", "-c", "mkdir -p /logs/verifier && bash /tests/test.sh"])
        return Score(value=float(await sandbox().read_file("/logs/verifier/reward.txt")))

    return score


@task
def bench(folder: str) -> Task:
    """Makes a task of a folder in the Harbor format that has a compose file for Inspect beside Harbor's."""
    root = Path(folder)
    return Task(
        dataset=[Sample(input=(root / "instruction.md").read_text())],
        solver=react(tools=[bash()]),
        scorer=harbor_tests((root / "tests/test.sh").read_text()),
        sandbox=("docker", str(root / "environment/inspect-compose.yaml")),
    )
