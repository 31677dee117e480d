import { expect } from 'vitest';
import { readSettings } from '../../../../extractor/config.ts';
import { SuptaskError } from '../../../../extractor/errors.ts';
import type { Landing } from '../../../../extractor/landing/landing.ts';
import type { Row } from '../../../../extractor/landing/streams.ts';
import { createRedactor } from '../../../../extractor/secret.ts';
import { readDelivery } from '../../../../extractor/serve/delivery.ts';
import type { SimulatedClock } from '../../../../extractor/simulator/clock.ts';
import type { Simulator } from '../../../../extractor/simulator/server.ts';
import { createClient } from '../../../../extractor/suptask/client.ts';
import { toLook } from '../../../../extractor/sync/fetch-row.ts';
import { underLease } from '../../../../extractor/sync/lease.ts';
import { runSync } from '../../../../extractor/sync/run.ts';
import { loadSyncState, type SyncState } from '../../../../extractor/sync/state.ts';
import { byLength } from '../../support/length.ts';
import type { TestDatabase } from '../../support/database.ts';
import { contents } from '../../support/ledger.ts';
import { TOKEN } from '../../support/source.ts';
import type { Delivery } from './deliveries.ts';
import type { Disk, Machine } from './machine.ts';
import { lastingFaults, TIMEOUT_MS, weather } from './weather.ts';

const HOUR_MS = 3_600_000;
export const RATE = { requests: 100, windowMs: 15 * 60_000 };

/** In the long form as a scheduler would: when, by a clock that shows whole seconds, the window of the run before is over. */
const RUN_EVERY_MS = byLength(HOUR_MS, RATE.windowMs + 2_000);

/** So many runs a process does before the next one begins with nothing but the log. */
const RUNS_A_PROCESS = 8;

/** Failures after which a process goes on. */
const PASSING: ReadonlySet<string> = new Set(['source.unreachable', 'source.failing']);

/** What a database that goes away does to who works in it. */
const AWAY: ReadonlySet<string> = new Set(['landing.unreachable', 'landing.not_writable', 'lease.lost']);

/** Reads of a run before the database goes away. */
const READS_BEFORE_AWAY = 5;

/** More than the rarest retry of a number waits. */
const LONGEST_RETRY_MS = 40 * 24 * HOUR_MS;

/** What happened, as it is seen from outside. */
export interface Course {
  runs: number;
  /** Codes of the errors that ended a run, with how often they did. */
  failures: Record<string, number>;
  /** All that was told of runs and their failures. */
  told: string[];
  /** Requests of others who share the token. */
  othersSpent: number;
  /** Requests whose answers a full disk did not take, or a database that was away. */
  notLanded: number;
  /** What came by webhook and was landed. */
  delivered: Set<string>;
  /** Runs in which the source refused a request, though all that had been spent was in the log. */
  refusedRuns: string[];
  ledgersCompared: number;
}

/** Everything that takes part. */
export interface Stage {
  simulator: Simulator;
  clock: SimulatedClock;
  machine: Machine;
  disk: Disk;
  /** Each process opens it anew. */
  openLanding: () => Promise<Landing>;
  /** The database that it lies in; null where it is a folder. */
  database: TestDatabase | null;
  /** What is delivered, in the order of arrival; what has arrived is taken out. */
  deliveries: Delivery[];
  seed: number;
  tickets: number;
}

/** Reads a world every quarter of an hour until `endsAt`, under every fault, with processes that come and go. */
export async function liveThroughFaults(stage: Stage, endsAt: number): Promise<Course> {
  const course: Course = { runs: 0, failures: {}, told: [], othersSpent: 0, notLanded: 0, delivered: new Set(), refusedRuns: [], ledgersCompared: 0 };
  const hours = weather(stage.seed, stage.tickets);
  const { clock } = stage;
  let hour = hours.next().value;
  let hourEndsAt = clock.now() + HOUR_MS;
  // Until then the window may hold requests of which the log knows nothing.
  let excusedUntil = 0;
  let kept: SyncState | null = null;
  while (clock.now() < endsAt) {
    await asProcess(stage, course, async ({ state, landing, lost }) => {
      if (kept) course.ledgersCompared += sameLedger(kept, state);
      // What a full disk did not take this process knows and the log does not, also where the run ended with an outage of the source.
      let knowsMore = false;
      for (let run = 0; run < RUNS_A_PROCESS && clock.now() < endsAt; run += 1) {
        const startedAt = clock.now();
        if (startedAt >= hourEndsAt) [hour, hourEndsAt] = [hours.next().value, startedAt + HOUR_MS];
        stage.simulator.setFaults(hour.faults);
        stage.simulator.setRateForm(hour.rateForm);
        stage.machine.aheadMs = hour.clockAheadMs;
        stage.disk.isFull = hour.isDiskFull;
        course.othersSpent += hour.othersSpend;
        const isAway = hour.isDatabaseAway && stage.database !== null;
        const before = { refused: refusals(stage.simulator), asked: stage.simulator.requests.total, landed: await readsLanded(stage) };
        const token = hour.isTokenRevoked ? `${TOKEN}-revoked` : TOKEN;
        const [failure] = await Promise.all([runOnce(stage, course, { state, landing, lost }, { token, isAway }), spendAsOthers(stage.simulator, hour.othersSpend)]);
        const isMissing = hour.isDiskFull || stage.database !== null;
        const missing = isMissing ? stage.simulator.requests.total - before.asked - hour.othersSpend - ((await readsLanded(stage)) - before.landed) : 0;
        course.notLanded += missing;
        knowsMore ||= hour.isDiskFull || missing > 0;
        if (hour.othersSpend > 0 || hour.isDiskFull || missing > 0) excusedUntil = startedAt + 2 * RUN_EVERY_MS;
        if (refusals(stage.simulator) > before.refused && startedAt >= excusedUntil) course.refusedRuns.push(new Date(startedAt).toISOString());
        const delivered = hour.isDiskFull || isAway ? [] : await deliver(stage, landing, course, startedAt + RUN_EVERY_MS / 2);
        clock.advanceTo(startedAt + RUN_EVERY_MS);
        kept = knowsMore ? null : state;
        // A ledger kept along the way hears of deliveries as they come.
        for (const row of delivered) state.ledger.apply({ ...toLook(row), isDelivery: true });
        // As a service would, the process ends at what does not pass by itself.
        if (isAway || (failure && !PASSING.has(failure))) return;
      }
    });
  }
  return course;
}

/** The weather clears up, all retries come due, and everything known is read once more. */
export async function settle(stage: Stage, course: Course): Promise<void> {
  const { clock, machine, disk, simulator } = stage;
  [machine.aheadMs, disk.isFull] = [0, false];
  simulator.setFaults(lastingFaults(stage.seed, stage.tickets));
  simulator.setRateForm({});
  clock.advanceTo(clock.now() + LONGEST_RETRY_MS);
  const before = refusals(simulator);
  await asProcess(stage, course, async (at) => {
    await runOnce(stage, course, at, { wait: true });
  });
  if (refusals(simulator) > before) course.refusedRuns.push('the last');
}

/** What a process works with. */
interface Workplace {
  state: SyncState;
  landing: Landing;
  lost: AbortSignal;
}

/** Works under the lease with what the log says, and leaves the log tidy; one whose database goes away does not. */
async function asProcess({ openLanding, machine, disk, database }: Stage, course: Course, work: (at: Workplace) => Promise<void>): Promise<void> {
  disk.isFull = false;
  let landing: Landing | undefined;
  try {
    landing = disk.under(await openLanding());
    await atWork(landing, machine, work);
  } catch (thrown) {
    if (!database || !(thrown instanceof SuptaskError) || !AWAY.has(thrown.code)) throw thrown;
    course.failures[thrown.code] = (course.failures[thrown.code] ?? 0) + 1;
  } finally {
    await landing?.close();
  }
}

function atWork(landing: Landing, machine: Machine, work: (at: Workplace) => Promise<void>): Promise<void> {
  return underLease(landing, machine, async (lost) => {
    await work({ landing, lost, state: await loadSyncState({ landing, clock: machine, rateLimit: RATE.requests, rateReserve: 0 }) });
    if (!lost.aborted) await landing.compact();
  });
}

/** Lands what has arrived by webhook, halfway between two runs. */
async function deliver({ deliveries, clock, machine }: Stage, landing: Landing, course: Course, halfway: number): Promise<Row<'ticket_fetches'>[]> {
  const count = deliveries.findIndex(({ arrivesAt }) => arrivesAt > halfway);
  const arrived = deliveries.splice(0, count === -1 ? deliveries.length : count);
  clock.advanceTo(halfway);
  const at = { localMs: machine.now(), sourceMs: clock.now() };
  const rows = arrived.map(({ ticket }) => readDelivery(Buffer.from(`{"eventType":"ticket.updated","ticket":${ticket}}`), at, (text) => text) as Row<'ticket_fetches'>);
  if (rows.length > 0) await landing.append('ticket_fetches', rows);
  for (const { ticket } of arrived) course.delivered.add(ticket);
  return rows;
}

/** Reads that a database holds; 0 for a folder, which takes all of a run or, while the disk is full, none. */
async function readsLanded({ database }: Stage): Promise<number> {
  const [row] = (await database?.query(`select count(*)::integer as reads from suptask_raw.ticket_fetches where channel = 'api'`)) ?? [];
  return Number(row?.['reads'] ?? 0);
}

/** One run; the code of the error that ended it, null where none did. */
async function runOnce(
  { simulator, machine, database }: Stage,
  course: Course,
  { state, landing, lost }: Workplace,
  { token = TOKEN, wait = false, isAway = false }: { token?: string; wait?: boolean; isAway?: boolean },
): Promise<string | null> {
  const settings = readSettings({ SUPTASK_API_BASE_URL: simulator.url, SUPTASK_API_TOKEN: token });
  const redact = createRedactor(settings.secrets);
  const client = createClient({ source: settings.source(), clock: machine, sourceClock: state.sourceClock, redact, timeoutMs: TIMEOUT_MS });
  course.runs += 1;
  let reads = 0;
  let going: Promise<void> | undefined;
  const onProgress = () => {
    reads += 1;
    if (isAway && reads === READS_BEFORE_AWAY) going = database?.goAway();
  };
  try {
    const report = await runSync({ client, landing, clock: machine, state }, { kind: 'sync', wait, signal: lost, onProgress });
    course.told.push(JSON.stringify(report));
    return null;
  } catch (thrown) {
    if (!(thrown instanceof SuptaskError)) throw thrown;
    course.told.push(`${thrown.message} ${thrown.remedy}`);
    course.failures[thrown.code] = (course.failures[thrown.code] ?? 0) + 1;
    return thrown.code;
  } finally {
    await client.close();
    await going;
    if (isAway) await database?.comeBack();
  }
}

async function spendAsOthers({ url }: Simulator, requests: number): Promise<void> {
  for (let spent = 0; spent < requests; spent += 1) {
    const read = async () => (await fetch(`${url}/ticket/1`, { headers: { authorization: `Api-Token ${TOKEN}` } })).text();
    await read().catch(() => undefined);
  }
}

function refusals({ requests }: Simulator): number {
  return requests.byStatus[429] ?? 0;
}

/** @throws where a process derives another ledger from the log than the one before it had kept */
function sameLedger(kept: SyncState, loaded: SyncState): number {
  expect(contents(loaded.ledger)).toEqual(contents(kept.ledger));
  return 1;
}
