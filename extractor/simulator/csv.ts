/** A row of a CSV file and the line it starts on, the first line being 1. */
export interface CsvRow {
  line: number;
  cells: string[];
}

/**
 * Reads CSV (RFC 4180): quoted cells with commas, quotes and line ends in them, CRLF or LF, a byte
 * order mark. Blank lines are passed over. Throws with the line of a quote that is never closed.
 */
export function parseCsv(text: string): CsvRow[] {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const rows: CsvRow[] = [];
  let line = 1;
  let position = 0;
  while (position < source.length) {
    const row: CsvRow = { line, cells: [] };
    let ended = false;
    while (!ended) {
      const cell = source[position] === '"' ? quotedCell(source, position, line) : plainCell(source, position);
      row.cells.push(cell.text);
      line += cell.lineEnds;
      position = cell.next;
      if (source[position] === ',') position += 1;
      else ended = true;
    }
    if (source[position] === '\r') position += 1;
    if (source[position] === '\n') position += 1;
    line += 1;
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
  }
  return rows;
}

/** A value as a CSV cell, quoted where it must be; null and undefined are the empty cell. */
export function csvCell(value: string | number | boolean | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows of equal columns as CSV text with a header and a final line end. */
export function formatCsv<Column extends string>(
  columns: readonly Column[],
  rows: readonly Record<Column, string | number | boolean | null>[],
): string {
  const lines = rows.map((row) => columns.map((column) => csvCell(row[column])).join(','));
  return [columns.join(','), ...lines, ''].join('\n');
}

interface Cell {
  text: string;
  next: number;
  lineEnds: number;
}

function plainCell(source: string, start: number): Cell {
  let end = start;
  while (end < source.length && source[end] !== ',' && source[end] !== '\n' && source[end] !== '\r') end += 1;
  return { text: source.slice(start, end), next: end, lineEnds: 0 };
}

function quotedCell(source: string, start: number, line: number): Cell {
  let end = start + 1;
  for (;;) {
    end = source.indexOf('"', end);
    if (end < 0) throw new Error(`line ${line}: a quoted cell is never closed`);
    if (source[end + 1] !== '"') break;
    end += 2;
  }
  const after = source[end + 1];
  if (after !== undefined && after !== ',' && after !== '\n' && after !== '\r') {
    throw new Error(`line ${line}: text follows a closing quote`);
  }
  const raw = source.slice(start + 1, end);
  return { text: raw.replaceAll('""', '"'), next: end + 1, lineEnds: raw.split('\n').length - 1 };
}
