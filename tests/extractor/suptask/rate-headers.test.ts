import { describe, expect, it } from 'vitest';
import { readRateHeaders } from '../../../extractor/suptask/rate-headers.ts';

const NOW = Date.parse('2026-07-06T00:00:00Z');
const none = { limit: null, remaining: null, resetAtMs: null, retryAtMs: null };

describe('the rate headers', () => {
  it('are null where there are none', () => {
    expect(readRateHeaders({}, NOW)).toEqual(none);
  });

  it.each<[string, number]>([
    [String(NOW / 1000 + 900), NOW + 900_000],
    [String(NOW + 900_000), NOW + 900_000],
    ['900', NOW + 900_000],
    ['899.2', NOW + 900_000],
    ['0', NOW],
    [' 60 ', NOW + 60_000],
    ['999999999', NOW + 999_999_999_000],
    ['1000000000', 1_000_000_000_000],
  ])('say by a reset of %s when the window ends', (reset, expected) => {
    expect(readRateHeaders({ 'x-ratelimit-reset': reset }, NOW)).toEqual({ ...none, resetAtMs: expected });
  });

  it.each<[string, number]>([
    ['30', NOW + 30_000],
    ['0', NOW],
    ['Mon, 06 Jul 2026 00:10:00 GMT', NOW + 600_000],
  ])('say by Retry-After %s when to come back', (retryAfter, expected) => {
    expect(readRateHeaders({ 'retry-after': retryAfter }, NOW)).toEqual({ ...none, retryAtMs: expected });
  });

  it('count the limit and what is left of it', () => {
    expect(readRateHeaders({ 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0' }, NOW)).toEqual({ ...none, limit: 100, remaining: 0 });
  });

  it.each<string | string[]>(['', 'soon', '-1', '100;w=900', 'NaN', '0x10', '1e3', '99999999999999999', ['1', '2']])(
    'that read %j are as if they were missing',
    (garbage) => {
      const headers = { 'x-ratelimit-limit': garbage, 'x-ratelimit-remaining': garbage, 'x-ratelimit-reset': garbage };
      expect(readRateHeaders(headers, NOW)).toEqual(none);
    },
  );

  it.each(['', 'soon', 'tomorrow at noon', 'NaN'])('have no word on when to come back in Retry-After %j', (garbage) => {
    expect(readRateHeaders({ 'retry-after': garbage }, NOW)).toEqual(none);
  });
});
