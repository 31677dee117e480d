import { describe, expect, it } from 'vitest';
import type { TicketState } from '../../../extractor/sync/ticket-state.ts';
import { PARKED_AFTER_FAILURES, retryAtMs } from '../../../extractor/sync/retry.ts';

const NOW = Date.parse('2026-07-06T00:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const state = (changes: Partial<TicketState>): TicketState => ({
  number: 42, lastReadAtMs: NOW, lastFoundAtMs: null, lastChangeAtMs: null, previousChangeAtMs: null, statusClass: null, previousClass: null,
  versions: 0, failuresInRow: 0, lastOutcome: 'found', missingSinceMs: null, unconfirmedSinceMs: null, ...changes,
});
const waitOf = (changes: Partial<TicketState>) => (retryAtMs(state(changes)) ?? Number.NaN) - NOW;
const failing = (failuresInRow: number, number = 42) => waitOf({ failuresInRow, lastOutcome: 'server_error', number });

describe('the retry of a number', () => {
  it('is not needed after a good answer', () => {
    expect(retryAtMs(state({}))).toBeNull();
    expect(retryAtMs(state({ lastOutcome: 'unchanged' }))).toBeNull();
  });

  it.each([[1, 15], [2, 30], [3, 60], [4, 120]])('after %d failures in a row comes about %d minutes later', (failures, minutes) => {
    for (let number = 1; number <= 500; number += 1) {
      expect(failing(failures, number)).toBeGreaterThanOrEqual(minutes * MINUTE * 0.75);
      expect(failing(failures, number)).toBeLessThan(minutes * MINUTE * 1.25);
    }
  });

  it('comes about a week later once the number is parked, and never not', () => {
    for (const failures of [PARKED_AFTER_FAILURES, 50, 5_000]) {
      expect(failing(failures)).toBeGreaterThanOrEqual(5.25 * DAY);
      expect(failing(failures)).toBeLessThan(8.75 * DAY);
    }
  });

  it('is at the same time whoever computes it, and not at the same time for all', () => {
    expect(failing(3)).toBe(failing(3));
    const waits = Array.from({ length: 1_000 }, (_, index) => failing(2, index + 1));
    expect(new Set(waits).size).toBeGreaterThan(990);
    expect(waits.reduce((sum, wait) => sum + wait) / 1_000 / (30 * MINUTE)).toBeCloseTo(1, 1);
  });

  it('of another team’s ticket comes a week later', () => {
    expect(waitOf({ lastOutcome: 'forbidden' }) / DAY).toBeCloseTo(7, -0.5);
  });

  it('of a missing one comes on another day, and once that confirmed it, after a month', () => {
    expect(waitOf({ lastOutcome: 'not_found', missingSinceMs: NOW })).toBe(DAY);
    const confirmed = waitOf({ lastOutcome: 'not_found', missingSinceMs: NOW - DAY }) / DAY;
    expect(confirmed).toBeGreaterThanOrEqual(22.5);
    expect(confirmed).toBeLessThan(37.5);
  });
});
