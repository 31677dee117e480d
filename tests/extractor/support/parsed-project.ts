import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvidedContext } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what dbt has parsed of the project on DuckDB, so that it is parsed from nothing once. */
    parsedProject: string;
  }
}

/** What is used of vitest's project. */
interface Project {
  provide(key: 'parsedProject', value: ProvidedContext['parsedProject']): void;
}

/** Makes the folder for the time of one run. */
export default async function keepParsedProject(project: Project): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'suptask-parsed-'));
  project.provide('parsedProject', folder);
  return () => rm(folder, { recursive: true, force: true });
}
