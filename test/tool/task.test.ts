import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  InMemoryTaskMessageQueue,
  InMemoryTaskStore,
} from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { expect, it, onTestFinished } from 'vitest';
import { toolboxes } from './open.ts';

const openToolbox = toolboxes();

/** A server by the SDK whose tools are called as tasks only; `end` is what becomes of one after 300 ms. */
async function taskServer(end: (store: InMemoryTaskStore, id: string) => Promise<void>) {
  const taskStore = new InMemoryTaskStore();
  const tasks = { requests: { tools: { call: {} } }, cancel: {} };
  const http = createServer(async (request, response) => {
    const server = new McpServer(
      { name: 'tasks', version: '1' },
      { capabilities: { tasks }, taskStore, taskMessageQueue: new InMemoryTaskMessageQueue() },
    );
    server.experimental.tasks.registerToolTask(
      'report',
      { description: 'Writes a report.', execution: { taskSupport: 'required' } },
      {
        async createTask({ taskStore: store }) {
          const task = await store.createTask({ ttl: 60_000, pollInterval: 50 });
          void sleep(300, undefined, { ref: false }).then(() => end(taskStore, task.taskId));
          return { task };
        },
        getTask: ({ taskStore: store, taskId }) => store.getTask(taskId),
        getTaskResult: async ({ taskStore: store, taskId }) => (await store.getTaskResult(taskId)) as never,
      },
    );
    const transport = new StreamableHTTPServerTransport({});
    response.on('close', () => void server.close());
    await server.connect(transport as never);
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
    taskStore.cleanup();
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  return { taskStore, ...(await openToolbox({ servers: [{ name: 'tasks', placement: 'remote', url }] })) };
}

const said = (text: string, isError = false) => ({ content: [{ type: 'text' as const, text }], isError });

it('a tool that is called as a task only is, and its states are recorded', async () => {
  const { call, heard } = await taskServer((store, id) =>
    store.storeTaskResult(id, 'completed', said('the report')),
  );
  // Its states are signs of life: it may take longer than the call's time.
  expect(await call('report', {}, { timeoutMs: 200 })).toMatchObject({ text: 'the report', isError: false });
  const states = heard.filter(({ method }) => method === 'proctor/task');
  expect(states.map(({ params }) => (params as { status: string }).status)).toEqual(['working', 'completed']);
});

it('a task that fails says what it says', async () => {
  const { call } = await taskServer((store, id) =>
    store.storeTaskResult(id, 'failed', said('no paper', true)),
  );
  expect(await call('report')).toMatchObject({ text: 'no paper', errorClass: 'tool' });
});

it('a task that is stopped is cancelled at its server', async () => {
  const { call, taskStore } = await taskServer(async () => {});
  const stopping = call('report', {}, { signal: AbortSignal.timeout(400) });
  await expect(stopping).rejects.toMatchObject({ code: 'interrupted' });
  await expect
    .poll(async () => (await taskStore.listTasks()).tasks.map(({ status }) => status))
    .toEqual(['cancelled']);
});
