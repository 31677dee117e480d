import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWireTime } from '../../../extractor/suptask/wire-time.ts';

const iso = (value: unknown) => {
  const ms = parseWireTime(value);
  return ms === null ? null : new Date(ms).toISOString();
};

describe('a time of the API', () => {
  it.each<[unknown, string]>([
    [1_712_345_678, '2024-04-05T19:34:38.000Z'],
    ['1712345678', '2024-04-05T19:34:38.000Z'],
    [' 1712345678 ', '2024-04-05T19:34:38.000Z'],
    [1_712_345_678.9, '2024-04-05T19:34:38.900Z'],
    [1_712_345_678_901, '2024-04-05T19:34:38.901Z'],
    ['1712345678901', '2024-04-05T19:34:38.901Z'],
    [1, '1970-01-01T00:00:01.000Z'],
    ['2024-04-05T19:34:38Z', '2024-04-05T19:34:38.000Z'],
    ['2024-04-05t19:34:38z', '2024-04-05T19:34:38.000Z'],
    ['2024-04-05T19:34:38.123456Z', '2024-04-05T19:34:38.123Z'],
    ['2024-04-05T21:34:38+02:00', '2024-04-05T19:34:38.000Z'],
    ['2024-04-05T21:34:38+0200', '2024-04-05T19:34:38.000Z'],
    ['2024-04-05T14:04:38-05:30', '2024-04-05T19:34:38.000Z'],
    ['2024-04-05T19:34:38', '2024-04-05T19:34:38.000Z'],
    ['2024-04-05 19:34:38', '2024-04-05T19:34:38.000Z'],
    ['2024-04-05T19:34', '2024-04-05T19:34:00.000Z'],
    ['2024-04-05', '2024-04-05T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('%j is %s, whatever the time zone of this machine', (value, expected) => {
    expect(iso(value)).toBe(expected);
  });

  it.each([
    null, undefined, true, {}, [], '', ' ', 'soon', '0', 0, -1, -1_712_345_678, Number.NaN, Number.POSITIVE_INFINITY,
    '2024-13-05T00:00:00Z', '2024-04-05T25:00:00Z', '05/04/2024', '5 April 2024', '0000-00-00', '1e400', '12:00',
  ])('%j is none', (value) => {
    expect(parseWireTime(value)).toBeNull();
  });

  it.each([1_712_345_678_901_234, '1712345678901234567', 253_402_300_800_000, '0000-01-01T00:00:00Z'])(
    '%j is none: no engine of the landing log has that year',
    (value) => {
      expect(parseWireTime(value)).toBeNull();
    },
  );

  it('is null or of the years 1 to 9999, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.string(), fc.date().map(String), fc.anything()), (value) => {
        expect(iso(value) ?? '0001-').toMatch(/^(?!0000)\d{4}-/);
      }),
    );
  });

  it('is read back from each of its three forms', () => {
    const seconds = fc.integer({ min: 1, max: 99_999_999_999 });
    fc.assert(
      fc.property(seconds, (second) => {
        expect(parseWireTime(second)).toBe(second * 1000);
        expect(parseWireTime(String(second))).toBe(second * 1000);
        if (second <= 253_402_300_799) expect(parseWireTime(new Date(second * 1000).toISOString())).toBe(second * 1000);
      }),
    );
  });
});
