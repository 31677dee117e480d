import { type TableColumn, formatTable } from '../extractor/output/table.ts';

export type Cell = string | number;

/** A table as a bench prints it and docs/performance.md shows it; the first cell of a row names it. */
export interface ResultTable {
  /** What is measured, and how, in a line or two. */
  caption: string;
  columns: string[];
  rows: Cell[][];
}

/** What a bench found. */
export interface BenchResult {
  tables: ResultTable[];
  /** Figures of one machine divided by others of the same minutes, by name: the larger the better. These can be held to what was recorded on another. */
  ratios: Record<string, number>;
}

/** The middle one of some figures; of an even number the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? Number.NaN) + upper) / 2;
}

/** A figure to three digits that count. */
export function rounded(figure: number): number {
  return Number(figure.toPrecision(3));
}

export function cellText(cell: Cell): string {
  return typeof cell === 'number' ? cell.toLocaleString('en') : cell;
}

/** Prints a result: tables for people, or JSON for `npm run bench`. */
export function printResult(result: BenchResult, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  for (const { caption, columns, rows } of result.tables) {
    const headings = columns.map((heading, index): TableColumn => ({ heading, align: index === 0 ? 'left' : 'right' }));
    process.stdout.write(`${caption}\n\n${formatTable(headings, rows.map((row) => row.map(cellText)))}\n\n`);
  }
}

/** Whether more than a third of a recorded ratio has been lost; one that is no number is lost. */
export function isLost({ recorded, now }: { recorded: number; now: number }): boolean {
  return !(now >= (recorded * 2) / 3);
}
