import { randomUUID } from 'node:crypto';
import { newId } from '../ids.ts';
import { SuptaskError } from '../errors.ts';
import { formatTime } from '../output/format.ts';
import type { Session } from '../session.ts';
import { RATE_WINDOW_MS } from '../suptask/rate-budget.ts';
import { announce, type AlertState } from './alerts/announce.ts';
import { readOneTicket } from './read-one-ticket.ts';

/** A source that has not answered after this is not well, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Outcomes of reads that were no answer, or say that nothing can be read. */
const NO_ANSWER = new Set(['server_error', 'timeout', 'network_error', 'unauthorized', 'rate_limited']);

/** What a heartbeat rests on: a request of its own, or the last read of a run, as the window allowed none or it was just now. */
type Basis = 'asked' | 'answered_just_now' | 'window_used_up';

/** One heartbeat, and the alerts as they stand after it. */
export interface Heartbeat {
  ok: boolean;
  basis: Basis;
  failure: SuptaskError | null;
  alerts: AlertState;
}

/**
 * Sees whether the source answers, lands that, and tells of alerts that have opened or closed, also
 * where the source could not be asked. A request is sent only where the log shows no answer of the
 * time since the last heartbeat was due: while a sync is at work it costs none.
 * @throws SuptaskError where there is no token, or the window is used up and the log shows no read of late
 */
export async function heartbeat(session: Session, environment: NodeJS.ProcessEnv): Promise<Heartbeat> {
  const seen = await lastRead(session);
  const youngMs = session.settings.heartbeatMinutes * 60_000;
  const wasAnswered = seen !== null && !NO_ANSWER.has(seen.outcome) && session.clock.now() - seen.fetchedAtMs < youngMs;
  let seeing: Seeing;
  try {
    seeing = wasAnswered ? { basis: 'answered_just_now', failure: await landSeen(session, seen, null) } : await ask(session);
  } catch (thrown) {
    await announce(session, environment);
    throw thrown;
  }
  return { ok: seeing.failure === null, ...seeing, alerts: await announce(session, environment) };
}

type Seeing = Pick<Heartbeat, 'basis' | 'failure'>;

async function ask(session: Session): Promise<Seeing> {
  try {
    return { basis: 'asked', failure: (await readOneTicket(session, 'heartbeat', TIMEOUT_MS)).failure };
  } catch (thrown) {
    // The window is used up: what the source said last was a moment ago.
    const seen = thrown instanceof SuptaskError && thrown.code === 'check.failed' ? await lastRead(session) : null;
    if (seen === null) throw thrown;
    // To be told to wait is an answer, and what used the window up.
    const failure = NO_ANSWER.has(seen.outcome) && seen.outcome !== 'rate_limited' ? notAnswered(seen) : null;
    return { basis: 'window_used_up', failure: await landSeen(session, seen, failure) };
  }
}

function notAnswered({ outcome, fetchedAtMs }: SeenRead): SuptaskError {
  return new SuptaskError(
    outcome === 'unauthorized' ? 'source.unauthorized' : outcome === 'server_error' ? 'source.failing' : 'source.unreachable',
    `The rate window is used up, and the last read, at ${formatTime(fetchedAtMs)}, ended as ${outcome}.`,
    'Run suptask check when the next window has begun: it says what is wrong and what to do.',
  );
}

interface SeenRead {
  outcome: string;
  fetchedAtMs: number;
}

/** The newest read that a run made of late; what heartbeats and checks read is no sign of a sync. */
async function lastRead({ landing, clock }: Session): Promise<SeenRead | null> {
  let last: SeenRead | null = null;
  const columns = ['fetch_id', 'channel', 'outcome', 'fetched_at'];
  const landedSince = new Date(clock.now() - RATE_WINDOW_MS);
  for await (const chunk of landing.read({ stream: 'ticket_fetches', columns, orderBy: ['fetched_at', 'fetch_id'], landedSince })) {
    for (const [, channel, outcome, fetchedAtMs] of chunk) if (channel === 'api') last = { outcome: String(outcome), fetchedAtMs: Number(fetchedAtMs) };
  }
  return last;
}

async function landSeen({ landing, clock }: Session, { outcome, fetchedAtMs }: SeenRead, failure: SuptaskError | null): Promise<SuptaskError | null> {
  await landing.append('connection_checks', [
    {
      check_id: newId(),
      correlation_id: failure?.correlationId ?? randomUUID(),
      kind: 'heartbeat',
      scenario: 'seen_in_log',
      at: new Date(clock.now()),
      ok: failure === null,
      latency_ms: null,
      code: failure?.code ?? null,
      evidence: JSON.stringify({ outcome, fetched_at: new Date(fetchedAtMs).toISOString() }),
    },
  ]);
  return failure;
}
