import { newId } from '../ids.ts';
import type { Settings } from '../config.ts';
import { type ErrorCode, exitCodes, SuptaskError } from '../errors.ts';
import { type Session, withSession } from '../session.ts';
import { checkWarehouse } from './check-warehouse.ts';
import { readOneTicket } from './read-one-ticket.ts';
import { landErrorEvent } from './report-error.ts';

/** One thing that was tried. */
export interface CheckLine {
  what: 'address' | 'scheme' | 'token' | 'landing' | 'budget' | 'warehouse';
  /** Null: not tried, because something before it failed. */
  ok: boolean | null;
  /** What came back. */
  found: string;
  /** What to do, where it failed. */
  remedy: string | null;
}

/** What a check of one profile found. */
export interface ProfileCheck {
  profile: string;
  ok: boolean;
  lines: CheckLine[];
  code: ErrorCode | null;
  exitCode: number;
  /** Under which `suptask errors show` tells the rest; null where there is no more to tell. */
  correlationId: string | null;
}

/** Tries what a sync and a build need: address, scheme, token, landing and warehouse. One request is sent and landed. */
export async function checkProfile(settings: Settings, environment: NodeJS.ProcessEnv): Promise<ProfileCheck> {
  const failures: SuptaskError[] = [];
  const lines = await checkSourceAndLanding(settings, failures);
  lines.push(await checkedWarehouse(settings, environment, failures));
  const [first] = failures;
  return {
    profile: settings.workspace,
    ok: first === undefined,
    lines,
    code: first?.code ?? null,
    exitCode: first?.exitCode ?? exitCodes.done,
    correlationId: failures.find(({ code }) => code.startsWith('source.') || code.startsWith('warehouse.'))?.correlationId ?? null,
  };
}

async function checkSourceAndLanding(settings: Settings, failures: SuptaskError[]): Promise<CheckLine[]> {
  try {
    return await withSession(settings, (session) => checkSource(session, failures));
  } catch (thrown) {
    if (!(thrown instanceof SuptaskError)) throw thrown;
    const failure = thrown;
    failures.push(failure);
    const isLanding = failure.code.startsWith('landing.');
    const what = isLanding ? 'landing' : failure.code.startsWith('configuration.') ? 'token' : 'budget';
    return [{ what, ok: false, found: failure.message, remedy: failure.remedy }];
  }
}

async function checkSource(session: Session, failures: SuptaskError[]): Promise<CheckLine[]> {
  const { settings, landing } = session;
  const { baseUrl, authScheme } = settings.source();
  const { answer, outcome, failure, budget, nowMs } = await readOneTicket(session, 'connection_test');
  if (failure) failures.push(failure);
  const line = (what: CheckLine['what'], ok: boolean | null, found: string): CheckLine => ({ what, ok, found, remedy: ok === false ? (failure?.remedy ?? null) : null });
  const reached = failure === null || failure.code === 'source.unauthorized' || failure.code === 'source.scheme_refused';
  const understood = reached && failure?.code !== 'source.scheme_refused';
  return [
    line('address', reached, reached ? `${baseUrl.origin} answered in ${answer.durationMs} ms` : (failure?.message ?? '')),
    line('scheme', reached ? understood : null, reached ? (understood ? authScheme : (failure?.message ?? '')) : 'not tried'),
    line('token', understood ? failure === null : null, understood ? (failure?.message ?? `accepted; ticket ${answer.number}: ${outcome}`) : 'not tried'),
    line('landing', true, `${landing.shown} takes rows`),
    line('budget', failure === null ? true : null, describeBudget(budget.limit, budget.remaining(nowMs))),
  ];
}

function describeBudget(limit: number | null, remaining: number): string {
  return limit === null ? 'no limit' : `${remaining} of ${limit} requests left in this window`;
}

/** A build that cannot be had keeps the first sync back, too: so what was found is landed, where there is a landing. */
async function checkedWarehouse(settings: Settings, environment: NodeJS.ProcessEnv, failures: SuptaskError[]): Promise<CheckLine> {
  try {
    return { what: 'warehouse', ok: true, found: await checkWarehouse(settings, environment), remedy: null };
  } catch (thrown) {
    if (!(thrown instanceof SuptaskError)) throw thrown;
    if (!failures.some(({ code }) => code.startsWith('landing.'))) await withSession(settings, (session) => landFailure(session, thrown));
    failures.push(thrown);
    return { what: 'warehouse', ok: false, found: thrown.message, remedy: thrown.remedy };
  }
}

async function landFailure({ landing, clock, redact }: Session, failure: SuptaskError): Promise<void> {
  const row = { check_id: newId(), correlation_id: failure.correlationId, kind: 'connection_test', scenario: 'warehouse', latency_ms: null, evidence: '{}' };
  await landing.append('connection_checks', [{ ...row, at: new Date(clock.now()), ok: false, code: failure.code }]);
  await landErrorEvent(landing, failure, redact, clock.now());
}
