/**
 * `npm run bench:start-up`: how long commands take that send no request, whole processes from start
 * to end, on a log of many reads, in a folder and in PostgreSQL: `--help`, `status`, `plan`, and `sync`
 * with the rate window used up.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { newId } from '../extractor/ids.ts';
import { systemClock } from '../extractor/clock.ts';
import { readSettings } from '../extractor/config.ts';
import type { Landing } from '../extractor/landing/landing.ts';
import { openLanding } from '../extractor/landing/open.ts';
import { wholeNumber } from '../extractor/simulator/command-options.ts';
import { startDatabase } from './postgres.ts';
import { type BenchResult, median, printResult, type ResultTable, rounded } from './result.ts';

const cli = resolve(import.meta.dirname, '../extractor/suptask.js');

/** The simulated log looks at a ticket so often on average. */
const READS_A_TICKET = 6;
const WINDOW_READS = 100;

const options = new Command('bench:start-up')
  .option('--reads <count>', 'reads of the log, about', wholeNumber(1_000, 10_000_000), 1_000_000)
  .option('--rounds <count>', 'runs of each command, of which the median counts', wholeNumber(1, 99), 5)
  .option('--json', 'answer in JSON')
  .parse()
  .opts<{ reads: number; rounds: number; json?: true }>();

/** Runs a command to its end and returns how long it took, in seconds. */
function suptask(landing: string, args: readonly string[]): number {
  const env = { ...process.env, SUPTASK_LANDING: landing, SUPTASK_API_TOKEN: 'bench', SUPTASK_API_BASE_URL: 'http://127.0.0.1:9/api/v2/public' };
  const sinceMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`suptask ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return (performance.now() - sinceMs) / 1_000;
}

async function withLog<T>(landing: string, work: (log: Landing) => Promise<T>): Promise<T> {
  const log = await openLanding(readSettings({ SUPTASK_LANDING: landing }), systemClock);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** A year of a simulated workspace that ends now; returns its reads. */
async function writeLog(landing: string): Promise<number> {
  const startsAt = new Date(Date.now() - 366 * 86_400_000).toISOString();
  suptask(landing, ['simulate', '--tickets', String(Math.ceil(options.reads / READS_A_TICKET)), '--days', '365', '--start', startsAt, '--write-landing', landing]);
  return await withLog(landing, async (log) => {
    let reads = 0;
    for await (const chunk of log.read({ stream: 'ticket_fetches', columns: ['fetch_id'], orderBy: ['fetch_id'] })) reads += chunk.length;
    return reads;
  });
}

/** As if the first tickets had just been read: until the window ends there is nothing to do. */
async function useUpWindow(landing: string): Promise<void> {
  const now = new Date(Math.floor(Date.now() / 1_000) * 1_000);
  const rows = Array.from({ length: WINDOW_READS }, (_, index) => ({
    fetch_id: newId(),
    run_id: null,
    ticket_number: index + 1,
    channel: 'api',
    outcome: 'found',
    http_status: 200,
    observed_at: now,
    observed_basis: 'date_header',
    fetched_at: now,
    duration_ms: 100,
    attempt: 1,
    team_id: null,
    ticket_status: 'Closed',
    ticket_updated_at: null,
    payload_hash: String(index).padStart(64, '0'),
    payload: '{}',
    error: null,
  }));
  await withLog(landing, (log) => log.append('ticket_fetches', rows));
}

const HELP = 'suptask --help';
const COMMANDS: [name: string, args: string[]][] = [
  [HELP, ['--help']],
  ['suptask status', ['status']],
  ['suptask plan', ['plan']],
  ['suptask sync, nothing to do', ['sync']],
];

const FIRST_SYNC = 'the first sync, which folds the whole log';

/** Seconds of each command on a log, by its name, and of a sync after what was folded of the log has been taken away. */
async function measureOn(landing: string, forget: () => Promise<unknown>): Promise<Map<string, number>> {
  const seconds = new Map<string, number[]>([...COMMANDS.map(([name]) => name), FIRST_SYNC].map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    await useUpWindow(landing);
    await forget();
    seconds.get(FIRST_SYNC)?.push(suptask(landing, ['sync']));
    for (const [name, args] of COMMANDS) seconds.get(name)?.push(suptask(landing, args));
  }
  return new Map([...seconds].map(([name, all]) => [name, rounded(median(all))]));
}

function tableOf(seconds: Map<string, number>, log: string): ResultTable {
  return { caption: `${log}. Whole processes, medians of ${options.rounds} runs in turn.`, columns: ['', 'seconds'], rows: [...seconds] };
}

/** How often the shortest command would have run in the time of each of the others. */
function ratiosOf(seconds: Map<string, number>, where = ''): Record<string, number> {
  const of = (name: string) => seconds.get(name) ?? Number.NaN;
  return Object.fromEntries(COMMANDS.slice(1).map(([name]) => [`--help / ${name}${where}`, rounded(of(HELP) / of(name))]));
}

async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'suptask-bench-'));
  const landing = join(folder, 'landing');
  const database = await startDatabase();
  try {
    const reads = await writeLog(landing);
    suptask(landing, ['land', 'export', database.url]);
    const inFolder = await measureOn(landing, () => rm(join(landing, 'derived'), { recursive: true, force: true }));
    const inDatabase = await measureOn(database.url, () => database.query('drop schema if exists suptask_derived cascade'));
    return {
      tables: [tableOf(inFolder, `A log of ${reads.toLocaleString('en')} reads in a folder`), tableOf(inDatabase, 'The same log in PostgreSQL')],
      ratios: { ...ratiosOf(inFolder), ...ratiosOf(inDatabase, ', PostgreSQL') },
    };
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

printResult(await run(), options.json === true);
