import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ProvidedContext } from 'vitest';
import { environmentOfDbt, projectFolder, pythonProgram } from '../../../extractor/operations/dbt.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A program that does what dbt does, without loading it, and the socket that it asks. */
    loadedDbt: { program: string; socket: string };
  }
}

/** What is used of vitest's project. */
interface Project {
  provide(key: 'loadedDbt', value: ProvidedContext['loadedDbt']): void;
}

/** Loads dbt and parses the project once, for the time of one run of the tests. */
export default async function loadDbt(project: Project): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'suptask-dbt-'));
  const [program, socket] = [join(folder, 'dbt'), join(folder, 'socket')];
  await writeFile(program, `#!/bin/sh\nexec '${pythonProgram('python')}' -S -E '${join(import.meta.dirname, 'ask_loaded_dbt.py')}' "$@"\n`);
  await chmod(program, 0o755);
  const env = environmentOfDbt({
    DBT_TARGET: 'duckdb',
    DBT_TARGET_PATH: join(folder, 'target'),
    DBT_LOG_PATH: join(folder, 'logs'),
    SUPTASK_DUCKDB: 'suptask.duckdb',
    SUPTASK_LANDING: join(folder, 'landing'),
    // Forks end without giving back what ends with them.
    PYTHONWARNINGS: 'ignore:resource_tracker',
  });
  // The static parser keeps threads, which no fork has.
  const args = [join(import.meta.dirname, 'loaded_dbt.py'), socket, '--quiet', '--no-static-parser', 'parse', '--project-dir', projectFolder];
  const dbt = spawn(pythonProgram('python'), args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(dbt, 'close');
  const [said] = (await Promise.race([once(createInterface({ input: dbt.stdout }), 'line'), ended])) as unknown[];
  if (said !== 'listening') throw new Error(`dbt cannot be loaded: ${String(said)}`);
  project.provide('loadedDbt', { program, socket });
  return async () => {
    dbt.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}
