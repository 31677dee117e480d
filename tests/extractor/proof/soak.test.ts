import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readSettings } from '../../../extractor/config.ts';
import type { Scalar } from '../../../extractor/landing/landing.ts';
import { openLanding } from '../../../extractor/landing/open.ts';
import { streams, type StreamName } from '../../../extractor/landing/streams.ts';
import { SimulatedClock } from '../../../extractor/simulator/clock.ts';
import { startSimulator, type Simulator } from '../../../extractor/simulator/server.ts';
import { createWorld, type World } from '../../../extractor/simulator/world.ts';
import { createDatabase } from '../support/database.ts';
import { LANDING_KINDS, landingAddress, landingAt, rowsOf } from '../support/landing.ts';
import { byLength, seed } from '../support/length.ts';
import { STARTS_AT, TOKEN } from '../support/source.ts';
import { deliveriesOf } from './support/deliveries.ts';
import { Disk, Machine } from './support/machine.ts';
import { type Course, liveThroughFaults, RATE, settle } from './support/soak.ts';
import { lastingFaults } from './support/weather.ts';

const DAYS = byLength(2, 30);
const TICKETS = byLength(200, 2_000);
const KINDS = LANDING_KINDS;

type Log = Record<string, Scalar>[];

const isRead = ({ channel }: Log[number]) => channel === 'api';
const isSeen = ({ outcome }: Log[number]) => outcome === 'found' || outcome === 'unchanged';

/** A world of its own, since one is read fastest in the order of time. */
const newWorld = () => createWorld({ seed, tickets: TICKETS, days: DAYS, startsAt: STARTS_AT });

function bodyOf(world: World, number: number, at: number): string {
  return JSON.stringify(world.ticket(number, at));
}

function expectNoRowToBeUntrue(log: Log): void {
  const world = newWorld();
  const untrue = log.filter(isRead).filter(isSeen).filter(({ ticket_number: number, observed_at: at, payload, payload_hash: hash, outcome }) => {
    const body = bodyOf(world, Number(number), Number(at));
    return hash !== createHash('sha256').update(body).digest('hex') || payload !== (outcome === 'found' ? body : null);
  });
  expect(untrue.slice(0, 3)).toEqual([]);
}

/** A read lands its body unless it is what was known: of the last read, or of a delivery since that tells of a later moment, if of any. */
function expectEachVersionOnce(log: Log): void {
  const known = new Map<Scalar | undefined, { hash: Scalar | undefined; at: number }>();
  for (const row of log.filter(isSeen)) {
    const { ticket_number: number, payload_hash: hash, outcome } = row;
    const before = known.get(number);
    const at = Number((isRead(row) ? null : row['ticket_updated_at']) ?? row['observed_at']);
    if (isRead(row)) expect(outcome).toBe(before?.hash === hash ? 'unchanged' : 'found');
    else if (at < (before?.at ?? 0)) continue;
    known.set(number, { hash, at });
  }
}

function expectDeliveriesToBeWhatWasSent(log: Log, { delivered }: Course): void {
  const landed = log.filter((row) => !isRead(row));
  expect(landed.filter(({ payload }) => !delivered.has(String(payload)))).toEqual([]);
  expect(new Set(landed.map(({ payload }) => payload)).size).toBe(delivered.size);
  // Some of them twice.
  expect(landed.length).toBeGreaterThan(delivered.size);
}

function expectEachLastVersion(log: Log, world: World): void {
  const { brokenForEver, forbidden, gone } = lastingFaults(seed, TICKETS);
  const unreadable = new Set([...brokenForEver.numbers, ...forbidden.numbers, ...gone.numbers]);
  const readable = world.truth(world.horizon).tickets.filter(({ number }) => !unreadable.has(number));
  const bodies = new Map(log.filter(({ payload }) => payload !== null).map((row) => [row['payload_hash'], row['payload']]));
  const lastHash = new Map(log.filter(isRead).filter(isSeen).map((row) => [row['ticket_number'], row['payload_hash']]));
  expect(readable.length).toBeGreaterThan(0.9 * TICKETS);
  expect(readable.filter(({ number }) => bodies.get(lastHash.get(number)) !== bodyOf(world, number, world.horizon)).map(({ number }) => number)).toEqual([]);
}

/** Every request that the source counts is a row, but for those that a full disk refused and those of others. */
function expectEachRequestToBeARow(log: Log, { requests }: Simulator, { notLanded, othersSpent }: Course): void {
  expect(log.filter(isRead).length + notLanded + othersSpent).toBe(requests.total);
  expect(new Set(log.map(({ fetch_id: id }) => id)).size).toBe(log.length);
}

const OUTCOMES = ['found', 'unchanged', 'not_found', 'forbidden', 'server_error', 'timeout', 'network_error', 'invalid_payload', 'rate_limited', 'unauthorized'];
const FAILURES = ['landing.not_writable', 'source.failing', 'source.unauthorized', 'source.unreachable'];
/** Only a database goes away. */
const AWAY = ['landing.unreachable', 'lease.lost'];

/** In two days a fault or two may not have come to pass. */
function expectFaultsToHaveStruck(log: Log, { failures, ledgersCompared }: Course, kind: typeof LANDING_KINDS[number]): void {
  expect(OUTCOMES).toEqual(expect.arrayContaining([...new Set(log.map(({ outcome }) => outcome))]));
  if (kind === 'postgres') expect(AWAY.some((code) => failures[code])).toBe(true);
  expect([...FAILURES, ...(kind === 'postgres' ? AWAY : [])]).toEqual(expect.arrayContaining(Object.keys(failures)));
  expect(new Set(log.map(({ outcome }) => outcome)).size).toBeGreaterThanOrEqual(byLength(6, OUTCOMES.length));
  expect(Object.keys(failures).length).toBeGreaterThanOrEqual(byLength(2, FAILURES.length));
  expect(ledgersCompared).toBeGreaterThan(0);
}

describe.each(KINDS)(`${DAYS} days under every fault (%s)`, (kind) => {
  it('end with every version of every ticket that can be read, and nothing untrue, doubled or told', { timeout: 7_200_000 }, async () => {
    const world = newWorld();
    const clock = new SimulatedClock(world.startsAt);
    const simulator = await startSimulator({ world, clock, token: TOKEN, rateLimit: RATE });
    onTestFinished(() => simulator.close());
    const [machine, disk] = [new Machine(clock), new Disk()];
    const database = kind === 'postgres' ? await createDatabase() : null;
    if (database) onTestFinished(() => database.drop());
    const address = database?.url ?? (await landingAddress('parquet'));
    const opened = () => openLanding(readSettings({ SUPTASK_LANDING: address }), machine);
    const stage = { simulator, clock, machine, disk, database, openLanding: opened, deliveries: deliveriesOf(newWorld(), seed), seed, tickets: TICKETS };
    const course = await liveThroughFaults(stage, world.horizon);
    await settle(stage, course);

    const landing = await landingAt(address, machine);
    const log = await rowsOf(landing, 'ticket_fetches', ['observed_at', 'fetch_id']);
    expectFaultsToHaveStruck(log, course, kind);
    expectDeliveriesToBeWhatWasSent(log, course);
    expectNoRowToBeUntrue(log);
    expectEachVersionOnce(log);
    expectEachLastVersion(log, world);
    expectEachRequestToBeARow(log, simulator, course);
    expect(course.refusedRuns).toEqual([]);
    for (const stream of Object.keys(streams) as StreamName[]) course.told.push(JSON.stringify(await rowsOf(landing, stream)));
    expect(course.told.filter((text) => text.includes(TOKEN))).toEqual([]);
  });
});
