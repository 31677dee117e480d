import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress, type ZstdOptions } from 'node:zlib';
// Of the library only its writer: its reader brings a client of S3 with it.
import { PARQUET_COMPRESSION_METHODS } from '@dsnp/parquetjs/dist/lib/compression.js';
import { ParquetSchema } from '@dsnp/parquetjs/dist/lib/schema.js';
import { ParquetWriter } from '@dsnp/parquetjs/dist/lib/writer.js';
import { encodePlainly } from './plain-encoding.ts';
import { placedWhole } from './placed-whole.ts';
import { columnsOf, type StreamName } from './streams.ts';

const parquetTypes = {
  string: 'UTF8',
  body: 'UTF8',
  bigint: 'INT64',
  integer: 'INT32',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_MICROS',
} as const;

const compress = promisify<Buffer, ZstdOptions, Buffer>(zstdCompress);

/**
 * The library's table of methods has no zstd; Node has, and compresses beside the main thread. What comes out fits into one
 * piece. A higher level takes longer for a hundredth less; merged files are compressed anew.
 */
const zstd = {
  deflate: (bytes: Buffer) => compress(bytes, { chunkSize: bytes.length + SMALLEST_CHUNK_BYTES, params: FASTEST }),
  inflate: promisify(zstdDecompress),
};
const SMALLEST_CHUNK_BYTES = 64;
const FASTEST = { [constants.ZSTD_c_compressionLevel]: 1 };

encodePlainly();

/**
 * Nine tenths of a file are bodies; for the short columns a context of zstd costs more than it saves.
 * Without statistics: a file is small and read as a whole, and DuckDB writes them when it merges files.
 */
function schemaOf(stream: StreamName): ParquetSchema {
  PARQUET_COMPRESSION_METHODS['ZSTD'] ??= zstd;
  const fields = columnsOf(stream).map(([name, column]) => [
    name,
    { type: parquetTypes[column.type], optional: column.nullable === true, compression: column.type === 'body' ? ('ZSTD' as 'SNAPPY') : ('SNAPPY' as const), statistics: false as const },
  ]);
  return new ParquetSchema(Object.fromEntries(fields));
}

/**
 * The rows column by column, as the library's writer keeps them until it encodes them. Its own way
 * there makes objects and sets of each field of each row, which costs more than all the rest.
 */
function inColumns(stream: StreamName, rows: readonly object[]): ParquetWriter['rowBuffer'] {
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

/** Microseconds are a number as long as one holds them, up to the year 2255. */
function encodable(value: unknown): unknown {
  if (!(value instanceof Date)) return value;
  const microseconds = value.getTime() * 1_000;
  return Number.isSafeInteger(microseconds) ? microseconds : BigInt(value.getTime()) * 1_000n;
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
  const writer = await ParquetWriter.openStream(schemaOf(stream), sink as never, { useDataPageV2: false });
  writer.rowBuffer = inColumns(stream, rows);
  await writer.close();
  return Buffer.concat(pieces);
}

/** Writes rows to a new Parquet file. A reader sees the whole file or none; when it throws, none is there. */
export async function writeParquetFile(stream: StreamName, rows: readonly object[], path: string): Promise<void> {
  const bytes = await encode(stream, rows);
  await placedWhole(path, (beside) => writeFile(beside, bytes, { flag: 'wx' }));
}
