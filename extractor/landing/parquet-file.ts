import { writeFile } from 'node:fs/promises';
import parquet from '@dsnp/parquetjs';
import { placedWhole } from './placed-whole.ts';
import { columnsOf, type StreamName } from './streams.ts';

const parquetTypes = {
  string: 'UTF8',
  bigint: 'INT64',
  integer: 'INT32',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_MICROS',
} as const;

/** Statistics of a body help nobody and copy its beginning and end into the footer. */
const WITHOUT_STATISTICS = new Set(['payload']);

function schemaOf(stream: StreamName): InstanceType<typeof parquet.ParquetSchema> {
  const fields = columnsOf(stream).map(([name, column]) => [
    name,
    {
      type: parquetTypes[column.type],
      optional: column.nullable === true,
      compression: 'SNAPPY' as const,
      ...(WITHOUT_STATISTICS.has(name) ? { statistics: false as const } : {}),
    },
  ]);
  return new parquet.ParquetSchema(Object.fromEntries(fields));
}

/** The rows as the bytes of one Parquet file with one row group. */
async function encode(stream: StreamName, rows: readonly object[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const sink = {
    write: (piece: Buffer, done: (error?: Error) => void) => {
      pieces.push(piece);
      done();
    },
    end: (done: (error?: Error) => void) => done(),
  };
  const writer = await parquet.ParquetWriter.openStream(schemaOf(stream), sink as never, {
    rowGroupSize: rows.length + 1,
    useDataPageV2: false,
  });
  for (const row of rows) await writer.appendRow(row as Record<string, unknown>);
  await writer.close();
  return Buffer.concat(pieces);
}

/** Writes rows to a new Parquet file. A reader sees the whole file or none; when it throws, none is there. */
export async function writeParquetFile(stream: StreamName, rows: readonly object[], path: string): Promise<void> {
  const bytes = await encode(stream, rows);
  await placedWhole(path, (beside) => writeFile(beside, bytes, { flag: 'wx' }));
}
