import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benches } from '../../../bench/benches.ts';
import { readRecorded } from '../../../bench/record.ts';
import { reported } from '../../../bench/report.ts';
import { isLost, median } from '../../../bench/result.ts';
import { projectFolder } from '../../../extractor/operations/dbt.ts';

const read = (path: string) => readFileSync(join(projectFolder, path), 'utf8');

describe('docs/performance.md', () => {
  const text = read('docs/performance.md');

  it('shows what is recorded, to the letter', () => {
    expect(text).toBe(reported(text));
  });

  it('shows every bench', () => {
    const shown = new Set(Array.from(text.matchAll(/<!-- bench:([\w-]+) full -->/g), ([, name]) => name));
    expect(shown).toEqual(new Set(benches.map(({ name }) => name)));
  });
});

it('every bench has its command', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const { program } of benches) expect(scripts[`bench:${program}`]).toBe(`node bench/${program}.ts`);
});

it('what was recorded of the extractor, its start-up and the planner can be held to', () => {
  for (const bench of benches.filter(({ name }) => ['extract', 'memory', 'start-up', 'rate-limit', 'planner', 'planner-speed'].includes(name))) {
    const ratios = Object.values(readRecorded(bench, 'short')?.ratios ?? {});
    expect(ratios.length).toBeGreaterThan(0);
    for (const ratio of ratios) expect(ratio).toBeGreaterThan(0);
  }
});

it('a ratio is lost where more than a third of it is gone, or where it is none', () => {
  expect([1, 0.7, 0.66, Number.NaN].map((now) => isLost({ recorded: 1, now }))).toEqual([false, false, true, true]);
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});
