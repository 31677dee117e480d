import { errorCodes } from '../errors.ts';
import { formatDuration } from '../output/duration.ts';
import { formatCount, formatTime } from '../output/format.ts';
import type { StatusFacts } from './status-facts.ts';

/** With a run each rate window a success is at most this old; then nobody runs it any more. */
const LATE_MS = 3_600_000;

/** The one thing to know, in a word for programs and a sentence for people, and what to do about it. */
export interface Verdict {
  state: 'never_ran' | 'running' | 'died' | 'refused' | 'source_down' | 'failed' | 'late' | 'behind' | 'healthy';
  /** Whether nobody needs to get up for it. */
  ok: boolean;
  sentence: string;
  toDo: string | null;
}

/** Judges where the sync stands: what keeps it from running comes before what it has not read yet. */
export function judge(facts: StatusFacts): Verdict {
  const { lastRun, lastFinishedAtMs, localNowMs, openRun } = facts;
  const ago = (ms: number) => `${formatDuration(localNowMs - ms)} ago`;
  if (lastRun === null && facts.lastReadAtMs === null) {
    return verdict('never_ran', false, `It never ran: nothing has been landed in ${facts.landing} yet.`, 'Run suptask check, then suptask sync.');
  }
  if (openRun?.isAlive) {
    return verdict('running', true, `A ${openRun.kind} runs since ${ago(openRun.startedAtMs)}; ${howFar(facts)}.`, null);
  }
  if (openRun || lastRun?.ended?.event === 'abandoned') {
    const { kind, host, pid, startedAtMs } = lastRun ?? { kind: 'run', host: 'unknown', pid: 0, startedAtMs: 0 };
    const died = `The last run died: a ${kind} of ${formatTime(startedAtMs)} (${host}, process ${pid}) never said its end.`;
    return verdict('died', false, `${died} What it landed is safe.`, 'Run suptask sync: it goes on where that one was. If it happens again, look for a kill or a lack of memory at that time.');
  }
  if (lastRun?.ended?.event === 'failed') return judgeFailure(facts, lastRun.ended.error ?? '', ago(lastRun.ended.atMs));
  if (lastFinishedAtMs === null || localNowMs - lastFinishedAtMs > LATE_MS) {
    const last = lastFinishedAtMs === null ? 'no run has ever succeeded' : `the last success was ${ago(lastFinishedAtMs)}`;
    if (facts.lease.held) return verdict('running', true, `Somebody holds the lease and lives, but ${last}; ${howFar(facts)}.`, null);
    return verdict('late', false, `Nobody runs it: ${last}; ${howFar(facts)}.`, 'Run suptask sync, and see why the scheduler or the service does not.');
  }
  const success = `the last run succeeded ${ago(lastFinishedAtMs)}`;
  if (facts.catchingUp !== null && facts.neverRead + facts.overdue > 0) {
    return verdict('behind', true, `It is catching up: ${success}; ${howFar(facts)}.`, 'Nothing, if a scheduler or a service runs it; suptask sync --wait goes on by itself.');
  }
  return verdict('healthy', true, `All is well: ${success}; ${howFar(facts)}.`, null);
}

function judgeFailure(facts: StatusFacts, error: string, ago: string): Verdict {
  const code = error.split(':', 1)[0] ?? '';
  const known = code in errorCodes ? errorCodes[code as keyof typeof errorCodes] : errorCodes.defect;
  const state = known.exitCode === errorCodes['source.unauthorized'].exitCode ? 'refused' : code.startsWith('source.') ? 'source_down' : 'failed';
  const since = facts.lastFinishedAtMs === null ? 'no run has ever succeeded' : `the last success was ${formatDuration(facts.localNowMs - facts.lastFinishedAtMs)} ago`;
  return verdict(state, false, `The last run failed ${ago}: ${known.means.replace(/\.$/, '')} (${code}); ${since}.`, known.remedy);
}

/** How far reading is behind, in a clause. */
function howFar({ neverRead, newestNumber, overdue, expectedStale, catchingUp, nowMs, failing }: StatusFacts): string {
  const parts: string[] = [];
  if (neverRead > 0) parts.push(`${formatCount(neverRead)} of ${formatCount(newestNumber)} numbers were never read`);
  if (overdue > 0) parts.push(`${formatCount(overdue)} open tickets were not seen for a day`);
  if (catchingUp && neverRead + overdue > 0 && catchingUp.endsAtMs > nowMs) parts.push(`caught up in ${formatDuration(catchingUp.endsAtMs - nowMs)} at the earliest`);
  if (neverRead + overdue === 0) parts.push(`every number was read, and about ${formatCount(expectedStale)} tickets have changed unseen`);
  if (failing.length > 0) parts.push(`${formatCount(failing.length)} cannot be read`);
  return parts.join(', ');
}

function verdict(state: Verdict['state'], ok: boolean, sentence: string, toDo: string | null): Verdict {
  return { state, ok, sentence, toDo };
}
