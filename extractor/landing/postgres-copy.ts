import { columnsOf, type ColumnType, isText, type StreamName } from './streams.ts';

/** What PostgreSQL's binary COPY begins with: a signature, no flags, no extension. */
const HEADER = Buffer.from('PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** And ends with: a row of -1 fields. */
const END = Buffer.from([0xff, 0xff]);

/** PostgreSQL counts days and microseconds from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;

/** A piece has so many bytes, or one row. */
const PIECE_BYTES = 128 * 1024;

const FIELD_COUNT_BYTES = 2;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

type Value = string | Buffer | number | boolean | Date | null | undefined;

/**
 * Rows in PostgreSQL's binary form of COPY, in pieces: the columns of the stream in their order, then
 * the day on which they were landed. Nothing is escaped, and a body goes as the bytes that it came in.
 * @throws RangeError where a number is none of its column's type
 */
export function* copyPieces(stream: StreamName, rows: readonly object[], landedAt: Date): Generator<Buffer> {
  const columns = columnsOf(stream).map(([name, { type }]) => [name, type] as const);
  const landedOn = Math.floor((landedAt.getTime() - EPOCH_MS) / DAY_MS);
  yield HEADER;
  let piece = Buffer.allocUnsafe(PIECE_BYTES);
  let at = 0;
  for (const row of rows as Record<string, Value>[]) {
    let length = FIELD_COUNT_BYTES + LENGTH_BYTES + LENGTHS.integer;
    for (const [name, type] of columns) length += LENGTH_BYTES + lengthOf(row[name], type);
    if (at + length > piece.length) {
      yield piece.subarray(0, at);
      [piece, at] = [Buffer.allocUnsafe(Math.max(PIECE_BYTES, length)), 0];
    }
    at = piece.writeInt16BE(columns.length + 1, at);
    for (const [name, type] of columns) at = writeField(piece, at, row[name], type);
    at = piece.writeInt32BE(LENGTHS.integer, at);
    at = piece.writeInt32BE(landedOn, at);
  }
  yield piece.subarray(0, at);
  yield END;
}

/** Of what always has the same length. */
const LENGTHS = { bigint: 8, timestamp: 8, integer: 4, boolean: 1 } as const;

function lengthOf(value: Value, type: ColumnType): number {
  if (value === null || value === undefined) return 0;
  return isText(type) ? Buffer.byteLength(value as string | Buffer) : LENGTHS[type];
}

/** Writes a value behind its length, and gives where the next one begins. */
function writeField(piece: Buffer, at: number, value: Value, type: ColumnType): number {
  if (value === null || value === undefined) return piece.writeInt32BE(NULL_LENGTH, at);
  const begin = at + LENGTH_BYTES;
  const end = writeValue(piece, begin, value, type);
  piece.writeInt32BE(end - begin, at);
  return end;
}

function writeValue(piece: Buffer, at: number, value: NonNullable<Value>, type: ColumnType): number {
  switch (type) {
    case 'bigint':
      return piece.writeBigInt64BE(BigInt(value as number), at);
    case 'timestamp':
      return piece.writeBigInt64BE(BigInt((value as Date).getTime() - EPOCH_MS) * 1_000n, at);
    case 'integer':
      if (!Number.isInteger(value)) throw new RangeError(`${String(value)} is no whole number`);
      return piece.writeInt32BE(value as number, at);
    case 'boolean':
      return piece.writeUInt8(value === true ? 1 : 0, at);
    case 'string':
    case 'body':
      return at + (typeof value === 'string' ? piece.write(value, at) : (value as Buffer).copy(piece, at));
  }
}
