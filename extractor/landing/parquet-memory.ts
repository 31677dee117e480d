import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDb } from './duckdb.ts';
import type { Memory } from './landing.ts';
import { makeFolder } from './make-folder.ts';
import { placedWhole } from './placed-whole.ts';
import { standingFiles } from './standing-files.ts';

/** What was derived from the log of a folder lies in a folder beside its streams, a file each. */
export function parquetMemory(folder: string, duckDb: DuckDb): Memory {
  const pathOf = (name: string) => join(folder, 'derived', `${encodeURIComponent(name)}.bin`);
  return {
    parts: (stream) => standingFiles(folder, stream, duckDb),
    recall: (name) => readFile(pathOf(name)).catch(() => null),
    async remember(name, bytes) {
      await makeFolder(join(folder, 'derived'));
      await placedWhole(pathOf(name), (beside) => writeFile(beside, bytes));
    },
  };
}
