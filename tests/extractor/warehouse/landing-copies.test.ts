import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../../extractor/secret.ts';
import { createLanding } from '../../../extractor/landing/landing.ts';
import { openParquetStore } from '../../../extractor/landing/parquet-store.ts';
import { openPostgresStore } from '../../../extractor/landing/postgres-store.ts';
import { columnsOf, type ColumnType, type StreamName, streams } from '../../../extractor/landing/streams.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { copyLog, readStream, streamNames } from './support/landing-log.ts';
import { createWorkshop, type Workshop } from './support/warehouse.ts';

/** What COPY, Parquet or a reader in a hurry could take for something else. */
const TEXTS = ['', '\\N', '\\.', '\\', 'a\tb', 'two\nlines', 'return\r\n', '"quoted", \'twice\'', 'null', '{"a":"\\u0041\\n"}', 'Δήμητρα 晨星 👩‍🚀', ' padded '];

const STARTS_AT = Date.UTC(2026, 11, 30, 23, 59, 59, 500);

/** The value of a column in a stream's nth row: every text in every column, the bounds of numbers, null where it may be. */
function valueOf(type: ColumnType, row: number, place: number): unknown {
  switch (type) {
    case 'string':
    case 'body':
      return TEXTS[(row + place) % TEXTS.length];
    case 'bigint':
      return [0, 1, -1, Number.MAX_SAFE_INTEGER][row % 4];
    case 'integer':
      return [0, 1, -(2 ** 31), 2 ** 31 - 1][row % 4];
    case 'boolean':
      return row % 2 === 0;
    case 'timestamp':
      return new Date(STARTS_AT + row * 7_777_777);
  }
}

function rowsOf(stream: StreamName): never[] {
  return Array.from({ length: 2 * TEXTS.length }, (_, row) => {
    const values = columnsOf(stream).map(([name, { type, nullable }], place) => {
      if (name === streams[stream].id) return [name, `${stream} ${String(row).padStart(3, '0')}`];
      return [name, nullable && (row + place) % 5 === 0 ? null : valueOf(type, row, place)];
    });
    return Object.fromEntries(values) as never;
  });
}

let workshop: Workshop;
let database: TestDatabase;

beforeAll(async () => {
  workshop = await createWorkshop();
  database = await createDatabase();
});

afterAll(async () => {
  await database.drop();
  await workshop.remove();
});

it('a landing log copied from Parquet to PostgreSQL and back is the same, value by value', async () => {
  const first = openParquetStore(join(workshop.folder, 'first'));
  const postgres = await openPostgresStore(new Secret(database.url), 'the tests');
  const second = openParquetStore(join(workshop.folder, 'second'));
  let nowMs = STARTS_AT;
  const landing = createLanding(first, 'default', { now: () => nowMs, sleep: async () => undefined });
  for (const stream of streamNames) {
    const rows = rowsOf(stream);
    await landing.append(stream, rows.slice(0, TEXTS.length));
    nowMs += 1_000;
    await landing.append(stream, rows.slice(TEXTS.length));
  }

  await copyLog(first, postgres);
  await copyLog(postgres, second);
  await postgres.close();
  for (const stream of streamNames) {
    const original = await readStream(first, stream);
    expect(original).toHaveLength(2 * TEXTS.length);
    expect(await readStream(second, stream), stream).toEqual(original);
  }

  const days = await database.query(`select distinct landed_on::text as day from suptask_raw.ticket_fetches order by 1`);
  expect(days.map(({ day }) => day)).toEqual(['2026-12-30', '2026-12-31']);
});
