import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { flushed } from './flushed.ts';

/**
 * Writes a file so that a reader sees the whole of it or none: beside its final name, hidden (Spark reads every
 * file of a folder that does not begin with a point), flushed, renamed, the folder flushed. When it throws, none is there.
 */
export async function placedWhole(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.tmp`);
  try {
    await write(beside);
    await flushed(beside, 'r');
    await rename(beside, path);
  } catch (thrown) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await flushed(dirname(path), 'r');
}
