import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { invalid } from './external-id.ts';

/** A row of a CSV file: the line that it begins on, the first being 1, and its cells by the header's names. */
export interface CsvLine {
  line: number;
  cells: Readonly<Record<string, string>>;
}

/** A fault in a file, and the line that it is on. */
export interface Fault {
  line: number;
  what: string;
}

/**
 * Reads a CSV file in UTF-8 with a header: quoted cells, CRLF or LF, a byte order mark, blank lines.
 * @throws SuptaskError `usage.invalid` where it cannot be read, is no CSV, or lacks a column
 */
export async function readCsvFile(path: string, required: readonly string[]): Promise<{ lines: CsvLine[]; faults: Fault[] }> {
  const bytes = await readFile(path).catch((thrown: NodeJS.ErrnoException) => {
    throw invalid(`${path} cannot be read: ${thrown.code === 'ENOENT' ? 'there is no such file' : thrown.message}.`, 'Name a CSV file.');
  });
  return readCsv(decode(path, bytes), path, required);
}

/** Likewise, of a text; `name` is what to call it in an error. */
export function readCsv(text: string, name: string, required: readonly string[]): { lines: CsvLine[]; faults: Fault[] } {
  const [header, ...records] = recordsOf(text, name);
  const columns = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const missing = required.filter((column) => !columns.includes(column));
  if (missing.length > 0) throw invalid(`${name}, line 1: the column ${missing.join(' and the column ')} is missing.`, headerRemedy(columns, required));
  const twice = columns.find((column, place) => column !== '' && columns.indexOf(column) !== place);
  if (twice !== undefined) throw invalid(`${name}, line 1: there are two columns ${twice}.`, 'Leave one of them.');
  const faults: Fault[] = [];
  const lines: CsvLine[] = [];
  for (const { line, cells } of records) {
    if (cells.length === columns.length) lines.push({ line, cells: Object.fromEntries(columns.map((column, place) => [column, cells[place]?.trim() ?? ''])) });
    else faults.push({ line, what: `it has ${cells.length} cells where the header has ${columns.length}` });
  }
  return { lines, faults };
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(`${path} is not text in UTF-8.`, 'Save it as “CSV UTF-8”.');
  }
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

/** Line ends are made one kind, for the parser counts a CRLF within quotes as two lines. */
function recordsOf(text: string, name: string): { line: number; cells: string[] }[] {
  try {
    const parsed = parse(text.replace(/\r\n?/g, '\n'), { bom: true, info: true, skip_empty_lines: true, relax_column_count: true }) as unknown as Parsed[];
    return parsed.map(({ record, info }) => ({ line: info.lines - record.join('').split('\n').length + 1, cells: record }));
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    throw invalid(`${name}, line ${String(thrown['lines'])}: ${quoteFault(thrown.code)}.`, 'Put a cell that has commas, quotes or line ends in quotes, and each quote in it twice.');
  }
}

function quoteFault(code: CsvError['code']): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quoted cell is never closed';
  return code === 'CSV_INVALID_CLOSING_QUOTE' ? 'text follows a closing quote' : 'a quote stands within a cell that is not quoted';
}

function headerRemedy(columns: readonly string[], required: readonly string[]): string {
  if (columns.length === 1 && /[;\t]/.test(columns[0] ?? '')) return 'Its cells are not parted by commas; save it with commas.';
  return `The first line names the columns: ${required.join(', ')} and, where you like, source, entity_type and reason.`;
}

/** Rows as CSV text with a header. A cell that a spreadsheet would take for a formula is told to be text. */
export function writeCsv(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const lines = [columns, ...rows].map((cells) => cells.map(csvCell).join(','));
  return `${lines.join('\n')}\n`;
}

function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const safe = /^[=+\-@\t]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
