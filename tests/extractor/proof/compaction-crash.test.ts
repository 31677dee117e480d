import { watch } from 'node:fs';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { createRandom } from '../../../extractor/simulator/random.ts';
import { temporaryFolder } from '../support/folder.ts';
import { landingAt, rowsOf } from '../support/landing.ts';
import { byLength, seed } from '../support/length.ts';
import { startCommand } from '../support/command.ts';

const KILLS = byLength(2, 40);

/** More than a compaction needs to begin. A landing in PostgreSQL has nothing to compact. */
const SMALL_FILES = 80;

describe('a compaction whose process is killed again and again', () => {
  it('leaves a log that reads the same, and the next one ends the work', { timeout: byLength(600_000, 3_600_000) }, async () => {
    let kills = 0;
    const random = createRandom(seed, 'compaction');
    while (kills < KILLS) {
      const folder = join(temporaryFolder(), 'landing');
      const landing = await landingAt(folder);
      const day = await landSmallFiles(landing, folder);
      const before = await rowsOf(landing, 'error_events');
      for (let place = 0; place < 6 && kills < KILLS; place += 1) {
        // The merging makes a handful of changes in the folder, the removal one for each file.
        kills += (await compactAndKill(folder, day, random.integer(1, place % 2 === 0 ? 5 : SMALL_FILES))) ? 1 : 0;
        expect(await rowsOf(landing, 'error_events')).toEqual(before);
        await anHourPasses(day);
      }
      for (let end = 1; end <= 2; end += 1) {
        expect(await startCommand(['compact'], { SUPTASK_LANDING: folder }).ended).toMatchObject({ exitCode: 0, errors: '' });
        await anHourPasses(day);
      }
      expect(await readdir(day)).toEqual([expect.stringMatching(/^compacted-.*\.parquet$/)]);
      expect(await rowsOf(landing, 'error_events')).toEqual(before);
    }
  });
});

/** A day of many batches. Its folder. */
async function landSmallFiles(landing: Landing, folder: string): Promise<string> {
  for (let batch = 0; batch < SMALL_FILES; batch += 1) {
    const rows = Array.from({ length: 20 }, (_, row) => `${batch}-${row}`);
    await landing.append('error_events', rows.map((id) => ({ correlation_id: id, at: new Date(0), code: 'defect', message: 'x', detail: null })));
  }
  const days = await readdir(join(folder, 'error_events'));
  // Over midnight there are two; the first is enough to be killed in.
  return join(folder, 'error_events', days.toSorted()[0] ?? '');
}

/** Compacts, and kills at the nth change in the day's folder; whether the process was still alive then. */
async function compactAndKill(folder: string, day: string, change: number): Promise<boolean> {
  const command = startCommand(['compact'], { SUPTASK_LANDING: folder });
  let changes = 0;
  const watcher = watch(day, () => {
    changes += 1;
    if (changes === change) command.kill();
  });
  const { exitCode } = await command.ended;
  watcher.close();
  return exitCode === null;
}

/** Sets the time of every file in the folder back, so that what a merged one replaces may go. */
async function anHourPasses(day: string): Promise<void> {
  const then = new Date(Date.now() - 2 * 3_600_000);
  for (const name of await readdir(day)) await utimes(join(day, name), then, then);
}
