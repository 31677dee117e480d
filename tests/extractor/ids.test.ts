import { afterEach, expect, it, vi } from 'vitest';
import { newId } from '../../extractor/ids.ts';

afterEach(() => vi.useRealTimers());

const isUuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it('gives each id after the one before, within a millisecond and where the clock goes back', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 6, 6) });
  const ids = Array.from({ length: 20_000 }, (_, index) => {
    if (index % 5_000 === 0) vi.setSystemTime(Date.now() + (index % 10_000 === 0 ? 1 : -60_000));
    return newId();
  });
  expect(ids.every((id) => isUuid7.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual([...ids].sort());
});

it('begins with the time', () => {
  vi.useFakeTimers({ now: Date.UTC(2099, 0, 1) });
  expect(Number.parseInt(newId().replace('-', '').slice(0, 12), 16)).toBe(Date.UTC(2099, 0, 1));
});
