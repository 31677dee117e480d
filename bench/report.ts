/** `node bench/report.ts`: writes the recorded results into docs/performance.md, between its marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Bench, benches } from './benches.ts';
import { readRecorded, type Recorded } from './record.ts';
import { cellText, type ResultTable } from './result.ts';

const document = resolve(import.meta.dirname, '../docs/performance.md');

/** The document with what is recorded of each bench in the place of what stood between its marks. */
export function reported(text: string): string {
  return text.replace(/(<!-- bench:([\w-]+) full -->\n)[\s\S]*?(<!-- end -->)/g, (_, begin: string, name: string, end: string) => {
    const bench = benches.find((each) => each.name === name);
    return `${begin}${bench ? sectionOf(bench) : `There is no bench ${name}.\n`}${end}`;
  });
}

/** Writes docs/performance.md anew. */
export function writeReport(): void {
  writeFileSync(document, reported(readFileSync(document, 'utf8')));
}

function sectionOf(bench: Bench): string {
  const recorded = readRecorded(bench, 'full');
  if (!recorded) return 'Not measured yet.\n';
  return [commandOf(recorded), ...recorded.tables.map(tableOf), circumstancesOf(recorded)].join('\n');
}

const commandOf = ({ command }: Recorded) => `\`\`\`sh\n${command}\n\`\`\`\n`;

function tableOf({ caption, columns, rows }: ResultTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(columns.map((_, index) => (index === 0 ? '---' : '---:')));
  return `${caption}\n\n${[line(columns), rule, ...rows.map((row) => line(row.map(cellText)))].join('\n')}\n`;
}

function circumstancesOf({ date, commit, machine, versions }: Recorded): string {
  const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Measured on ${date}${commit ? ` at ${commit}` : ''}: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGibibytes} GiB; ${parts.join(', ')}.\n`;
}

if (import.meta.main) writeReport();
