/**
 * `npm run bench:extract`: the extractor against its peers. One server; in turn, round by round: a
 * bare loop of requests, which is the limit, this extractor to Parquet and to PostgreSQL, dlt and
 * singer-sdk. Each is a whole command from its start to its end, and what it landed is counted.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { wholeNumber } from '../extractor/simulator/command-options.ts';
import { bareLoop, type Contestant, type Course, type Landed, pythonPeers, toParquet, toPostgres } from './extract/contestants.ts';
import { startSource, type Usage } from './measure.ts';
import { startDatabase } from './postgres.ts';
import { type BenchResult, median, printResult, rounded } from './result.ts';

const options = new Command('bench:extract')
  .option('--tickets <count>', 'tickets to read', wholeNumber(100, 1_000_000), 50_000)
  .option('--rounds <count>', 'rounds, of which the medians count', wholeNumber(1, 99), 3)
  .option('--no-peers', 'leave out dlt and singer-sdk')
  .option('--json', 'answer in JSON')
  .parse()
  .opts<{ tickets: number; rounds: number; peers: boolean; json?: true }>();

type Run = Usage & { landed: Landed | null };

async function runRounds(contestants: readonly Contestant[]): Promise<Map<string, Run[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'suptask-bench-'));
  const source = await startSource();
  const database = await startDatabase();
  const runs = new Map<string, Run[]>(contestants.map(({ name }) => [name, []]));
  try {
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const contestant of contestants) {
        const course = { url: source.url, tickets: options.tickets, folder: join(folder, 'run'), database };
        const run = await runOnce(contestant, course);
        const answered = await source.answered();
        if (answered < options.tickets) throw new Error(`${contestant.name} sent ${answered} requests for ${options.tickets} tickets`);
        runs.get(contestant.name)?.push(run);
        process.stderr.write(`round ${round}, ${contestant.name}: ${Math.round(options.tickets / run.seconds)} a second\n`);
      }
    }
    return runs;
  } finally {
    await database.stop();
    source.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOnce(contestant: Contestant, course: Course): Promise<Run> {
  await mkdir(course.folder);
  try {
    const usage = await contestant.run(course);
    const landed = await contestant.landed(course);
    if (landed && landed.rows !== course.tickets) throw new Error(`${contestant.name} landed ${landed.rows} of ${course.tickets} tickets`);
    return { ...usage, landed };
  } finally {
    await rm(course.folder, { recursive: true, force: true });
  }
}

/** How many times as fast one was as the other: the median of the rounds, in each of which both ran within minutes. */
function timesAsFast(runs: Map<string, Run[]>, name: string, than: string): number {
  const others = runs.get(than) ?? [];
  return rounded(median((runs.get(name) ?? []).map(({ seconds }, round) => (others[round]?.seconds ?? Number.NaN) / seconds)));
}

function resultOf(runs: Map<string, Run[]>): BenchResult {
  const rows = [...runs].map(([name, all]) => {
    const of = (figure: (run: Run) => number) => median(all.map(figure));
    const bytes = all[0]?.landed ? rounded(of(({ landed }) => (landed?.bytes ?? 0) / 2 ** 20)) : '–';
    return [
      name,
      Math.round(options.tickets / of(({ seconds }) => seconds)),
      timesAsFast(runs, name, bareLoop.name),
      rounded((of(({ cpuSeconds }) => cpuSeconds) / options.tickets) * 1e6),
      Math.round(of(({ peakMebibytes }) => peakMebibytes)),
      bytes,
    ];
  });
  const peer = [...runs.keys()].find((name) => name.startsWith('dlt'));
  return {
    tables: [
      {
        caption: `${options.tickets.toLocaleString('en')} tickets, each contestant ${options.rounds} times in turn, medians. Whole commands from start to end, everything landed and counted. Of the bare loop: the median of what each round gave. CPU time is with PostgreSQL's; the memory of dlt is that of the largest of its three processes.`,
        columns: ['', 'tickets/s', 'of the bare loop', 'CPU µs/ticket', 'peak memory, MiB', 'landed, MiB'],
        rows,
      },
    ],
    ratios: {
      'to Parquet / bare loop': timesAsFast(runs, toParquet.name, bareLoop.name),
      'to PostgreSQL / bare loop': timesAsFast(runs, toPostgres.name, bareLoop.name),
      ...(peer ? { 'to Parquet / dlt': timesAsFast(runs, toParquet.name, peer) } : {}),
    },
  };
}

const contestants = [bareLoop, toParquet, toPostgres, ...(options.peers ? pythonPeers() : [])];
printResult(resultOf(await runRounds(contestants)), options.json === true);
