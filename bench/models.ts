/**
 * `npm run bench:models`: how long dbt takes to build a year's log of so many tickets, from nothing and
 * after so many of them have changed, on each engine; and which models and tests grow faster than the log.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { projectFolder } from '../extractor/operations/dbt.ts';
import { wholeNumber } from '../extractor/simulator/command-options.ts';
import { type Build, type Engine, engines } from './models/engines.ts';
import { countLog, landChanges, lastDay, linkedCopy, rowsRead, worldOfSize, writeWorld } from './models/log.ts';
import { type BenchResult, type Cell, median, printResult, type ResultTable, rounded } from './result.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The smaller log has this part of the tickets. What takes more than as many times longer for the whole one grows faster than the log. */
const SMALLER = 4;
const SHOWN_STEPS = 12;

/** Below this a step's seconds on the smaller log are those of dbt itself. */
const FEWEST_SECONDS = 0.5;

/** With fewer tickets a build is mostly dbt itself, and a share of it says nothing. */
const FEWEST_TICKETS_FOR_A_SHARE = 50_000;

const options = new Command('bench:models')
  .option('--tickets <count>', 'tickets of the log, which has about five versions of each', wholeNumber(100, 10_000_000), 100_000)
  .option('--changes <count...>', 'tickets changed before each next build', (text, given: number[] | undefined) => [...(given ?? []), wholeNumber(1, 10_000_000)(text)])
  .option('--engine <name...>', 'duckdb, postgres, spark (default: the first two)', collectEngine)
  .option('--log <folder>', 'its log, where one has been written before: suptask simulate --tickets <count> --days 365 --start 2025-07-06 --write-landing <folder>')
  .option('--rounds <count>', 'rounds, of which the medians count', wholeNumber(1, 99), 3)
  .option('--json', 'answer in JSON')
  .parse()
  .opts<{ tickets: number; changes?: number[]; log?: string; engine?: Engine[]; rounds: number; json?: true }>();

function collectEngine(name: string, given: Engine[] = []): Engine[] {
  if (name in engines) return [...given, name as Engine];
  throw new InvalidArgumentError(`Known are ${Object.keys(engines).join(', ')}.`);
}

const changes = options.changes ?? [1_000];

/** A build, and how many rows of the log it read. */
interface Built extends Build {
  rowsRead: number;
}

/** What was built in one round: over an empty log, over a smaller one, over the whole, and after each lot of changes. */
interface Round {
  startUp: Built;
  smaller: Built;
  full: Built;
  next: Built[];
}

async function playRound(engine: Engine, folder: string, logs: { smaller: string; whole: string }): Promise<Round> {
  const built = async (name: string, log: string | null, work: (build: () => Promise<Built>, landing: string) => Promise<Built[]>) => {
    const landing = join(folder, name, 'landing');
    await mkdir(landing, { recursive: true });
    if (log !== null) await linkedCopy(log, landing);
    const warehouse = await engines[engine](join(folder, name, 'warehouse'), landing);
    let known: string | null = null;
    try {
      return await work(async () => {
        const build = { ...(await warehouse.build()), rowsRead: await rowsRead(landing, known) };
        known = await lastDay(landing);
        process.stderr.write(`${engine}, ${name}: ${Math.round(build.seconds)} s\n`);
        return build;
      }, landing);
    } finally {
      await warehouse.stop();
      await rm(join(folder, name), { recursive: true, force: true });
    }
  };
  const once = async (build: () => Promise<Built>) => [await build()];
  const [startUp] = await built('empty', null, once);
  const [smaller] = await built('smaller', logs.smaller, once);
  const world = worldOfSize(options.tickets);
  const [full, ...next] = await built('whole', logs.whole, async (build, landing) => {
    const builds = [await build()];
    for (const [place, count] of changes.entries()) {
      await landChanges(world, landing, { count, at: world.startsAt + world.days * DAY_MS + (place + 1) * HOUR_MS });
      builds.push(await build());
    }
    return builds;
  });
  if (!startUp || !smaller || !full) throw new Error('A build is missing');
  return { startUp, smaller, full, next };
}

function buildRows(engine: Engine, rounds: readonly Round[]): Cell[][] {
  const startUp = median(rounds.map((round) => round.startUp.seconds));
  const full = median(rounds.map((round) => round.full.seconds)) - startUp;
  const row = (name: string, of: (round: Round) => Built | undefined): Cell[] => {
    const figure = (read: (build: Built) => number) => median(rounds.flatMap((round) => of(round) ?? []).map(read));
    const seconds = figure((build) => build.seconds);
    return [`${engine}: ${name}`, figure((build) => build.rowsRead), rounded(seconds), rounded(seconds - startUp), rounded((seconds - startUp) / full), rounded(figure((build) => build.cpuSeconds)), Math.round(figure((build) => build.peakMebibytes))];
  };
  return [
    row('no row', (round) => round.startUp),
    row('from nothing', (round) => round.full),
    ...changes.map((count, place) => row(`${count.toLocaleString('en')} tickets changed`, (round) => round.next[place])),
  ];
}

async function martNames(): Promise<Set<string>> {
  const files = await readdir(join(projectFolder, 'models', 'marts'), { recursive: true });
  return new Set(files.filter((file) => file.endsWith('.sql')).map((file) => basename(file, '.sql')));
}

/** The costliest steps and all marts, and how many times the seconds of the smaller log they take. */
function stepTable(engine: Engine, rounds: readonly Round[], marts: ReadonlySet<string>): ResultTable {
  const seconds = (name: string, of: (round: Round) => Build | undefined) => median(rounds.map((round) => of(round)?.steps.get(name) ?? 0));
  const rows = [...(rounds[0]?.full.steps.keys() ?? [])]
    .map((name): [string, number, number, Cell] => {
      const [none, smaller, whole] = [seconds(name, ({ startUp }) => startUp), seconds(name, (round) => round.smaller), seconds(name, ({ full }) => full)];
      const next = seconds(name, (round) => round.next[0]);
      return [name, rounded(whole), rounded(next), smaller - none < FEWEST_SECONDS ? '–' : rounded((whole - none) / (smaller - none))];
    })
    .toSorted(([, a], [, b]) => b - a);
  return {
    caption: `The costliest steps and all marts on ${engine}, several of which run side by side: from nothing, and after ${changes[0]} changes; and how many times as long as over a log a ${SMALLER}th as large, where that took more than ${FEWEST_SECONDS} s.`,
    columns: ['step', 'from nothing, s', 'next build, s', `times as long for ${SMALLER} times the log`],
    rows: rows.filter(([name], place) => place < SHOWN_STEPS || marts.has(name)),
  };
}

async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'suptask-bench-models-'));
  try {
    const logs = { smaller: join(folder, 'smaller-log'), whole: options.log ?? join(folder, 'whole-log') };
    await writeWorld(worldOfSize(Math.round(options.tickets / SMALLER)), logs.smaller);
    if (options.log === undefined) await writeWorld(worldOfSize(options.tickets), logs.whole);
    const written = await countLog(logs.whole);
    const result: BenchResult = { tables: [], ratios: {} };
    const marts = await martNames();
    const builds: Cell[][] = [];
    for (const engine of options.engine ?? (['duckdb', 'postgres'] as const)) {
      const rounds: Round[] = [];
      for (let round = 0; round < options.rounds; round += 1) rounds.push(await playRound(engine, join(folder, engine), logs));
      const rows = buildRows(engine, rounds);
      builds.push(...rows);
      result.tables.push(stepTable(engine, rounds, marts));
      // A share of the full build, which is the smaller the better: its inverse can only grow.
      if (options.tickets >= FEWEST_TICKETS_FOR_A_SHARE) {
        result.ratios[`${engine}: a full build for one after ${changes[0]} changes`] = rounded(1 / Number(rows[2]?.[4]));
      }
    }
    result.tables.unshift({
      caption: `dbt build (seeds, models and tests of data) over ${written.reads.toLocaleString('en')} reads of ${written.tickets.toLocaleString('en')} tickets with ${written.versions.toLocaleString('en')} versions. Memory is that of dbt, in which DuckDB runs, and of Spark's Java; PostgreSQL's own is not counted, its CPU time is. Rows are those of the days that a build looks into, counted in the log.`,
      columns: ['build', 'rows of the log', 's', 's without start-up', 'share of full', 'CPU s', 'peak MiB'],
      rows: builds,
    });
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

printResult(await run(), options.json === true);
