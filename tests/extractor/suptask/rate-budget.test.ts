import { describe, expect, it } from 'vitest';
import { RATE_WINDOW_MS, RateBudget } from '../../../extractor/suptask/rate-budget.ts';
import type { RateHeaders } from '../../../extractor/suptask/rate-headers.ts';

const NOW = Date.parse('2026-07-06T00:00:00Z');
const MINUTE = 60_000;
/** Stated times are of whole seconds: they are waited for to the end of theirs. */
const GRAIN = 1_000;

const fresh = (options: Partial<ConstructorParameters<typeof RateBudget>[0]> = {}) =>
  new RateBudget({ limit: 100, reserve: 0, spentAtMs: [], ...options });
const headers = (given: Partial<RateHeaders>): RateHeaders => ({ limit: null, remaining: null, resetAtMs: null, retryAtMs: null, ...given });

function spend(budget: RateBudget, atMs: number, status: number | null, given: Partial<RateHeaders> | null = null): void {
  budget.begin();
  budget.end(atMs, status, given && headers(given));
}

describe('the rate budget', () => {
  it('sends the first request alone, and the rest of the window after its answer', () => {
    const budget = fresh();
    expect(budget.available(NOW)).toBe(1);
    budget.begin();
    expect(budget.available(NOW)).toBe(0);
    budget.end(NOW, 200, headers({ limit: 100, remaining: 99, resetAtMs: NOW + RATE_WINDOW_MS }));
    expect(budget.available(NOW)).toBe(99);
    budget.begin();
    expect(budget.available(NOW)).toBe(98);
  });

  it('goes on alone while no answer comes', () => {
    const budget = fresh();
    spend(budget, NOW, null);
    spend(budget, NOW, null);
    expect(budget.available(NOW)).toBe(1);
  });

  it('counts what earlier runs spent within the window, and nothing older', () => {
    const spentAtMs = [NOW - 2 * RATE_WINDOW_MS, NOW - MINUTE, NOW - MINUTE, NOW];
    expect(fresh({ spentAtMs }).remaining(NOW)).toBe(97);
    const usedUp = fresh({ limit: 3, spentAtMs });
    expect(usedUp.available(NOW)).toBe(0);
    expect(usedUp.nextAtMs(NOW)).toBe(NOW - MINUTE + RATE_WINDOW_MS + GRAIN);
    expect(usedUp.available(usedUp.nextAtMs(NOW))).toBe(1);
  });

  it('knows a time to come back after answers in any order of their times', () => {
    const budget = fresh({ limit: 3, reserve: 2 });
    for (const second of [5, 20, 10]) spend(budget, NOW + second * 1000, 200);
    const nextAtMs = budget.nextAtMs(NOW + 30_000);
    expect(nextAtMs).toBe(NOW + 20_000 + RATE_WINDOW_MS + GRAIN);
    expect(budget.available(nextAtMs)).toBe(1);
  });

  it('is corrected by the headers, in the limit as well', () => {
    const budget = fresh();
    spend(budget, NOW, 200, { limit: 50, remaining: 7, resetAtMs: NOW + 5 * MINUTE });
    expect([budget.limit, budget.remaining(NOW)]).toEqual([50, 7]);
    const unlimited = fresh({ limit: null });
    expect(unlimited.available(NOW)).toBe(Number.POSITIVE_INFINITY);
    spend(unlimited, NOW, 200, { limit: 50, remaining: 0, resetAtMs: NOW + 5 * MINUTE });
    expect([unlimited.available(NOW), unlimited.nextAtMs(NOW)]).toEqual([0, NOW + 5 * MINUTE + GRAIN]);
  });

  it('leaves the reserve to others, but never nothing to itself', () => {
    expect(fresh({ reserve: 30 }).remaining(NOW)).toBe(70);
    expect(fresh({ reserve: 500 }).remaining(NOW)).toBe(1);
    const budget = fresh({ reserve: 30 });
    spend(budget, NOW, 200, { remaining: 31, resetAtMs: NOW + MINUTE });
    expect(budget.available(NOW)).toBe(1);
    spend(budget, NOW, 200, { remaining: 30, resetAtMs: NOW + MINUTE });
    expect(budget.available(NOW)).toBe(0);
  });

  it('believes no header for longer than an hour', () => {
    const budget = fresh();
    spend(budget, NOW, 200, { remaining: 0, resetAtMs: NOW + 1000 * RATE_WINDOW_MS });
    expect(budget.nextAtMs(NOW)).toBe(NOW + 60 * MINUTE + GRAIN);
  });
});

describe('the rate budget, refused', () => {
  it.each<[string, Partial<RateHeaders>, number]>([
    ['as Retry-After says', { retryAtMs: NOW + 30_000, resetAtMs: NOW + MINUTE }, 30_000 + GRAIN],
    ['till the window ends', { remaining: 0, resetAtMs: NOW + 2 * MINUTE }, 2 * MINUTE + GRAIN],
    ['for five seconds at least', { retryAtMs: NOW }, 5_000],
    ['for an hour at most', { retryAtMs: NOW + 100 * 60 * MINUTE }, 60 * MINUTE],
    ['for a minute where nothing is said', {}, MINUTE + GRAIN],
  ])('waits %s, and then sends one request', (_, given, waitMs) => {
    const budget = fresh();
    spend(budget, NOW, 429, given);
    expect(budget.available(NOW + waitMs - 1)).toBe(0);
    expect(budget.nextAtMs(NOW)).toBe(NOW + waitMs);
    expect(budget.available(NOW + waitMs)).toBe(1);
  });

  it('waits twice as long each time without a word, and a minute again after an answer', () => {
    const budget = fresh();
    const waits = [1, 2, 3, 4, 5, 6].reduce<{ atMs: number; waits: number[] }>(
      ({ atMs, waits }) => {
        spend(budget, atMs, 429);
        const nextAtMs = budget.nextAtMs(atMs);
        return { atMs: nextAtMs, waits: [...waits, nextAtMs - atMs - GRAIN] };
      },
      { atMs: NOW, waits: [] },
    );
    expect(waits.waits).toEqual([1, 2, 4, 8, 16, 16].map((minutes) => minutes * MINUTE));
    spend(budget, waits.atMs, 200);
    spend(budget, waits.atMs, 429);
    expect(budget.nextAtMs(waits.atMs)).toBe(waits.atMs + MINUTE + GRAIN);
  });

  it('takes many refusals of one moment for one', () => {
    const budget = fresh();
    for (let read = 0; read < 32; read += 1) budget.begin();
    for (let read = 0; read < 32; read += 1) budget.end(NOW, 429, null);
    expect(budget.nextAtMs(NOW)).toBe(NOW + MINUTE + GRAIN);
  });
});
