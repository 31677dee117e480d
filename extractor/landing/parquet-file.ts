import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import parquet from '@dsnp/parquetjs';
import { PARQUET_COMPRESSION_METHODS } from '@dsnp/parquetjs/dist/lib/compression.js';
import { placedWhole } from './placed-whole.ts';
import { columnsOf, type StreamName } from './streams.ts';

const parquetTypes = {
  string: 'UTF8',
  bigint: 'INT64',
  integer: 'INT32',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_MICROS',
} as const;

/** The library's table of methods has no zstd; Node has, and compresses beside the main thread. */
const zstd = { deflate: promisify(zstdCompress), inflate: promisify(zstdDecompress) };

/** Without statistics: a file is small and read as a whole, and DuckDB writes them when it merges files. */
function schemaOf(stream: StreamName): InstanceType<typeof parquet.ParquetSchema> {
  PARQUET_COMPRESSION_METHODS['ZSTD'] ??= zstd;
  const fields = columnsOf(stream).map(([name, column]) => [
    name,
    { type: parquetTypes[column.type], optional: column.nullable === true, compression: 'ZSTD' as 'SNAPPY', statistics: false as const },
  ]);
  return new parquet.ParquetSchema(Object.fromEntries(fields));
}

/**
 * The rows column by column, as the library's writer keeps them until it encodes them. Its own way
 * there makes objects and sets of each field of each row, which costs more than all the rest.
 */
function inColumns(stream: StreamName, rows: readonly object[]): InstanceType<typeof parquet.ParquetWriter>['rowBuffer'] {
  const columns = columnsOf(stream).map(([name, { nullable }]) => {
    const all = (rows as Record<string, unknown>[]).map((row) => encodable(row[name]));
    const levels = all.map((value) => (nullable && value !== null ? 1 : 0));
    const values = (nullable ? all.filter((value) => value !== null) : all) as number[];
    return [name, { values, dlevels: levels, rlevels: [] as number[], distinct_values: new Set(), count: rows.length }] as const;
  });
  return {
    rowCount: rows.length,
    pageRowCount: rows.length,
    columnData: Object.fromEntries(columns),
    pages: Object.fromEntries(columns.map(([name]) => [name, []])),
  };
}

function encodable(value: unknown): unknown {
  return value instanceof Date ? BigInt(value.getTime()) * 1_000n : value;
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
  const writer = await parquet.ParquetWriter.openStream(schemaOf(stream), sink as never, { useDataPageV2: false });
  writer.rowBuffer = inColumns(stream, rows);
  await writer.close();
  return Buffer.concat(pieces);
}

/** Writes rows to a new Parquet file. A reader sees the whole file or none; when it throws, none is there. */
export async function writeParquetFile(stream: StreamName, rows: readonly object[], path: string): Promise<void> {
  const bytes = await encode(stream, rows);
  await placedWhole(path, (beside) => writeFile(beside, bytes, { flag: 'wx' }));
}
