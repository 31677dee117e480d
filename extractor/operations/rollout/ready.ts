import { SuptaskError } from '../../errors.ts';
import type { Landing } from '../../landing/landing.ts';
import { formatTime } from '../../output/format.ts';
import type { Session } from '../../session.ts';
import { readRuns } from '../../sync/run-log.ts';
import { readOccurrences } from '../alerts/occurrences.ts';
import { readChecks } from '../connection-checks.ts';
import { readResolution } from '../published-health.ts';
import { martsAt } from '../published-marts.ts';
import { compareWithSource } from './compare-source.ts';
import { compareWithLog } from './compare-tickets.ts';
import type { Verdict } from './verdict.ts';

const DAY_MS = 86_400_000;
const VERIFIED_WITHIN_MS = DAY_MS;
const TOLD_WITHIN_MS = 30 * DAY_MS;

/** The go/no-go list of a rollout, each line from the landing log and the published marts; a few tickets are fetched again. */
export async function readiness(session: Session): Promise<Verdict[]> {
  const marts = martsAt(session.settings.marts);
  return [
    await authorized(session),
    await mapped(session),
    await resumed(session.landing),
    await orNo('marts agree with the log', compareWithLog(session, marts)),
    await orNo('marts agree with the source', compareWithSource(session, marts)),
    await told(session),
  ];
}

async function authorized({ landing, clock }: Session): Promise<Verdict> {
  const checks = (await readChecks(landing)).filter(({ kind }) => kind !== 'diagnostic');
  const last = checks.at(-1);
  const ok = last !== undefined && last.ok && clock.now() - last.atMs <= VERIFIED_WITHIN_MS;
  const evidence = last === undefined ? 'nothing was ever checked' : `the last check, at ${formatTime(last.atMs)}, ${last.ok ? 'was well' : `failed with ${last.code}`}`;
  return { what: 'the source takes us', ok, evidence, remedy: 'Run suptask check.' };
}

async function mapped({ settings }: Session): Promise<Verdict> {
  const resolution = await readResolution(settings);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return {
    what: 'people are mapped',
    ok: resolution !== null && resolution.share >= resolution.minimumShare,
    evidence: resolution === null ? 'no build says so, or there are too few tickets to judge by' : `${percent(resolution.share)} of requesters are known, ${percent(resolution.minimumShare)} are asked for`,
    remedy: 'Read more tickets and build (npm run pipeline); then map the ids in unresolved_identities.',
  };
}

/** A run that was given up, and a later one that finished and read none of what had been landed before. */
async function resumed(landing: Landing): Promise<Verdict> {
  const runs = await readRuns(landing);
  const killed = runs.findLast(({ ended }, place) => ended?.event === 'abandoned' && runs.slice(place + 1).some((later) => later.ended?.event === 'finished'));
  const next = killed && runs.slice(runs.indexOf(killed) + 1).find(({ ended }) => ended?.event === 'finished');
  const remedy = 'Kill a sync while it reads (kill -9), and run it again; npm run smoke does both.';
  const what = 'a killed run is gone on with';
  if (!killed || !next) return { what, ok: false, evidence: 'no run was killed yet and followed by one that finished', remedy };
  const read = new Map<string, Set<number>>([[killed.runId, new Set()], [next.runId, new Set()]]);
  const columns = ['fetch_id', 'run_id', 'ticket_number', 'outcome'];
  for await (const chunk of landing.read({ stream: 'ticket_fetches', columns, orderBy: ['fetch_id'], landedSince: new Date(killed.startedAtMs) })) {
    for (const [, runId, number, outcome] of chunk) if (outcome === 'found' || outcome === 'unchanged') read.get(String(runId))?.add(Number(number));
  }
  const before = read.get(killed.runId) ?? new Set();
  const twice = [...(read.get(next.runId) ?? [])].filter((number) => before.has(number));
  return {
    what,
    ok: killed.kind !== next.kind || killed.kind !== 'backfill' || twice.length === 0,
    evidence: `the ${killed.kind} of ${formatTime(killed.startedAtMs)} died after landing ${before.size} tickets; the ${next.kind} of ${formatTime(next.startedAtMs)} finished, and read ${twice.length} of them again`,
    remedy,
  };
}

async function orNo(what: string, verdict: Promise<Verdict>): Promise<Verdict> {
  try {
    return await verdict;
  } catch (thrown) {
    if (!(thrown instanceof SuptaskError)) throw thrown;
    return { what, ok: false, evidence: thrown.message, remedy: thrown.remedy };
  }
}

async function told({ landing, clock }: Session): Promise<Verdict> {
  const arrived = (await readOccurrences(landing))
    .flatMap(({ key, deliveries }) => deliveries.map((delivery) => ({ key, ...delivery })))
    .filter(({ channel, ok, atMs }) => channel !== 'log' && ok && clock.now() - atMs <= TOLD_WITHIN_MS);
  const last = arrived.at(-1);
  return {
    what: 'alerts arrive',
    ok: last !== undefined,
    evidence: last === undefined ? 'none has arrived by webhook or command in 30 days' : `${last.key} arrived by ${last.channel} at ${formatTime(last.atMs)}`,
    remedy: 'Set SUPTASK_ALERT_WEBHOOK_URL or SUPTASK_ALERT_COMMAND, and run suptask alerts test.',
  };
}
