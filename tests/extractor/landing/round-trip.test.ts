import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnType, columnsOf, type Row, type StreamName, streams } from '../../../extractor/landing/streams.ts';
import { emptyLanding, LANDING_KINDS, landingAddress, landingAt, rowsOf } from '../support/landing.ts';
import { byLength } from '../support/length.ts';

const NAMES = Object.keys(streams) as StreamName[];
const LANDING_COLUMNS = new Set(['workspace', 'batch_id', 'landed_at']);

const hostile = fc.constantFrom(
  '', ' ', 'null', '\\N', '\\.', '\\', '\\\\n', "'", '"', '""', "'; drop table x; --", '\t', '\n', '\r\n', '\r', '\b\f\v', '\u0001', '\u007f',
  '\uFFFD', '\uFEFF', '\u2028', '😀👩‍👩‍👧', 'é', 'e\u0301', 'العربية', '日本語', '$1', '%s', '{}', '1e5', '-0', 'a,b;c', '2026-01-01', 'x'.repeat(70_000),
);
const wellFormed = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '').toWellFormed());
const wholeDay = (text: string) => Date.parse(`${text}T00:00:00.000Z`);

const texts = fc.oneof(hostile, wellFormed, fc.array(hostile, { maxLength: 4 }).map((parts) => parts.join('')));

const values: Record<ColumnType, fc.Arbitrary<unknown>> = {
  string: texts,
  body: fc.oneof(texts, texts.map((text) => Buffer.from(text))),
  bigint: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER)),
  integer: fc.oneof(fc.integer(), fc.constantFrom(0, 2 ** 31 - 1, -(2 ** 31))),
  boolean: fc.boolean(),
  timestamp: fc.oneof(
    fc.date({ min: new Date(wholeDay('0001-01-01')), max: new Date(wholeDay('9999-12-31')), noInvalidDate: true }),
    fc.constantFrom('0001-01-01', '1582-10-10', '1899-12-31', '1969-12-31', '1970-01-01', '2026-03-29', '9999-12-31').map((day) => new Date(wholeDay(day))),
  ),
};

function rowsFor(stream: StreamName): fc.Arbitrary<Record<string, unknown>[]> {
  const columns = columnsOf(stream).filter(([name]) => !LANDING_COLUMNS.has(name));
  const fields = columns.map(([name, { type, nullable }]) => [name, nullable ? fc.option(values[type]) : values[type]] as const);
  return fc.uniqueArray(fc.record(Object.fromEntries(fields), { noNullPrototype: true }), {
    minLength: 1,
    maxLength: 40,
    selector: (row) => row[streams[stream].id],
  });
}

function readBack(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString();
  return value instanceof Date ? value.getTime() : value;
}

describe.each(LANDING_KINDS)('a landing in %s', (kind) => {
  it.each(NAMES)('gives each row of %s back as it was', async (stream) => {
    const address = await landingAddress(kind);
    const landed = new Map<unknown, object>();
    let run = 0;
    const property = fc.asyncProperty(rowsFor(stream), async (rows) => {
      // A workspace for each run: ids may come again in the next.
      const landing = await landingAt(address, undefined, `run-${(run += 1)}`);
      const id = streams[stream].id;
      const unique = rows.map((row) => ({ ...row, [id]: `${run} ${String(row[id])}` }));
      await landing.append(stream, unique);
      const back = new Map((await rowsOf(landing, stream)).map((row) => [row[id], row]));
      expect(back.size).toBe(unique.length);
      for (const row of unique as Record<string, unknown>[]) {
        const expected = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readBack(value)]));
        expect(back.get(String(row[id]))).toMatchObject({ ...expected, workspace: landing.workspace });
        landed.set(row[id], row);
      }
    });
    await fc.assert(property, { numRuns: byLength(6, 60) });
    expect(landed.size).toBeGreaterThan(0);
  }, byLength(30_000, 600_000));

  it('keeps workspaces apart, and says for each batch when it was landed', async () => {
    const address = await landingAddress(kind);
    const clock = { now: () => Date.parse('2026-07-06T23:59:59.999Z'), sleep: () => Promise.resolve() };
    const [one, other] = [await landingAt(address, clock, 'one'), await landingAt(address, clock, 'other')];
    await one.append('error_events', [error('a'), error('b')]);
    await one.append('error_events', [error('c')]);
    await other.append('error_events', [error('d')]);
    const rows = await rowsOf(one, 'error_events');
    expect(rows.map(({ correlation_id }) => correlation_id)).toEqual(['a', 'b', 'c']);
    expect(new Set(rows.map(({ batch_id }) => batch_id)).size).toBe(2);
    expect(rows.every(({ landed_at }) => landed_at === clock.now())).toBe(true);
    expect(await rowsOf(other, 'error_events')).toHaveLength(1);
  });

  it('has no rows where nothing was landed, and takes an append of none', async () => {
    const landing = await emptyLanding(kind);
    await landing.append('error_events', []);
    for (const stream of NAMES) expect(await rowsOf(landing, stream)).toEqual([]);
  });

  it('orders by what it is asked to, across more rows than one chunk', async () => {
    const landing = await emptyLanding(kind);
    const count = 12_000;
    const rows = Array.from({ length: count }, (_, index) => error(`id-${String((index * 7_919) % count).padStart(6, '0')}`));
    await landing.append('error_events', rows.slice(0, 5_000));
    await landing.append('error_events', rows.slice(5_000));
    const ids = (await rowsOf(landing, 'error_events', ['correlation_id'])).map(({ correlation_id }) => correlation_id);
    expect(ids).toEqual(rows.map(({ correlation_id }) => correlation_id).sort());
  });
});

function error(correlation_id: string): Row<'error_events'> {
  return { correlation_id, at: new Date(0), code: 'defect', message: '', detail: null };
}
