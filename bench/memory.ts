/** `npm run bench:memory`: the peak memory of a backfill, by the numbers that it reads. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { wholeNumber } from '../extractor/simulator/command-options.ts';
import { toParquet } from './extract/contestants.ts';
import { startSource } from './measure.ts';
import { type BenchResult, median, printResult, rounded } from './result.ts';

const options = new Command('bench:memory')
  .option('--most <count>', 'numbers of the largest backfill; the others have a tenth and a hundredth of them', wholeNumber(10_000, 10_000_000), 1_000_000)
  .option('--rounds <count>', 'rounds, of which the medians count', wholeNumber(1, 99), 3)
  .option('--json', 'answer in JSON')
  .parse()
  .opts<{ most: number; rounds: number; json?: true }>();

async function run(): Promise<BenchResult> {
  const sizes = [options.most / 100, options.most / 10, options.most].map(Math.ceil);
  const peaks = new Map<number, number[]>(sizes.map((size) => [size, []]));
  const source = await startSource();
  try {
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const tickets of sizes) {
        const folder = await mkdtemp(join(tmpdir(), 'suptask-bench-'));
        const { peakMebibytes } = await toParquet.run({ url: source.url, tickets, folder });
        await rm(folder, { recursive: true, force: true });
        peaks.get(tickets)?.push(peakMebibytes);
        process.stderr.write(`round ${round}, ${tickets} numbers: ${Math.round(peakMebibytes)} MiB\n`);
      }
    }
  } finally {
    source.close();
  }
  const rows = sizes.map((size) => [`${size.toLocaleString('en')} numbers`, Math.round(median(peaks.get(size) ?? []))]);
  const [smallest, largest] = [median(peaks.get(sizes[0] ?? 0) ?? []), median(peaks.get(options.most) ?? [])];
  return {
    tables: [{ caption: `suptask backfill to Parquet, each size ${options.rounds} times in turn, medians.`, columns: ['', 'peak memory, MiB'], rows }],
    ratios: { 'peak of the smallest / of the largest': rounded(smallest / largest) },
  };
}

printResult(await run(), options.json === true);
