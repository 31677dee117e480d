import { v7 as uuid } from 'uuid';
import { createHash } from 'node:crypto';
import { createLanding, type LandingStore } from '../../../../extractor/landing/landing.ts';
import type { Row, StreamName } from '../../../../extractor/landing/streams.ts';
import { createRandom } from '../../../../extractor/simulator/random.ts';
import { SimulatedClock } from '../../../../extractor/simulator/clock.ts';
import { startSimulator } from '../../../../extractor/simulator/server.ts';
import { createWorld, type World } from '../../../../extractor/simulator/world.ts';
import { MemoryStore } from '../../proof/support/memory-store.ts';
import { STARTS_AT, syncOnce, TOKEN } from '../../support/source.ts';

const HOUR_MS = 3_600_000;

/** A row of the log with its stream, as it was landed. */
export interface LoggedRow {
  stream: StreamName;
  row: Record<string, unknown> & { landed_at: Date };
}

export interface LivedOptions {
  seed: number;
  tickets: number;
  days: number;
  runEveryHours: number;
}

/** The log of a world that is read now and then, with failures, and tells of some of its changes by webhook: rows in the order of landing. */
export async function livedLog({ seed, tickets, days, runEveryHours }: LivedOptions): Promise<LoggedRow[]> {
  const world = createWorld({ seed, tickets, days, startsAt: STARTS_AT });
  const clock = new SimulatedClock(STARTS_AT + 24 * HOUR_MS);
  const faults = { seed, serverError: { probability: 0.03 }, brokenForEver: { numbers: [7] }, gone: { numbers: [] as number[] } };
  const simulator = await startSimulator({ world, clock, token: TOKEN, rateLimit: null, faults });
  const store = new MemoryStore();
  const landing = createLanding(store, 'default', clock);
  const deliveries = webhooks(world, seed);
  try {
    for (let at = clock.now(); at <= world.horizon; at += runEveryHours * HOUR_MS) {
      for (const delivery of deliveries.splice(0, deliveries.findLastIndex((each) => each.observed_at.getTime() <= at) + 1)) {
        clock.advanceTo(delivery.observed_at.getTime());
        await landing.append('ticket_fetches', [delivery]);
      }
      clock.advanceTo(at);
      // Two tickets are deleted, and one of them comes back.
      const isLate = at > world.horizon - 4 * 24 * HOUR_MS;
      simulator.setFaults({ ...faults, gone: { numbers: isLate ? [11] : [11, 12] } });
      await syncOnce({ world, clock, simulator }, landing);
    }
  } finally {
    await simulator.close();
  }
  return store.rows as LoggedRow[];
}

/** A delivery for one change in three, up to three hours late, and one in five of these twice. */
function webhooks(world: World, seed: number): Row<'ticket_fetches'>[] {
  const random = createRandom(seed, 'webhooks');
  return world
    .truth(world.horizon)
    .tickets.flatMap(({ number, events }) => events.map(({ at }) => ({ number, at })))
    .filter(({ at }) => at > world.startsAt + 24 * HOUR_MS && random.chance(0.33))
    .flatMap(({ number, at }) => {
      const payload = JSON.stringify(world.ticket(number, at));
      const delayMs = random.chance(0.5) ? 0 : random.integer(0, 3 * HOUR_MS);
      const times = random.chance(0.2) ? [delayMs, delayMs + 60_000] : [delayMs];
      return times.map((ms) => delivery(number, at, new Date(at + ms), payload));
    })
    .toSorted((a, b) => a.observed_at.getTime() - b.observed_at.getTime());
}

function delivery(number: number, updatedAtMs: number, observedAt: Date, payload: string): Row<'ticket_fetches'> {
  return {
    fetch_id: uuid({ msecs: observedAt.getTime() }),
    run_id: null,
    ticket_number: number,
    channel: 'webhook',
    outcome: 'found',
    http_status: null,
    observed_at: observedAt,
    observed_basis: 'local_clock',
    fetched_at: observedAt,
    duration_ms: 0,
    attempt: 1,
    team_id: null,
    ticket_status: null,
    ticket_updated_at: new Date(updatedAtMs),
    payload_hash: createHash('sha256').update(payload).digest('hex'),
    payload,
    error: null,
  };
}

/** Rows that are landed together, before a build. */
export type Cut = LoggedRow[];

/**
 * The log in so many cuts. But for the first, which is whole, one row in ten comes some cuts too late. Within a cut the
 * order is shuffled, and some rows of it lie in a folder of two days before.
 */
export function randomCuts(log: readonly LoggedRow[], count: number, seed: number): Cut[] {
  const random = createRandom(seed, 'cuts');
  const cuts: Cut[] = Array.from({ length: count }, () => []);
  const bounds = Array.from({ length: count - 1 }, () => endOfMoment(log, random.integer(1, log.length - 1))).toSorted((a, b) => a - b);
  for (const [place, logged] of log.entries()) {
    const cut = bounds.filter((bound) => bound <= place).length;
    cuts[cut > 0 && random.chance(0.1) ? random.integer(cut, count - 1) : cut]?.push(logged);
  }
  return cuts.map((cut) => shuffled(cut, random));
}

/** The first place from here on at which a new moment begins: what happens at one moment cannot be told apart by `as_of`. */
function endOfMoment(log: readonly LoggedRow[], place: number): number {
  const at = log[place - 1]?.row.landed_at.getTime();
  const rest = log.slice(place).findIndex(({ row }) => row.landed_at.getTime() !== at);
  return rest === -1 ? log.length : place + rest;
}

function shuffled<T>(items: readonly T[], random: { next(): number }): T[] {
  return items.map((item) => [random.next(), item] as const).toSorted(([a], [b]) => a - b).map(([, item]) => item);
}

/** Lands rows as they are, or, where `late`, all at the latest of their times and some two days before that. */
export async function landRows(store: LandingStore, rows: readonly LoggedRow[], { late }: { late: boolean }): Promise<void> {
  const latest = new Date(Math.max(...rows.map(({ row }) => row.landed_at.getTime())));
  const earlier = new Date(latest.getTime() - 48 * HOUR_MS);
  const landed = rows.map(({ stream, row }, place) => ({ stream, row: late ? { ...row, landed_at: place % 5 === 0 ? earlier : latest } : row }));
  const batches = Map.groupBy(landed, ({ stream, row }) => `${stream} ${row.landed_at.toISOString().slice(0, 10)}`);
  for (const batch of batches.values()) {
    const [first] = batch;
    if (first) await store.write({ stream: first.stream, batchId: uuid(), landedAt: first.row.landed_at, rows: batch.map(({ row }) => row) as never[] });
  }
}
