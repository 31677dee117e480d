/**
 * `npm run bench`: runs the short form of every bench, or of those that are named, and records what
 * it finds in bench/results; with `--full` the full form, which takes some hours, and which
 * docs/performance.md shows: it is written anew.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Argument, Command } from 'commander';
import { benches } from './benches.ts';
import { resultPath, runBench } from './record.ts';
import { writeReport } from './report.ts';

const command = new Command('bench')
  .addArgument(new Argument('[names...]', 'benches; all where none is named').choices(benches.map(({ name }) => name)))
  .option('--full', 'the full form')
  .parse();
const names = command.args;
const form = command.opts<{ full?: true }>().full ? 'full' : 'short';

for (const bench of benches.filter((each) => each[form] !== null && (names.length === 0 || names.includes(each.name)))) {
  console.log(`== ${bench.name}, ${form} form`);
  const path = resultPath(bench, form);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(await runBench(bench, form), null, 1)}\n`);
}
writeReport();
