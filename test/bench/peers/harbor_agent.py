"""The bench's agent for Harbor: one tool over the environment's exec, the model client that Harbor brings (LiteLLM), and a
trajectory in Harbor's format (ATIF), as Harbor's own agents write one. Harbor itself leaves that record to the agent."""

import json

from harbor.agents.base import BaseAgent
from harbor.environments.base import BaseEnvironment
from harbor.models.agent.context import AgentContext
from litellm import acompletion

BASH = {
    "type": "function",
    "function": {
        "name": "bash",
        "description": "Runs a command.",
        "parameters": {
            "type": "object",
            "properties": {"command": {"type": "string"}},
            "required": ["command"],
        },
    },
}


class BenchAgent(BaseAgent):
    """Runs what the model calls until it calls nothing."""

    @staticmethod
    def name() -> str:
        return "bench"

    def version(self) -> str:
        return "1"

    async def setup(self, environment: BaseEnvironment) -> None:
        pass

    async def run(self, instruction: str, environment: BaseEnvironment, context: AgentContext) -> None:
        messages = [{"role": "user", "content": instruction}]
        steps = [{"step_id": 1, "source": "user", "message": instruction}]
        calls = [None]
        while calls:
            answer = await acompletion(model=self.model_name, messages=messages, tools=[BASH])
            reply = answer.choices[0].message
            calls = reply.tool_calls or []
            messages.append(reply.model_dump(exclude_none=True))
            for call in calls:
                done = await environment.exec(json.loads(call.function.arguments)["command"])
                text = f"{done.stdout or ''}{done.stderr or ''}"
                messages.append({"role": "tool", "tool_call_id": call.id, "content": text})
            steps.append(step_of(len(steps) + 1, answer, calls, messages))
            self.write(steps)

    def write(self, steps: list[dict]) -> None:
        agent = {"name": self.name(), "version": self.version(), "model_name": self.model_name}
        trajectory = {"schema_version": "ATIF-v1.7", "session_id": self.logs_dir.parent.name, "agent": agent, "steps": steps}
        (self.logs_dir / "trajectory.json").write_text(json.dumps(trajectory))


def step_of(number: int, answer, calls: list, messages: list[dict]) -> dict:
    """A step of the trajectory: what the model called, and what came back."""
    step = {
        "step_id": number,
        "source": "agent",
        "message": answer.choices[0].message.content or "",
        "metrics": {
            "prompt_tokens": answer.usage.prompt_tokens,
            "completion_tokens": answer.usage.completion_tokens,
        },
    }
    if calls:
        results = messages[-len(calls) :]
        step["tool_calls"] = [
            {
                "tool_call_id": call.id,
                "function_name": call.function.name,
                "arguments": json.loads(call.function.arguments),
            }
            for call in calls
        ]
        step["observation"] = {
            "results": [{"source_call_id": item["tool_call_id"], "content": item["content"]} for item in results]
        }
    return step
