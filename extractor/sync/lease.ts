import type { Clock } from '../clock.ts';
import { SuptaskError } from '../errors.ts';
import type { Landing } from '../landing/landing.ts';
import { landAbandonedRuns, readRuns } from './run-log.ts';

/**
 * Does something as the only run on this landing log; `lost` is aborted should that cease to be so. First what dead receivers have left
 * becomes part of the log, and runs whose process is gone are marked abandoned: while the lease is held, none of them can be alive.
 * @throws SuptaskError `lease.lost`, or `lease.held` where another run is under way, with who holds it since when
 */
export async function underLease<T>(landing: Landing, clock: Clock, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
  const lease = await landing.tryLease();
  if (lease === null) throw held(await holder(landing));
  try {
    await landing.rollLeftJournals();
    await landAbandonedRuns(landing, clock);
    const result = await work(lease.lost);
    lease.lost.throwIfAborted();
    return result;
  } finally {
    await lease.release();
  }
}

/** Of whatever workspace: the lease is on the whole landing. Only the run that began last can be alive. */
async function holder(landing: Landing): Promise<string> {
  const run = (await readRuns(landing, { workspace: null })).at(-1);
  if (!run) return 'It has just begun.';
  const process = `${run.kind} on ${run.host}, process ${run.pid}`;
  if (run.ended === null) return `It is a ${process}, since ${new Date(run.startedAtMs).toISOString()}.`;
  return `It has just begun, or waits since ${new Date(run.ended.atMs).toISOString()}: the last run was a ${process}.`;
}

function held(who: string): SuptaskError {
  return new SuptaskError(
    'lease.held',
    `Another run is under way on this landing log. ${who}`,
    'Wait until it has ended, or stop it; a run that died holds nothing.',
  );
}
