import type { Clock } from '../clock.ts';
import { type ErrorCode, SuptaskError } from '../errors.ts';
import type { RunReport } from './run-report.ts';

/** With everything read, the next look for something new comes after this. */
const IDLE_MS = 60_000;

/** The source is down: asked again after this, each time twice as late, up to a rate window. */
const FIRST_OUTAGE_PAUSE_MS = 60_000;
const LONGEST_OUTAGE_PAUSE_MS = 15 * 60_000;

/** Failures of the source that pass by themselves; any other ends the service. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['source.unreachable', 'source.failing']);

export interface FollowOptions {
  clock: Clock;
  signal: AbortSignal;
  /** One run to the end of the window. */
  run: () => Promise<RunReport>;
  onRun: (report: RunReport) => void | Promise<void>;
  onOutage: (failure: SuptaskError, pauseMs: number) => void | Promise<void>;
}

/**
 * Runs on and on, one run a rate window, until the signal. An outage of the source is waited out.
 * @throws SuptaskError any other failure of a run
 */
export async function follow({ clock, signal, run, onRun, onOutage }: FollowOptions): Promise<void> {
  let outagePauseMs = FIRST_OUTAGE_PAUSE_MS;
  while (!signal.aborted) {
    let pauseMs: number;
    try {
      const report = await run();
      await onRun(report);
      const untilNextMs = report.nextAtMs - report.endedAtMs;
      pauseMs = report.ended === 'everything_read' ? Math.max(IDLE_MS, untilNextMs) : untilNextMs;
      outagePauseMs = FIRST_OUTAGE_PAUSE_MS;
    } catch (thrown) {
      if (!(thrown instanceof SuptaskError) || !PASSING.has(thrown.code)) throw thrown;
      pauseMs = outagePauseMs;
      outagePauseMs = Math.min(2 * outagePauseMs, LONGEST_OUTAGE_PAUSE_MS);
      await onOutage(thrown, pauseMs);
    }
    await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}
