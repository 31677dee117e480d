import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushed } from './flushed.ts';

/**
 * Writes a file so that a reader sees the whole of it or none: beside its final name, flushed,
 * renamed, the folder flushed. When it throws, none is there.
 */
export async function placedWhole(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  const beside = `${path}.tmp`;
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
