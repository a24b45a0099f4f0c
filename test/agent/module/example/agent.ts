import type { AgentFunction } from 'proctor';

const decide: AgentFunction = ({ steps }, { arguments: { command = 'ls' } }) => {
  const call = { tool: 'bash', arguments: { command } };
  return { calls: [steps.length === 0 ? call : { tool: 'submit', arguments: { answer: 'done' } }] };
};

export default decide;
