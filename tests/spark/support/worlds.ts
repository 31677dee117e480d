import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoOptions, liveDemo } from '../../../extractor/operations/demo-workspace.ts';
import { openParquetStore } from '../../../extractor/landing/parquet-store.ts';
import { seed } from '../../extractor/support/length.ts';
import { readEverything } from '../../extractor/warehouse/support/extracting.ts';
import { landRows, livedLog, randomCuts } from '../../extractor/warehouse/support/lived-log.ts';
import { landMistake } from '../../extractor/warehouse/support/mended-identities.ts';
import { withOddBodies } from './odd-bodies.ts';

const HOUR_MS = 3_600_000;

/** What a process left that died while it wrote. */
async function leaveHalfAFile(landing: string): Promise<void> {
  const [day = ''] = await readdir(join(landing, 'ticket_fetches'));
  await writeFile(join(landing, 'ticket_fetches', day, '.half.parquet.tmp'), 'PAR1');
}

/** Lands some days of reads and webhooks, with failures, deleted tickets, odd bodies and half a file, in two parts; yields after each. Of the second, some rows come late. */
export async function* landSmallWorld(landing: string): AsyncGenerator<void> {
  const store = openParquetStore(landing);
  const cuts = randomCuts(withOddBodies(await livedLog({ seed, tickets: 80, days: 12, runEveryHours: 8 })), 2, seed);
  await landMistake(store, Date.UTC(2026, 0, 1));
  for (const cut of cuts) {
    await landRows(store, cut, { late: true });
    await leaveHalfAFile(landing);
    yield;
  }
}

/** Lands the demo's world likewise: what is read while it lives, and what a look at everything adds once it stands still. */
export async function* landDemoWorld(landing: string): AsyncGenerator<void> {
  const { world } = await liveDemo(demoOptions, landing);
  await landMistake(openParquetStore(landing), demoOptions.startsAt);
  yield;
  await readEverything(world, world.horizon + HOUR_MS, landing);
  yield;
}
