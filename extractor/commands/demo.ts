import { mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import { BUILD_OF_DATA, projectFolder, runDbt } from '../operations/dbt.ts';
import { summarizeMarts } from '../operations/demo-summary.ts';
import { demoOptions, type DemoReport, liveDemo } from '../operations/demo-workspace.ts';
import { martsAt } from '../operations/published-marts.ts';
import { formatDuration } from '../output/duration.ts';
import { ProgressLine } from '../output/progress-line.ts';
import { formatCount } from '../output/format.ts';

const EXAMPLES = `
Everything it makes lies in the folder demo/; a second run begins afresh.

Example:
  $ npm run demo`;

/** `suptask demo`: the whole way on a simulated workspace, from the API to the marts. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('let a simulated workspace live, extract it, build the marts and show them')
    .addHelpText('after', EXAMPLES)
    .action(runDemo);
}

async function runDemo(): Promise<void> {
  const folder = join(projectFolder, 'demo');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const landing = join(folder, 'landing');
  const exports = join(folder, 'exports');
  const duckdb = join(folder, 'suptask.duckdb');

  const { tickets, days, runEveryMs } = demoOptions;
  say(`Simulating a workspace of ${formatCount(tickets)} tickets for ${days} days; the extractor looks every ${formatDuration(runEveryMs)} and may read 100 tickets each time.`);
  const report = await timed('extracting', (line, percent) =>
    liveDemo(demoOptions, landing, ({ day, requests, tickets: known }) =>
      line.update(() => `day ${Math.floor(day)} of ${days}: ${formatCount(known)} tickets known, ${formatCount(requests)} requests${percent(day / days)}`),
    ),
  );
  say('Building the marts with dbt on DuckDB, and testing them.');
  const environment = {
    SUPTASK_LANDING: landing,
    SUPTASK_DUCKDB: duckdb,
    SUPTASK_EXPORTS: exports,
    DBT_TARGET: 'duckdb',
    DBT_TARGET_PATH: join(folder, 'target'),
    DBT_LOG_PATH: join(folder, 'logs'),
  };
  let built = 0;
  await timed('building', (line, percent) =>
    runDbt(BUILD_OF_DATA, environment, ({ done, total }) => {
      built = done;
      line.update(() => `${done} of ${total} models, seeds and tests${percent(done / total)}`);
    }),
  );

  const summary = await summarizeMarts(martsAt({ kind: 'parquet', folder: exports }));
  process.stdout.write(`\n${readLine(report)}\nBuilt: all ${formatCount(built)} models, seeds and tests passed.\n\n${summary}\n\n${nextLines(folder)}\n`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

type Percent = (share: number) => string;

/** A long step with its progress line and an estimate of what is left of it. */
async function timed<T>(name: string, work: (line: ProgressLine, percent: Percent) => Promise<T>): Promise<T> {
  const line = new ProgressLine();
  const startedMs = performance.now();
  const percent: Percent = (share) => {
    const leftMs = share > 0 ? ((performance.now() - startedMs) * (1 - share)) / share : 0;
    return ` (${Math.floor(share * 100)} %, about ${formatDuration(leftMs)} left)`;
  };
  try {
    return await work(line, percent);
  } finally {
    line.end();
    say(`  ${name} took ${formatDuration(performance.now() - startedMs)}`);
  }
}

function readLine({ requests, runs, newestNumber, simulatedDays }: DemoReport): string {
  return `Read: ${formatCount(newestNumber)} tickets with ${formatCount(requests)} requests in ${formatCount(runs)} runs over ${simulatedDays} simulated days.`;
}

function nextLines(folder: string): string {
  const shown = relative(process.cwd(), folder) || '.';
  return [
    'Where it is',
    `  ${shown}/exports/*.parquet   the marts, for any BI tool, at any time`,
    `  ${shown}/suptask.duckdb      the warehouse, with every step between`,
    `  ${shown}/landing/            what the API said, row by row`,
    '',
    'Next',
    `  export SUPTASK_LANDING=${shown}/landing SUPTASK_EXPORTS=${shown}/exports SUPTASK_DUCKDB=${shown}/suptask.duckdb`,
    '  npx suptask identities list who could not be matched, and how to mend it: docs/identities.md',
    '',
    'With your own account, in a new shell',
    '  cp .env.example .env        put your token there, then: npx suptask check',
    '  npm run pipeline            sync, build and publish, as a scheduler would',
  ].join('\n');
}
