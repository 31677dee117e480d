import { createRequire } from 'node:module';

/** A column of a table for people: its heading, and to which side its cells are set. */
export interface TableColumn {
  heading: string;
  align?: 'left' | 'right';
}

/** Rows as lines of text, each column as wide as its widest cell. */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ heading }) => heading), ...rows.map((row) => row.map(harmless))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => displayWidth(line[index] ?? ''))));
  return lines
    .map((line) =>
      columns
        .map(({ align }, index) => {
          const cell = line[index] ?? '';
          const padding = ' '.repeat((widths[index] ?? 0) - displayWidth(cell));
          return align === 'right' ? padding + cell : cell + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const require = createRequire(import.meta.url);
const PLAIN = /^[ -~]*$/;

/** How many columns of a terminal a text takes. The library is loaded for the first that is not plain: that takes as long as all else of a table. */
function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return (require('string-width') as { default: (text: string) => number }).default(text);
}

/** What people have written somewhere may command a terminal, or turn the direction of what follows. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ');
}
