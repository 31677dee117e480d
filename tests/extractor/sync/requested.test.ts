import { expect, it } from 'vitest';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { landRequestedReads } from '../../../extractor/sync/operator-requests.ts';
import { emptyLanding, rowsOf } from '../support/landing.ts';
import { startSource, syncOnce, type Source, type TestRun } from '../support/source.ts';

const WINDOW_MS = 15 * 60_000;

async function knownSource() {
  const source = await startSource({ tickets: 30 });
  const landing = await emptyLanding('parquet', source.clock);
  await syncOnce(source, landing);
  return { source, landing };
}

/** How often a run reads the number. */
async function readsOf(number: number, source: Source, landing: Landing, run: TestRun = {}): Promise<number> {
  const { runId } = await syncOnce(source, landing, run);
  return (await rowsOf(landing, 'ticket_fetches')).filter((row) => row['run_id'] === runId && row['ticket_number'] === number).length;
}

/** What the one read of the next window goes to. */
async function isFirstInNextWindow(number: number, source: Source, landing: Landing): Promise<boolean> {
  source.clock.advanceTo(source.clock.now() + WINDOW_MS + 1_000);
  return (await readsOf(number, source, landing, { rateLimit: 1 })) === 1;
}

it('a number that was asked for in the second of its last read, after it, is read first', async () => {
  const { source, landing } = await knownSource();
  await landRequestedReads(landing, [9], Math.floor(source.clock.now() / 1000) * 1000 + 999);
  expect(await isFirstInNextWindow(9, source, landing)).toBe(true);
  expect(await isFirstInNextWindow(9, source, landing)).toBe(false);
});

it('a number that was read in the second in which it was asked for is read at most once more, and once a run', async () => {
  const { source, landing } = await knownSource();
  source.clock.advanceTo(source.clock.now() + WINDOW_MS);
  await landRequestedReads(landing, [9], source.clock.now() + 999);
  expect(await readsOf(9, source, landing)).toBe(1);
  await isFirstInNextWindow(9, source, landing);
  expect(await isFirstInNextWindow(9, source, landing)).toBe(false);
});
