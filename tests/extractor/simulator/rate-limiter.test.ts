import { describe, expect, it } from 'vitest';
import { RateLimiter, rateHeadersOf } from '../../../extractor/simulator/rate-limiter.ts';

const MINUTE_MS = 60_000;

function spendAt(limiter: RateLimiter, ...minutes: number[]): boolean[] {
  return minutes.map((minute) => limiter.spend(minute * MINUTE_MS).allowed);
}

describe('a fixed window', () => {
  it('begins with its first request and frees everything at its end', () => {
    const limiter = new RateLimiter({ requests: 2, windowMs: 15 * MINUTE_MS, window: 'fixed' });
    expect(spendAt(limiter, 10, 24, 24.9, 25, 25, 26)).toEqual([true, true, false, true, true, false]);
  });
});

describe('a sliding window', () => {
  it('frees one request when the oldest is as old as the window', () => {
    const limiter = new RateLimiter({ requests: 2, windowMs: 15 * MINUTE_MS, window: 'sliding' });
    expect(spendAt(limiter, 10, 24, 24.9, 25, 25, 39)).toEqual([true, true, false, true, false, true]);
  });
});

it('does not count what it refuses', () => {
  const limiter = new RateLimiter({ requests: 1, windowMs: MINUTE_MS, window: 'sliding' });
  expect(spendAt(limiter, 0, 0.5, 0.9, 1)).toEqual([true, false, false, true]);
});

describe('the rate headers', () => {
  const refused = { allowed: false, limit: 100, remaining: 0, resetsAt: 1_000_000_500 };
  const form = { resetForm: 'epoch_seconds', retryAfter: true, rateHeaders: true } as const;

  it('tell the reset as an epoch second or as seconds to wait, never too early', () => {
    expect(rateHeadersOf(refused, 999_990_000, form)['X-RateLimit-Reset']).toBe('1000001');
    expect(rateHeadersOf(refused, 999_990_000, { ...form, resetForm: 'seconds_to_wait' })['X-RateLimit-Reset']).toBe('11');
  });

  it('say Retry-After only on a refusal, and only where wanted', () => {
    expect(rateHeadersOf(refused, 999_990_000, form)['Retry-After']).toBe('11');
    expect(rateHeadersOf({ ...refused, allowed: true }, 999_990_000, form)).not.toHaveProperty('Retry-After');
    expect(rateHeadersOf(refused, 999_990_000, { ...form, retryAfter: false, rateHeaders: false })).toEqual({});
  });
});
