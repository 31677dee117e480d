import { newId } from '../ids.ts';
import { createLanding, type Landing, type LandingStore } from '../landing/landing.ts';
import type { Row } from '../landing/streams.ts';
import { type ArrivalOptions, arrivalTimes } from '../simulator/arrivals.ts';
import { createCast } from '../simulator/cast.ts';
import { SimulatedClock } from '../simulator/clock.ts';
import { HistoryReader, type TicketHistory } from '../simulator/history.ts';
import { createRandom } from '../simulator/random.ts';
import { seededHistory } from '../simulator/world.ts';
import { interpret } from '../suptask/interpret.ts';
import type { Ticket } from '../suptask/ticket.ts';
import { toFetchRow, toLook } from '../sync/fetch-row.ts';
import { Ledger } from '../sync/ledger.ts';
import { landRunEvent } from '../sync/run-log.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A change is seen so much later on average. With it a ticket of the seeded worlds has about five versions in the log. */
const MEAN_DELAY_MS = 2 * HOUR_MS;

/** Rows that are landed together. */
const BATCH_ROWS = 5_000;

const DURATION_MS = 120;

/** How much was written. */
export interface WrittenLog {
  tickets: number;
  /** Reads that found a body which was not the one before. */
  versions: number;
  reads: number;
  runs: number;
}

interface ComingLook {
  number: number;
  at: number;
  reader: HistoryReader;
}

/**
 * Writes the landing log of a seeded world as if a source without a rate limit had been read: each
 * ticket some hours after each of its changes, and once more a week after the last; one run a day.
 * Nothing is served and nothing asked for, so that logs of a size can be had that no source would
 * give in a year. Memory holds only the tickets whose life goes on, whatever the size of the world.
 */
export async function writeLog(options: ArrivalOptions, store: LandingStore, onProgress: (done: { day: number; reads: number }) => void): Promise<WrittenLog> {
  const clock = new SimulatedClock(options.startsAt);
  const landing = createLanding(store, 'default', clock);
  const ledger = new Ledger();
  const written: WrittenLog = { tickets: 0, versions: 0, reads: 0, runs: 0 };
  for (const { looks, end } of looksByDay(options)) {
    clock.advanceTo(end - DAY_MS);
    await landRun(landing, clock, looks, { ledger, written, end });
    onProgress({ day: (end - options.startsAt) / DAY_MS, reads: written.reads });
  }
  written.tickets = ledger.newestNumber;
  return written;
}

async function landRun(
  landing: Landing,
  clock: SimulatedClock,
  looks: readonly ComingLook[],
  { ledger, written, end }: { ledger: Ledger; written: WrittenLog; end: number },
): Promise<void> {
  const run = { runId: newId(), kind: 'sync' };
  await landRunEvent(landing, clock, run, 'started');
  const counts = { requests: looks.length, found: 0, unchanged: 0 };
  for (let from = 0; from < looks.length; from += BATCH_ROWS) {
    const rows = looks.slice(from, from + BATCH_ROWS).map(({ number, at, reader }) => {
      const row = rowOfRead(number, reader.ticketAt(at), at, { runId: run.runId, ledger });
      ledger.apply(toLook(row));
      counts[row.outcome === 'found' ? 'found' : 'unchanged'] += 1;
      return row;
    });
    clock.advanceTo(rows.at(-1)?.observed_at.getTime() ?? end);
    await landing.append('ticket_fetches', rows);
  }
  clock.advanceTo(end);
  await landRunEvent(landing, clock, run, 'finished', { counts });
  written.reads += looks.length;
  written.versions += counts.found;
  written.runs += 1;
}

/** The row that a read of a ticket at `at` would have landed, answered in full and dated by the source. */
export function rowOfRead(number: number, ticket: Ticket | undefined, at: number, context: { runId: string | null; ledger: Ledger }): Row<'ticket_fetches'> {
  const body = Buffer.from(JSON.stringify(ticket));
  const observed = { observedAtMs: at, observedBasis: 'date_header', fetchedAtMs: at, durationMs: DURATION_MS } as const;
  const answer = { number, result: interpret(number, 200, body, (text) => text), httpStatus: 200, ...observed, rate: null, headers: null };
  return toFetchRow(answer, { ...context, channel: 'api' });
}

/** All looks at all tickets in the order of time, those of a day (UTC) together, and when that day ended. */
function* looksByDay(options: ArrivalOptions): Generator<{ looks: ComingLook[]; end: number }> {
  const cast = createCast();
  const horizon = options.startsAt + options.days * DAY_MS;
  const births = arrivalTimes(options);
  const coming = new Map<number, ComingLook[]>();
  let number = 0;
  for (let day = Math.floor((births[0] ?? horizon) / DAY_MS); day * DAY_MS < horizon; day += 1) {
    const end = Math.min((day + 1) * DAY_MS, horizon);
    for (; (births[number] ?? Number.POSITIVE_INFINITY) < end; number += 1) {
      const history = seededHistory(options.seed, number + 1, { createdAt: births[number] ?? 0, horizon, cast });
      const reader = new HistoryReader(history);
      for (const at of looksAt(history, options.seed, horizon)) {
        const looks = coming.get(Math.floor(at / DAY_MS)) ?? [];
        looks.push({ number: history.number, at, reader });
        coming.set(Math.floor(at / DAY_MS), looks);
      }
    }
    const looks = coming.get(day);
    coming.delete(day);
    if (looks) yield { looks: looks.sort((a, b) => a.at - b.at || a.number - b.number), end };
  }
}

/** When a ticket is looked at: some time after each change that no look has yet shown, and a week after the last. */
function looksAt({ number, existsFrom, events }: TicketHistory, seed: number, horizon: number): number[] {
  const random = createRandom(seed, `looks ${number}`);
  const looks: number[] = [];
  for (const changedAt of [existsFrom, ...events.map(({ at }) => at)]) {
    if (changedAt > (looks.at(-1) ?? 0)) looks.push(Math.ceil((changedAt + random.exponential(MEAN_DELAY_MS)) / 1_000) * 1_000);
  }
  looks.push((looks.at(-1) ?? existsFrom) + 7 * DAY_MS);
  return looks.filter((at) => at < horizon);
}
