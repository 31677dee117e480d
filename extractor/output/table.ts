import displayWidth from 'string-width';

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

/** What people have written somewhere may command a terminal, or turn the direction of what follows. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ');
}
