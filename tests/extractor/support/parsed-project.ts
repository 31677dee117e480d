import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvidedContext } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what dbt has parsed of the project on DuckDB, so that it is parsed from nothing once, and for what Python reads at its start. */
    parsedProject: string;
  }
}

/** What is used of vitest's project. */
interface Project {
  provide(key: 'parsedProject', value: ProvidedContext['parsedProject']): void;
}

/** A garbage collector that walks seldom through the thousands of objects of a project that all stay. */
const SELDOM_COLLECT = 'import gc\ngc.set_threshold(200_000, 20, 20)\n';

/** Makes the folder for the time of one run. */
export default async function keepParsedProject(project: Project): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'suptask-parsed-'));
  await writeFile(join(folder, 'sitecustomize.py'), SELDOM_COLLECT);
  project.provide('parsedProject', folder);
  return () => rm(folder, { recursive: true, force: true });
}
