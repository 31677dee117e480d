import { setFlagsFromString } from 'node:v8';
import type { Settings } from '../config.ts';
import { exitCodes, SuptaskError } from '../errors.ts';
import { formatDuration } from '../output/duration.ts';
import { ProgressLine } from '../output/progress-line.ts';
import { describePlan, describeProgress, describeReport, failedReads } from './run-text.ts';
import { interruption, type Session, withSession } from '../session.ts';
import { createClient } from '../suptask/client.ts';
import type { SourceClock } from '../suptask/source-clock.ts';
import { follow } from '../sync/follow.ts';
import { announce } from '../operations/alerts/announce.ts';
import { refuseAfterFailedCheck } from '../operations/connection-checks.ts';
import { underLease } from '../sync/lease.ts';
import type { Ledger } from '../sync/ledger.ts';
import { runSync } from '../sync/run.ts';
import type { RunOptions, RunProgress, RunReport } from '../sync/run-report.ts';
import { loadSyncState } from '../sync/state.ts';

/** What `sync` and `backfill` have in common. */
export interface RunCommandOptions {
  wait?: true;
  strict?: true;
  json?: true;
}

type Kind = Pick<RunOptions, 'kind' | 'range' | 'createdSince'>;

/** While a run waits for the next window, a terminal shows the time that is left. */
const REDRAW_MS = 1_000;

/** Runs once against the configured source, under the lease, and answers, with what a person does next. Sets the exit code. */
export async function runCommand(settings: Settings, kind: Kind, options: RunCommandOptions, next = 'Next: npm run dbt -- build\n'): Promise<void> {
  const signal = interruption();
  const report = await withSession(settings, async (session) => {
    let known: Ledger | undefined;
    try {
      return await withRuns(session, kind, options.wait === true, signal, async (run, _, ledger) => {
        const ended = await run();
        known = ledger();
        return ended;
      });
    } finally {
      await tellAlerts(session, signal, known);
    }
  });
  answer(report, options, next);
  if (options.strict && failedReads(report) > 0) process.exitCode = exitCodes.failuresQueued;
}

/** Runs on and on, as a service, until SIGINT or SIGTERM; answers after each run. */
export async function followCommand(settings: Settings, options: RunCommandOptions): Promise<void> {
  const signal = interruption();
  await withSession(settings, async (session) => {
    try {
      await withRuns(session, { kind: 'sync' }, false, signal, (run, lost, ledger) =>
        follow({
          clock: session.clock,
          signal: AbortSignal.any([signal, lost]),
          run,
          onRun: async (report) => {
            answer(report, options);
            await tellAlerts(session, signal, ledger());
          },
          onOutage: async ({ message }, pauseMs) => {
            process.stderr.write(`${message} Trying again in ${formatDuration(pauseMs)}.\n`);
            await tellAlerts(session, signal);
          },
        }),
      );
    } finally {
      await tellAlerts(session, signal);
    }
  });
}

/**
 * A run also sees that heartbeats are missing, however it ended; but whoever was told to stop does so. Nothing of this can make it fail.
 * `known` spares reading the log anew: the ledger of a run that ended well says what the log does.
 */
async function tellAlerts(session: Session, stopped: AbortSignal, known?: Ledger): Promise<void> {
  if (stopped.aborted) return;
  await announce(session, process.env, known).catch((thrown: unknown) => {
    // Of a landing that is gone the run itself has told.
    const isLanding = thrown instanceof SuptaskError && thrown.code.startsWith('landing.');
    session.log[isLanding ? 'debug' : 'warn']({ err: thrown }, 'alerts could not be told');
  });
}

function answer(report: RunReport, { json }: RunCommandOptions, next = ''): void {
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${describeReport(report)}\n${next}`);
}

/** Opens source and state under the lease, and hands out runs on them, with the ledger of the last one; the landing is compacted after each. */
export async function withRuns<T>(
  { settings, clock, landing, redact, log }: Session,
  kind: Kind,
  wait: boolean,
  interrupted: AbortSignal,
  work: (run: () => Promise<RunReport>, lost: AbortSignal, ledger: () => Ledger) => Promise<T>,
): Promise<T> {
  const source = settings.source();
  keepGarbageLow();
  return await underLease(landing, clock, async (lost) => {
    await refuseAfterFailedCheck(landing, clock);
    const load = () => loadSyncState({ ...settings, landing, clock, keepsFold: true });
    let { ledger, requested, ...state } = await load();
    const client = createClient({ source, clock, sourceClock: state.sourceClock, redact, log });
    const line = new ProgressLine();
    const signal = AbortSignal.any([interrupted, lost]);
    const shown = showProgress(line, state.sourceClock);
    const onPlanned: RunOptions['onPlanned'] = (progress) => {
      if (wait || kind.kind === 'backfill') process.stderr.write(`${describePlan(progress, wait)}\n`);
    };
    let runs = 0;
    const run = async () => {
      runs += 1;
      if (runs > 1) {
        // What was asked for or delivered since the run before stands in the log alone, or in what a receiver left that died since.
        await landing.rollLeftJournals();
        ({ ledger, requested } = await load());
      }
      const report = await runSync({ client, landing, clock, state: { ...state, ledger, requested } }, { ...kind, wait, signal, onPlanned, onProgress: shown.onProgress });
      line.end();
      const { runId, ended, requests, outcomes, left } = report;
      log.info({ runId, kind: kind.kind, ended, requests, outcomes, left }, 'a run has ended');
      // Whoever was told to stop does so: what is left to do the next run does.
      if (signal.aborted) return report;
      const compacted = await landing.compact();
      // Merged files are others than those that the kept fold was made of: made anew now, the next reader finds it.
      if (compacted?.filesMerged && kind.kind === 'sync') await load();
      return report;
    };
    try {
      return await work(run, lost, () => ledger);
    } finally {
      shown.end();
      await client.close();
    }
  });
}

/**
 * Node lets the space for young objects grow to 128 MB, and garbage gather until it is several times what
 * is in use, as suits a server. What a read leaves behind is garbage at once: cleared away early
 * it takes a third less memory for little more time (docs/performance.md).
 */
function keepGarbageLow(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
}

/** Shows where a run stands: at each read, and while it waits for the next window once, or on a terminal every second. */
function showProgress(line: ProgressLine, sourceClock: SourceClock) {
  let waiting: RunProgress | null = null;
  const redraw = () => waiting && line.update(() => describeProgress({ ...(waiting as RunProgress), nowMs: sourceClock.now() }, true));
  const timer = line.isTerminal ? setInterval(redraw, REDRAW_MS).unref() : null;
  return {
    onProgress: (progress: RunProgress) => {
      waiting = progress.waitingUntilMs === null ? null : progress;
      if (waiting) line.announce(describeProgress(waiting, line.isTerminal));
      else line.update(() => describeProgress(progress, line.isTerminal));
    },
    end: () => {
      if (timer) clearInterval(timer);
      line.end();
    },
  };
}
