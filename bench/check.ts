/**
 * `npm run bench:check`: runs the short forms and holds their ratios to the recorded ones; fails
 * where one has lost more than a third. Never a time: machines differ, and are busy.
 */
import { formatTable } from '../extractor/output/table.ts';
import { type Bench, benches } from './benches.ts';
import { readRecorded, runBench } from './record.ts';
import { isLost } from './result.ts';

/** A ratio that seems lost is measured again so often, and the best of all counts: what is lost is so each time, and other work on the machine comes and goes. */
const MORE_TRIES = 2;

interface Verdict {
  name: string;
  recorded: number;
  now: number;
}

async function check(bench: Bench): Promise<Verdict[]> {
  const recorded = readRecorded(bench, 'short');
  if (!recorded || Object.keys(recorded.ratios).length === 0) return [];
  const found: Record<string, number>[] = [];
  const verdicts = () =>
    Object.entries(recorded.ratios).map(([name, before]) => ({ name: `${bench.name}: ${name}`, recorded: before, now: Math.max(...found.map((ratios) => ratios[name] ?? Number.NaN)) }));
  do found.push((await runBench(bench, 'short')).ratios);
  while (found.length <= MORE_TRIES && verdicts().some(isLost));
  return verdicts();
}

const verdicts: Verdict[] = [];
for (const bench of benches) verdicts.push(...(await check(bench)));
if (verdicts.length === 0) throw new Error('Nothing is recorded: npm run bench');
const rows = verdicts.map((verdict) => [verdict.name, String(verdict.recorded), String(verdict.now), isLost(verdict) ? 'LOST' : 'ok']);
console.log(formatTable([{ heading: 'ratio' }, { heading: 'recorded', align: 'right' }, { heading: 'now', align: 'right' }, { heading: '' }], rows));
if (verdicts.some(isLost)) {
  console.error('\nError: a ratio is less than two thirds of what was recorded.\nTo do: find what became slower; where that is meant, record it: npm run bench');
  process.exitCode = 1;
}
