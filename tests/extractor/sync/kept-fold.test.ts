import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { beforeEach, expect, it } from 'vitest';
import { compactLanding } from '../../../extractor/landing/compaction.ts';
import { createLanding, type Landing } from '../../../extractor/landing/landing.ts';
import { openParquetStore } from '../../../extractor/landing/parquet-store.ts';
import type { Row } from '../../../extractor/landing/streams.ts';
import { loadSyncState } from '../../../extractor/sync/state.ts';
import { systemClock } from '../../../extractor/clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { contents } from '../support/ledger.ts';

const BEGIN = Date.UTC(2026, 6, 6);
const ROWS = 8_000;

/** The read at a second after the beginning: of 500 tickets in turn, each of which changes now and then. */
function readAt(second: number, channel = 'api'): Row<'ticket_fetches'> {
  const number = 1 + (second % 500);
  const at = new Date(BEGIN + second * 1_000);
  return {
    fetch_id: `${channel} ${String(second).padStart(8, '0')}`,
    run_id: 'run',
    ticket_number: number,
    channel,
    outcome: second % 97 === 0 ? 'server_error' : 'found',
    http_status: 200,
    observed_at: at,
    observed_basis: 'date_header',
    fetched_at: at,
    duration_ms: 1,
    attempt: 1,
    team_id: null,
    ticket_status: second % 3 === 0 ? 'Closed' : 'Open',
    ticket_updated_at: at,
    payload_hash: String((number * 7 + Math.floor(second / 1_700)) % 9_000).padStart(64, '0'),
    payload: null,
    error: null,
  };
}

const readsFrom = (from: number, count: number) => Array.from({ length: count }, (_, index) => readAt(from + index));

let folder: string;
let landing: Landing;
let rowsRead: number;

/** The landing of the folder, which counts the rows of reads that are read back. */
function open(): Landing {
  const store = openParquetStore(folder);
  const read: typeof store.read = async function* (request) {
    for await (const chunk of store.read(request)) {
      if (request.stream === 'ticket_fetches') rowsRead += chunk.length;
      yield chunk;
    }
  };
  return createLanding({ ...store, read }, 'default', systemClock);
}

async function load(from: Landing, keepsFold = false) {
  rowsRead = 0;
  const { ledger, budget, sourceClock } = await loadSyncState({ landing: from, clock: { ...systemClock, now: () => BEGIN }, rateLimit: 100, rateReserve: 0, keepsFold });
  return { ...contents(ledger), left: budget.remaining(BEGIN + ROWS * 1_000), nowMs: sourceClock.now() };
}

const foldedAnew = () => load({ ...landing, memory: undefined });
const derived = async () => join(folder, 'derived', (await readdir(join(folder, 'derived')))[0] ?? '');

beforeEach(async () => {
  folder = temporaryFolder();
  landing = open();
  for (let from = 0; from < ROWS; from += 2_000) await landing.append('ticket_fetches', readsFrom(from, 2_000));
  await load(landing, true);
});

it('spares whoever comes next all rows that it was made of', async () => {
  expect(await load(landing)).toEqual(await foldedAnew());
  await load(landing);
  expect(rowsRead).toBe(0);
});

it('is gone on from with the rows that came after it', async () => {
  await landing.append('ticket_fetches', readsFrom(ROWS, 40));
  const state = await load(landing);
  expect(rowsRead).toBe(40);
  expect(state).toEqual(await foldedAnew());
});

it('is kept by none who only looks', async () => {
  await rm(join(folder, 'derived'), { recursive: true });
  await load(landing);
  expect(await readdir(folder)).not.toContain('derived');
});

const changes: Record<string, () => Promise<unknown>> = {
  'a row came that belongs before its last': () => landing.append('ticket_fetches', [readAt(ROWS - 300, 'webhook')]),
  'a file was taken away': async () => {
    const [day = ''] = await readdir(join(folder, 'ticket_fetches'));
    const [file = ''] = await readdir(join(folder, 'ticket_fetches', day));
    await rm(join(folder, 'ticket_fetches', day, file));
  },
  'files were merged': () => compactLanding(folder, { nowMs: Date.now(), fewestFiles: 2 }),
  'files were merged and taken away': async () => {
    await compactLanding(folder, { nowMs: Date.now(), fewestFiles: 2 });
    await compactLanding(folder, { nowMs: Date.now() + 2 * 3_600_000, fewestFiles: 2 });
  },
  'it cannot be read': async () => writeFile(await derived(), 'half a fi'),
  'other code made it': async () => {
    const path = await derived();
    await writeFile(path, serialize({ ...(deserialize(await readFile(path)) as object), madeBy: 'another version' }));
  },
};

it.each(Object.entries(changes))('is not believed where %s', async (_, change) => {
  await change();
  const state = await load(landing, true);
  expect(rowsRead).toBeGreaterThan(2_000);
  expect(state).toEqual(await foldedAnew());
  expect(await load(landing)).toEqual(state);
  expect(rowsRead).toBe(0);
});
