import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SuptaskError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { readRuns } from '../../sync/run-log.ts';
import { BUILD_OF_DATA, projectFolder, runDbt } from '../dbt.ts';
import { martsAt, type PublishedMarts } from '../published-marts.ts';
import { compareWithSource } from './compare-source.ts';
import { compareWithLog } from './compare-tickets.ts';
import type { Verdict } from './verdict.ts';

/** The small range that is read: enough to be killed in, and to build from. */
const RANGE = { from: 1, to: 40 };

/** How often it is looked whether the run to be killed has begun, in real milliseconds, and for how long. */
const POLL_MS = 20;
const MOST_POLLS = 1_500;

/**
 * The first sequence of a rollout, each step only where the one before it was well: check, a small
 * backfill that is killed and gone on with, build, and the marts held against what the source says.
 */
export async function* smoke(session: Session, environment: NodeJS.ProcessEnv): AsyncGenerator<Verdict> {
  const marts = martsAt(session.settings.marts);
  const steps = [
    () => checked(environment),
    () => killed(session, environment),
    () => resumedAfterKill(environment),
    () => built(environment),
    () => compareWithLog(session, marts),
    () => peopleResolved(marts),
    () => compareWithSource(session, marts),
  ];
  for (const step of steps) {
    const verdict = await step();
    yield verdict;
    if (!verdict.ok) return;
  }
}

interface Ended {
  exitCode: number | null;
  output: string;
  errors: string;
}

interface Started {
  kill: () => void;
  ended: Promise<Ended>;
}

/** The command line as a process of its own: what a scheduler would start, and what can be killed. */
function suptask(args: readonly string[], environment: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, [join(projectFolder, 'extractor/suptask.js'), ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output, errors }));
  });
  return { kill: () => child.kill('SIGKILL'), ended };
}

const backfill = ['backfill', '--from', String(RANGE.from), '--to', String(RANGE.to), '--json'];

async function checked(environment: NodeJS.ProcessEnv): Promise<Verdict> {
  const { exitCode, output, errors } = await suptask(['check'], environment).ended;
  const said = `${output}${errors}`.trim().split('\n');
  return { what: 'check', ok: exitCode === 0, evidence: exitCode === 0 ? `${said.filter((line) => / ok {2}/.test(line)).length} things were tried, all are well` : said.join(' '), remedy: 'Run suptask check and do what it says.' };
}

/** Kills a run as soon as the log shows that it has begun. */
async function killed({ landing, clock }: Session, environment: NodeJS.ProcessEnv): Promise<Verdict> {
  const before = (await readRuns(landing)).length;
  const run = suptask(backfill, environment);
  let begun = false;
  for (let polls = 0; polls < MOST_POLLS && !begun; polls += 1) {
    await clock.sleep(POLL_MS);
    begun = (await readRuns(landing)).length > before;
  }
  run.kill();
  const { exitCode, errors } = await run.ended;
  const ok = begun && exitCode === null;
  const evidence = ok ? `a backfill of tickets ${RANGE.from} to ${RANGE.to} was killed while it ran` : begun ? 'the run had ended before it could be killed' : `the run did not begin: ${errors.trim()}`;
  return { what: 'kill', ok, evidence, remedy: 'See suptask status; then run the smoke test again on a landing of its own.' };
}

async function resumedAfterKill(environment: NodeJS.ProcessEnv): Promise<Verdict> {
  const { exitCode, output, errors } = await suptask(backfill, environment).ended;
  const report = exitCode === 0 ? (JSON.parse(output) as { requests: number; left: number }) : null;
  return {
    what: 'resume',
    ok: report?.left === 0,
    evidence: report === null ? errors.trim() : `the next run needed no help; it sent ${report.requests} requests, and ${report.left} of the ${RANGE.to} numbers are left`,
    remedy: 'Where numbers are left, the rate window is used up: wait for the next one. Else see suptask errors.',
  };
}

async function built(environment: NodeJS.ProcessEnv): Promise<Verdict> {
  try {
    const lines = await runDbt(BUILD_OF_DATA, environment);
    return { what: 'build', ok: true, evidence: lines.findLast((line) => line.includes('PASS='))?.replace(/^.*Done\. /, '') ?? 'dbt has built and tested', remedy: '' };
  } catch (thrown) {
    if (!(thrown instanceof SuptaskError)) throw thrown;
    return { what: 'build', ok: false, evidence: thrown.message, remedy: thrown.remedy };
  }
}

async function peopleResolved(marts: PublishedMarts): Promise<Verdict> {
  const counts = await marts.query(`select outcome, cast(count(*) as double precision) from {identity_resolution} where role = 'requester' group by outcome order by outcome`);
  const queue = await marts.query('select cast(count(*) as double precision) from {unresolved_identities}');
  const evidence = `requesters: ${counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ')}; ${Number(queue[0]?.[0] ?? 0)} ids in the queue of those unresolved`;
  return { what: 'people', ok: counts.length > 0, evidence, remedy: 'No ticket has a requester: see suptask_tickets.' };
}
