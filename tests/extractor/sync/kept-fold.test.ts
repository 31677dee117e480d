import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../extractor/clock.ts';
import { compactLanding } from '../../../extractor/landing/compaction.ts';
import { createLanding, type Landing, type LandingStore, type Memory } from '../../../extractor/landing/landing.ts';
import { openParquetStore } from '../../../extractor/landing/parquet-store.ts';
import { openPostgresStore } from '../../../extractor/landing/postgres-store.ts';
import type { Row } from '../../../extractor/landing/streams.ts';
import { Secret } from '../../../extractor/secret.ts';
import { loadSyncState } from '../../../extractor/sync/state.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { LANDING_KINDS } from '../support/landing.ts';
import { contents } from '../support/ledger.ts';

const BEGIN = Date.UTC(2026, 6, 6);
const ROWS = 8_000;
const KEPT_AS = 'reads of default';

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
let database: TestDatabase;
let store: LandingStore;
let landing: Landing;
let rowsRead: number;

const memory = () => store.memory as Memory;

/** The landing, which counts the rows of reads that are read back. */
function counted(): Landing {
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

async function openDatabase(): Promise<LandingStore> {
  const made = await createDatabase();
  onTestFinished(() => made.drop());
  database = made;
  return await openPostgresStore(new Secret(made.url), 'a database');
}

/** What happens to a log, or to what was kept of it, after which this is of no use. */
const changes = {
  'a row came that belongs before its last': () => landing.append('ticket_fetches', [readAt(ROWS - 300, 'webhook')]),
  'it cannot be read': () => memory().remember(KEPT_AS, Buffer.from('half a fi')),
  'other code made it': async () => {
    const kept = deserialize((await memory().recall(KEPT_AS)) ?? Buffer.alloc(0)) as object;
    await memory().remember(KEPT_AS, serialize({ ...kept, madeBy: 'another version' }));
  },
};

const changesOf = {
  parquet: {
    ...changes,
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
  },
  postgres: {
    ...changes,
    'a batch was taken away': () => database.query('delete from suptask_raw.ticket_fetches where batch_id = (select min(batch_id) from suptask_raw.ticket_fetches)'),
    'a row was taken away': () => database.query('delete from suptask_raw.ticket_fetches where fetch_id = (select min(fetch_id) from suptask_raw.ticket_fetches)'),
    'a person was forgotten': () => landing.append('redactions', [{ redaction_id: 'one', at: new Date(), external_id_hash: 'hash', rows: 1, by: 'test', reason: null }]),
    'what was derived is gone': () => database.query('drop schema suptask_derived cascade'),
  },
};

describe.each(LANDING_KINDS)('what was folded of a log in %s', (kind) => {
  beforeEach(async () => {
    folder = temporaryFolder();
    store = kind === 'parquet' ? openParquetStore(folder) : await openDatabase();
    landing = counted();
    onTestFinished(() => landing.close());
    for (let from = 0; from < ROWS; from += 2_000) await landing.append('ticket_fetches', readsFrom(from, 2_000));
  });

  it('is kept by none who only looks', async () => {
    await load(landing);
    expect(await memory().recall(KEPT_AS)).toBeNull();
  });

  it('spares whoever comes next all rows that it was made of', async () => {
    await load(landing, true);
    expect(await load(landing)).toEqual(await foldedAnew());
    await load(landing);
    expect(rowsRead).toBe(0);
  });

  it('is gone on from with the rows that came after it', async () => {
    await load(landing, true);
    await landing.append('ticket_fetches', readsFrom(ROWS, 40));
    const state = await load(landing);
    expect(rowsRead).toBe(40);
    expect(state).toEqual(await foldedAnew());
  });

  it('says nothing of another workspace of the log', async () => {
    await load(landing, true);
    const other = createLanding(store, 'other', systemClock);
    await other.append('ticket_fetches', readsFrom(ROWS, 40).map((row) => ({ ...row, fetch_id: `other ${row.fetch_id}` })));
    const state = await load(landing);
    expect(rowsRead).toBe(0);
    expect(state).toEqual(await foldedAnew());
    expect(await load(other)).toEqual(await load({ ...other, memory: undefined }));
  });

  it.each(Object.entries<() => Promise<unknown>>(changesOf[kind]))('is not believed where %s', async (_, change) => {
    await load(landing, true);
    await change();
    const state = await load(landing, true);
    expect(rowsRead).toBeGreaterThan(2_000);
    expect(state).toEqual(await foldedAnew());
    expect(await load(landing)).toEqual(state);
    expect(rowsRead).toBe(0);
  });
});

it('of a database that has gone away nobody hears of a defect of ours', async () => {
  const opened = createLanding(await openDatabase(), 'default', systemClock);
  onTestFinished(() => opened.close());
  await database.goAway();
  await expect(load(opened)).rejects.toMatchObject({ code: 'landing.unreachable' });
  await database.comeBack();
});
