import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../extractor/simulator/random.ts';
import { ChangeRates } from '../../../extractor/sync/change-rate.ts';
import { Ledger } from '../../../extractor/sync/ledger.ts';
import type { Look, TicketState } from '../../../extractor/sync/ticket-state.ts';
import { readValue } from '../../../extractor/sync/planner.ts';
import { probeValue } from '../../../extractor/sync/probe.ts';
import type { StatusClass } from '../../../extractor/sync/status-class.ts';

const BEGIN = Date.parse('2026-07-06T00:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const state = (changes: Partial<TicketState>): TicketState => ({
  number: 42, lastReadAtMs: BEGIN, lastFoundAtMs: BEGIN, lastChangeAtMs: BEGIN, previousChangeAtMs: null, statusClass: 'active', previousClass: null,
  versions: 1, failuresInRow: 0, lastOutcome: 'found', missingSinceMs: null, unconfirmedSinceMs: null, ...changes,
});

/** Looks at a ticket every hour, of which some showed a new version. */
function looksAt(number: number, changedAtHour: (hour: number) => boolean, hours: number, status: StatusClass = 'open'): Look[] {
  let version = 0;
  let updatedAtMs = BEGIN;
  return Array.from({ length: hours }, (_, hour) => {
    const observedAtMs = BEGIN + (hour + 1) * HOUR;
    if (hour > 0 && changedAtHour(hour)) {
      version += 1;
      updatedAtMs = observedAtMs - HOUR / 2;
    }
    const payloadHash = (number * 100_000 + version).toString(16).padStart(64, '0');
    return { number, outcome: 'found', observedAtMs, status, updatedAtMs, payloadHash };
  });
}

function ledgerOf(looks: readonly Look[]): Ledger {
  const ledger = new Ledger();
  for (const look of looks.toSorted((a, b) => a.observedAtMs - b.observedAtMs)) ledger.apply(look);
  return ledger;
}

describe('the rate of change', () => {
  it('is the prior where nothing was learned: level times ln((age now + grace) / (age at the look + grace))', () => {
    const rates = new ChangeRates();
    const expected = (statusClass: StatusClass, lookAge: number, age: number) =>
      rates.expectedChanges(state({ statusClass, lastFoundAtMs: BEGIN + lookAge * HOUR }), BEGIN + age * HOUR);
    expect(expected('open', 0, 18)).toBeCloseTo(Math.log(24 / 6), 1);
    expect(expected('active', 6, 30)).toBeCloseTo(Math.log(36 / 12), 1);
    expect(expected('closed', 0, 48)).toBeCloseTo(0.15 * Math.log(72 / 24), 2);
  });

  it('is the truth where much was learned: on a further day as many looks show a change as were expected', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), fc.integer(), (meanHours, seed) => {
        const random = createRandom(seed, 'changes');
        const looks = Array.from({ length: 80 }, (_, index) => looksAt(index + 1, () => random.chance(1 / meanHours), 144)).flat();
        const ledger = new Ledger();
        const counted = { expected: 0, seen: 0 };
        for (const look of looks.toSorted((a, b) => a.observedAtMs - b.observedAtMs)) {
          const before = ledger.get(look.number);
          if (before && look.observedAtMs > BEGIN + 120 * HOUR) {
            // Of several changes within an hour a look shows one.
            counted.expected += 1 - Math.exp(-ledger.rates.expectedChanges(before, look.observedAtMs));
            counted.seen += look.payloadHash === ledger.hashOf(look.number) ? 0 : 1;
          }
          ledger.apply(look);
        }
        // Four standard deviations of what chance does to a count.
        expect(Math.abs(counted.expected - counted.seen)).toBeLessThan(4 * Math.sqrt(counted.seen) + 0.1 * counted.seen);
      }),
      { numRuns: 5 },
    );
  });

  it('is the same to the last bit whatever order the looks of different tickets come in', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(), { minLength: 9, maxLength: 9 }), (seed, order) => {
        const random = createRandom(seed, 'changes');
        // Each ticket is looked at in a rhythm of its own.
        const tickets = order.map((_, index) =>
          looksAt(index + 1, () => random.chance(0.2), 40).map((look, place) => ({ ...look, observedAtMs: look.observedAtMs + place * (index + 1) * 97_000 })),
        );
        const [one, other] = [new Ledger(), new Ledger()];
        for (const looks of tickets) for (const look of looks) one.apply(look);
        const shuffled = order.map((_, place) => place).sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
        for (const place of shuffled) for (const look of tickets[place] ?? []) other.apply(look);
        const askedOf = (ledger: Ledger) => order.map((_, index) => index + 1).map((number) => ledger.rates.expectedChanges(ledger.get(number) as TicketState, BEGIN + 3 * DAY));
        expect(askedOf(other)).toEqual(askedOf(one));
      }),
    );
  });

  it('never falls to nothing, however long nothing happens', () => {
    const twice = [0, 2 * 365].map((day) => (number: number): Look => ({
      number, outcome: 'found', observedAtMs: BEGIN + day * DAY + number, status: 'Closed', updatedAtMs: null, payloadHash: number.toString(16).padStart(64, '0'),
    }));
    const ledger = ledgerOf(twice.flatMap((look) => Array.from({ length: 2_000 }, (_, index) => look(index + 1))));
    const year = ledger.rates.expectedChanges(ledger.get(1) as TicketState, BEGIN + 3 * 365 * DAY);
    expect(year).toBeCloseTo(1 / 5, 2);
  });

  it('learns what follows after a fixed time: tickets archived a week after they were closed', () => {
    const looks = Array.from({ length: 60 }, (_, index) => looksAt(index + 1, (hour) => hour === 168, 200, 'closed')).flat();
    const { rates } = ledgerOf(looks);
    const closed = state({ statusClass: 'closed', lastFoundAtMs: BEGIN });
    const between = (from: number, to: number) => rates.expectedChanges({ ...closed, lastFoundAtMs: BEGIN + from * HOUR }, BEGIN + to * HOUR);
    expect(between(150, 174)).toBeGreaterThan(20 * between(60, 84));
  });

  it('learns the hours of the day at which things happen', () => {
    const looks = Array.from({ length: 40 }, (_, index) => looksAt(index + 1, (hour) => hour % 24 === 9, 200)).flat();
    const { rates } = ledgerOf(looks);
    const seenAt = (hour: number) => state({ statusClass: 'open', lastChangeAtMs: BEGIN + 20 * DAY, lastFoundAtMs: BEGIN + (24 * 21 + hour) * HOUR });
    const withinAnHour = (hour: number) => rates.expectedChanges(seenAt(hour), BEGIN + (24 * 21 + hour + 1) * HOUR);
    expect(withinAnHour(9)).toBeGreaterThan(5 * withinAnHour(4));
  });
});

describe('the worked tickets of docs/decisions.md', () => {
  const ledger = new Ledger();

  it('are worth what stands there', () => {
    const active = state({ lastChangeAtMs: BEGIN + 9 * HOUR, lastFoundAtMs: BEGIN + 10 * HOUR });
    const closed = state({ statusClass: 'closed', lastChangeAtMs: BEGIN - 58 * HOUR, lastFoundAtMs: BEGIN - 58 * HOUR });
    const nowMs = BEGIN + 14 * HOUR;
    expect(readValue(ledger, active, nowMs) / HOUR).toBeCloseTo(0.9, 2);
    expect(readValue(ledger, closed, nowMs) / HOUR).toBeCloseTo(7.44, 2);
  });

  it('and so are new numbers, which an hour makes worth any other', () => {
    const look = (number: number, outcome: 'found' | 'not_found', observedAtMs: number): Look => ({ number, outcome, observedAtMs, status: null, updatedAtMs: null, payloadHash: 'a'.repeat(64) });
    const grown = new Ledger();
    for (let number = 1; number <= 100; number += 1) grown.apply(look(number, 'found', BEGIN + (number > 52 ? 2 * DAY : 0)));
    expect(probeValue(grown, BEGIN + 2 * DAY)).toBe(Number.POSITIVE_INFINITY);
    grown.apply(look(101, 'not_found', BEGIN + 2 * DAY));
    expect(probeValue(grown, BEGIN + 2 * DAY + HOUR / 2) / HOUR).toBeCloseTo(0.17, 2);
    expect(probeValue(grown, BEGIN + 2 * DAY + HOUR)).toBe(Number.POSITIVE_INFINITY);
  });
});
