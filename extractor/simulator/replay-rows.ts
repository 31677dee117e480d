import { parseCsv, type CsvRow } from './csv.ts';
import { TIME_FIELDS, type TicketFields } from './wire.ts';

/** One row of an event log: what the ticket shows from `at` (milliseconds since the epoch) on. */
export interface ReplayRow {
  ticketNumber: number;
  at: number;
  /** Under SupTask's names, times in milliseconds; undefined: the ticket lacks the field from now on. */
  fields: TicketFields;
}

/** An event log that cannot be read, with the line to look at. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}

const REQUIRED = ['ticket_number', 'at', 'status', 'archived'];

/** The rows of an event log, its columns in any order; further columns are ticket fields by name. */
export function readReplayRows(text: string): ReplayRow[] {
  const [header, ...rows] = readCsv(text);
  if (header === undefined) throw new ReplayError(1, 'the event log is empty');
  const columns = header.cells.map((name) => name.trim());
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  if (missing.length > 0) throw new ReplayError(header.line, `the header lacks ${missing.join(', ')}`);
  const repeated = columns.find((name, index) => columns.indexOf(name) !== index);
  if (repeated !== undefined) throw new ReplayError(header.line, `the column "${repeated}" stands twice`);
  if (columns.includes('updatedAt')) throw new ReplayError(header.line, 'the updated time is `at`; leave updatedAt out');
  return rows.map((row) => readRow(row, columns));
}

function readCsv(text: string): CsvRow[] {
  try {
    return parseCsv(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = Number(/^line (\d+): /.exec(message)?.[1] ?? 1);
    throw new ReplayError(line, message.replace(/^line \d+: /, ''));
  }
}

function readRow({ line, cells }: CsvRow, columns: readonly string[]): ReplayRow {
  if (cells.length !== columns.length) {
    throw new ReplayError(line, `${cells.length} cells where the header has ${columns.length}`);
  }
  const row: ReplayRow = { ticketNumber: 0, at: 0, fields: {} };
  columns.forEach((name, index) => {
    const cell = cells[index] ?? '';
    if (name === 'ticket_number') row.ticketNumber = ticketNumberOf(cell, line);
    else if (name === 'at') row.at = timeOf(cell, name, line);
    else row.fields[name] = valueOf(name, cell, line);
  });
  return row;
}

function ticketNumberOf(cell: string, line: number): number {
  if (!/^[1-9]\d{0,14}$/.test(cell)) throw new ReplayError(line, `"${cell}" is no ticket number`);
  return Number(cell);
}

function timeOf(cell: string, name: string, line: number): number {
  if (/^\d{1,11}$/.test(cell)) return Number(cell) * 1000;
  if (/^\d{12,}$/.test(cell)) return Number(cell);
  // A time without an offset is UTC, whatever zone this machine is in.
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(cell);
  const at = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(cell) ? Date.parse(hasOffset ? cell : `${cell}Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new ReplayError(line, `"${cell}" in ${name} is no time`);
  return at;
}

function valueOf(name: string, cell: string, line: number): unknown {
  if (name === 'status' && cell.trim() === '') throw new ReplayError(line, 'the status is empty');
  if (name === 'archived') {
    if (!/^(?:true|false)$/i.test(cell)) throw new ReplayError(line, `archived is true or false, not "${cell}"`);
    return cell.toLowerCase() === 'true';
  }
  if (cell === '') return undefined;
  if (TIME_FIELDS.includes(name)) return timeOf(cell, name, line);
  if (/^message\w+Count$/.test(name)) return countOf(cell, name, line);
  if (/^is[A-Z]/.test(name) && /^(?:true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  return /^[[{]/.test(cell) ? jsonOf(cell, name, line) : cell;
}

function countOf(cell: string, name: string, line: number): number {
  if (!/^\d+$/.test(cell)) throw new ReplayError(line, `"${cell}" in ${name} is no count`);
  return Number(cell);
}

function jsonOf(cell: string, name: string, line: number): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    throw new ReplayError(line, `${name} begins like JSON and is none`);
  }
}
