import { access, constants, stat, utimes } from 'node:fs/promises';
import type { Lease } from './landing.ts';
import { keepLease } from './lease-keeper.ts';

/** A power cut may leave a lock file that DuckDB no longer takes for its own; then the next name counts. */
const MOST_LOCK_FILES = 9;

/**
 * Locks a file for this process, or returns null where another process has it. DuckDB takes the
 * operating system's lock on a database file, which ends with the process however it ends:
 * no stale lock is ever left behind, and none is mistaken for stale. The heartbeat is the file's
 * time of change; the lease is lost where the file is no longer the one that was locked. A broken
 * file is passed over, never removed: so every process comes to the same one.
 */
export async function tryLockFile(path: string): Promise<Lease | null> {
  for (let place = 1; ; place += 1) {
    try {
      return await tryLock(numbered(path, place));
    } catch (thrown) {
      if (thrown instanceof Error && thrown.message.includes('Could not set lock')) return null;
      if (place === MOST_LOCK_FILES || !(await isWritableFile(numbered(path, place)))) throw thrown;
    }
  }
}

async function tryLock(path: string): Promise<Lease> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(path, { threads: '1' });
  const { ino } = await stat(path);
  const beat = async () => {
    const now = new Date();
    await utimes(path, now, now);
    if ((await stat(path)).ino !== ino) throw new Error(`${path} was replaced`);
  };
  await beat();
  return keepLease({
    beat,
    release: async () => {
      // Whoever asks afterwards sees at once that nobody holds it any more.
      await utimes(path, NEVER, NEVER).catch(() => undefined);
      instance.closeSync();
    },
  });
}

const NEVER = new Date(0);

const numbered = (path: string, place: number) => (place === 1 ? path : `${path}.${place}`);

async function isWritableFile(path: string): Promise<boolean> {
  const isFile = await stat(path).then((found) => found.isFile(), () => false);
  return isFile && (await access(path, constants.R_OK | constants.W_OK).then(() => true, () => false));
}

/** When the holder of the lock last showed that it lives; null where nobody ever held it, or the last one gave it back. */
export async function lockFileBeatAtMs(path: string): Promise<number | null> {
  const places = Array.from({ length: MOST_LOCK_FILES }, (_, index) => numbered(path, index + 1));
  const beats = await Promise.all(places.map((place) => stat(place).then(({ mtimeMs }) => mtimeMs, () => null)));
  return beats.findLast((beat) => beat !== null && beat > NEVER.getTime()) ?? null;
}
