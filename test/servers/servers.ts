/** A published server, and how it is made an environment. */
export interface Published {
  name: string;
  /** After `npx -y`. */
  command: string;
  /** Further flags of `proctor new environment`. */
  flags?: string[];
  /** Data that it is given to start with. */
  seed?: 'database' | 'vault' | 'repository';
}

const env = (...pairs: string[]) => pairs.flatMap((pair) => ['--env', pair]);

/** Servers of the npm registry, by the name of their environment. */
export const servers: readonly Published[] = [
  { name: 'files', command: '@modelcontextprotocol/server-filesystem /data' },
  {
    name: 'memory',
    command: '@modelcontextprotocol/server-memory',
    flags: env('MEMORY_FILE_PATH=/data/memory.json'),
  },
  { name: 'thinking', command: '@modelcontextprotocol/server-sequential-thinking' },
  {
    name: 'everyhttp',
    command: '@modelcontextprotocol/server-everything streamableHttp',
    flags: ['--http', '3001'],
  },
  { name: 'commander', command: '@wonderwhy-er/desktop-commander@latest' },
  { name: 'runner', command: 'mcp-server-code-runner@latest' },
  {
    name: 'dbhub',
    command: '@bytebase/dbhub --transport stdio --dsn sqlite:///data/app.db',
    seed: 'database',
  },
  { name: 'eslint', command: '@eslint/mcp@latest' },
  { name: 'git', command: '@cyanheads/git-mcp-server@latest', seed: 'repository' },
  { name: 'excel', command: '@negokaz/excel-mcp-server' },
  { name: 'hello', command: 'mcp-hello-world' },
  { name: 'nx', command: 'nx-mcp@latest' },
  { name: 'calc', command: '@coo-quack/calc-mcp' },
  {
    name: 'shrimp',
    command: 'mcp-shrimp-task-manager',
    flags: env('DATA_DIR=/data/shrimp', 'TEMPLATES_USE=en'),
  },
  { name: 'time', command: 'time-mcp' },
  { name: 'sqlite', command: 'mcp-server-sqlite-npx /data/test.db', seed: 'database' },
  { name: 'sqlite2', command: 'mcp-sqlite /data/test.db', seed: 'database' },
  { name: 'mongo', command: 'mongodb-mcp-server' },
  { name: 'taskman', command: '@kazuph/mcp-taskmanager' },
  { name: 'mermaid', command: 'mcp-mermaid' },
  { name: 'obsidian', command: 'obsidian-mcp /data/vault', seed: 'vault' },
  { name: 'tavily', command: 'tavily-mcp@latest' },
  { name: 'postgres', command: '@modelcontextprotocol/server-postgres' },
  { name: 'pdf', command: '@modelcontextprotocol/server-pdf --stdio' },
  { name: 'kg', command: '@itseasy21/mcp-knowledge-graph', flags: env('MEMORY_FILE_PATH=/data/kg.jsonl') },
  { name: 'dex', command: '@zeeg/dex mcp' },
  { name: 'drawio', command: '@drawio/mcp' },
  { name: 'chrome', command: 'chrome-devtools-mcp@latest --headless' },
  { name: 'context7', command: '@upstash/context7-mcp' },
  { name: 'notion', command: '@notionhq/notion-mcp-server' },
  { name: 'pdfreader', command: '@sylphx/pdf-reader-mcp' },
  { name: 'mcpgit', command: 'mcp-git', seed: 'repository' },
  { name: 'playwright', command: '@playwright/mcp@latest --headless' },
];
