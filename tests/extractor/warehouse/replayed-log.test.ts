import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../extractor/secret.ts';
import { openParquetStore } from '../../../extractor/landing/parquet-store.ts';
import { openPostgresStore } from '../../../extractor/landing/postgres-store.ts';
import { BUILD_OF_DATA } from '../../../extractor/operations/dbt.ts';
import { projectFolder } from '../../../extractor/operations/dbt.ts';
import { replayWorld } from '../../../extractor/simulator/replay.ts';
import { createLanding } from '../../../extractor/landing/landing.ts';
import type { TicketState } from '../../../extractor/sync/ticket-state.ts';
import { PARKED_AFTER_FAILURES } from '../../../extractor/sync/retry.ts';
import { loadSyncState } from '../../../extractor/sync/state.ts';
import { byLength } from '../support/length.ts';
import { deliverAfter, DELIVERED, liveHardDays, readEverything } from './support/extracting.ts';
import { copyLog } from './support/landing-log.ts';
import type { MartRow } from './support/marts.ts';
import { timeMs } from './support/true-tickets.ts';
import { bothEnd, createWorkshop, duckDbWarehouse, MODELS, type PostgresWarehouse, postgresWarehouse, type Workshop } from './support/warehouse.ts';

const eventLog = process.env['SUPTASK_EVENTS'] ?? join(projectFolder, 'tests/fixtures/events.csv');

/** What is asked of the marts, or all that can be. */
const ASKED = byLength<readonly string[]>([...MODELS, '--select', '+suptask_tickets', '+number_ledger'], BUILD_OF_DATA);

interface LastEvent {
  ticket_number: number;
  status: string;
  is_archived: boolean;
}

/** Read by other means than the simulator's: the first four columns hold no commas, and later rows of a time win. */
function lastEvents(path: string): LastEvent[] {
  const last = new Map<number, LastEvent & { at: number }>();
  for (const line of readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1)) {
    const [number, at, status = '', archived] = line.split(',');
    const event = { ticket_number: Number(number), status, is_archived: archived === 'true', at: Date.parse(at ?? '') };
    const known = last.get(event.ticket_number);
    if (!known || known.at <= event.at) last.set(event.ticket_number, event);
  }
  return [...last.values()]
    .map(({ ticket_number, status, is_archived }) => ({ ticket_number, status, is_archived }))
    .toSorted((a, b) => a.ticket_number - b.ticket_number);
}

describe('an event log, replayed to its end and extracted whole', () => {
  const expected = lastEvents(eventLog);
  let workshop: Workshop;
  let postgres: PostgresWarehouse;
  const tickets: Record<string, MartRow[]> = {};
  const ledgers: Record<string, MartRow[]> = {};
  let states: TicketState[];

  beforeAll(async () => {
    workshop = await createWorkshop();
    const landing = join(workshop.folder, 'landing');
    const world = replayWorld(eventLog);
    await readEverything(world, world.horizon, landing);
    await liveHardDays(world, landing);
    await deliverAfter(world, landing);
    states = await plannersLedger(landing);
    const duckDb = duckDbWarehouse(join(workshop.folder, 'duckdb'), landing);
    postgres = await postgresWarehouse(join(workshop.folder, 'postgres'));
    const store = await openPostgresStore(new Secret(postgres.database.url), 'the tests');
    await copyLog(openParquetStore(landing), store);
    await store.close();
    await bothEnd(duckDb.dbt(...ASKED), postgres.dbt(...ASKED));
    for (const { engine, marts } of [duckDb, postgres]) {
      tickets[engine] = await marts.rows('suptask_tickets');
      ledgers[engine] = await marts.rows('number_ledger');
    }
  }, 600_000);

  afterAll(async () => {
    await postgres?.database.drop();
    await workshop?.remove();
  });

  it.each(['DuckDB', 'PostgreSQL'])('has each number once on %s, with the status of its last event', (engine) => {
    const built = (tickets[engine] ?? []).map(({ ticket_number, status, is_archived }) => ({ ticket_number, status, is_archived }));
    const inOrder = built.toSorted((a, b) => Number(a.ticket_number) - Number(b.ticket_number));
    expect(inOrder).toHaveLength(expected.length);
    expect(inOrder.filter((row, place) => JSON.stringify(row) !== JSON.stringify(expected[place]))).toEqual([]);
  });

  // A delivery that comes late is a version in the history that the marts make, and tells the planner nothing.
  const versionsOf = (number: unknown, versions: unknown) => (DELIVERED.late.includes(Number(number)) ? null : versions);

  it.each(['DuckDB', 'PostgreSQL'])('says of each number on %s what the planner knows of it, whatever the source did and was delivered in the days after', (engine) => {
    const told = (ledgers[engine] ?? []).map((row) => [
      row['ticket_number'],
      row['last_outcome'],
      row['failures_in_row'],
      row['is_parked'],
      versionsOf(row['ticket_number'], row['versions_seen']),
      ...['last_read_at', 'last_found_at', 'missing_since'].map((name) => timeMs(row[name])),
    ]);
    const known = states.map((state) => [
      state.number,
      state.lastOutcome,
      state.failuresInRow,
      state.failuresInRow >= PARKED_AFTER_FAILURES,
      versionsOf(state.number, state.versions),
      state.lastReadAtMs,
      state.lastFoundAtMs,
      state.missingSinceMs,
    ]);
    const inOrder = (rows: unknown[][]) => rows.toSorted((a, b) => Number(a[0]) - Number(b[0]));
    expect(inOrder(told)).toEqual(inOrder(known));
    const outcomes = new Set(known.map(([, outcome]) => outcome));
    expect(outcomes.size).toBeGreaterThan(4);
    expect(outcomes).toContain('invalid_payload');
  });
});

/** What the planner's ledger holds of each number, folded from the same log. */
async function plannersLedger(folder: string): Promise<TicketState[]> {
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
  const landing = createLanding(openParquetStore(folder), 'default', clock);
  const { ledger } = await loadSyncState({ landing, clock, rateLimit: null, rateReserve: 0 });
  await landing.close();
  return [...ledger.states()];
}
