import { formatDuration } from '../../output/duration.ts';
import type { Answer } from '../../suptask/client.ts';
import { type BodyShape, driftBetween, knownAfter } from './body-shape.ts';
import type { OddAnswer } from './odd-request.ts';

/** What a scenario found. */
export interface Finding {
  scenario: string;
  /** `differs`: not as it was expected, and the extractor copes; `blocks`: it does not. */
  verdict: 'ok' | 'differs' | 'blocks';
  found: string;
  /** What the verdict rests on. */
  evidence: Record<string, unknown>;
  /** How long its own request took; null where it sent none. */
  latencyMs: number | null;
}

/** An answer that takes longer than this is slow, in milliseconds; the extractor gives up after 30 seconds. */
const SLOW_MS = 5_000;

/** A local clock that is off by more than this is worth setting, in milliseconds. */
const SKEW_MS = 60_000;

/** A read as every sync does it: is it answered at all? */
export function ordinaryRead({ answer, outcome }: { answer: Answer; outcome: string }): Finding {
  const answered = ['found', 'unchanged', 'not_found', 'forbidden'].includes(outcome);
  const evidence = { ticketNumber: answer.number, outcome, httpStatus: answer.httpStatus };
  const failing = outcome === 'server_error' || outcome === 'invalid_payload' || outcome === 'rate_limited';
  return { scenario: 'ordinary_read', verdict: answered ? 'ok' : failing ? 'differs' : 'blocks', found: `ticket ${answer.number}: ${outcome}`, evidence, latencyMs: null };
}

/** A token that nobody has must be refused, or anybody could read. */
export function wrongToken(answer: OddAnswer): Finding {
  return expected('wrong_token', answer, [401, 403], (status) => (status < 300 ? 'blocks' : 'differs'));
}

/** Another word than Api-Token or Bearer: told apart from a wrong token, where SupTask answers 400. */
export function wrongScheme(answer: OddAnswer): Finding {
  return expected('wrong_scheme', answer, [400, 401], (status) => (status < 300 ? 'blocks' : 'differs'));
}

/** A number that is none. */
export function nonNumericNumber(answer: OddAnswer): Finding {
  return expected('non_numeric_number', answer, [400, 404], () => 'differs');
}

/** A number far past the newest: what is not there must be told from what fails, or nothing new is ever found. */
export function missingNumber(answer: OddAnswer): Finding {
  return expected('missing_number', answer, [404], (status) => (status < 300 || status >= 500 ? 'blocks' : 'differs'));
}

/** The slowest of the answers that were had. */
export function slowAnswer(durationsMs: readonly number[]): Finding {
  const slowestMs = Math.max(...durationsMs);
  const found = `the slowest of ${durationsMs.length} answers took ${slowestMs < 1_000 ? `${slowestMs} ms` : formatDuration(slowestMs)}`;
  return { scenario: 'slow_answer', verdict: slowestMs > SLOW_MS ? 'differs' : 'ok', found, evidence: { durationsMs }, latencyMs: null };
}

/** Whether answers say how much of the window is left. */
export function rateHeaders({ rate }: Answer): Finding {
  const told = rate?.limit != null && rate.remaining !== null && rate.resetAtMs !== null;
  const found = told ? `${rate.remaining} of ${rate.limit} left` : 'not all of limit, remaining and reset are told: the pace rests on the landing log alone';
  return { scenario: 'rate_headers', verdict: told ? 'ok' : 'differs', found, evidence: { ...rate }, latencyMs: null };
}

/** How far the machine's clock is from the source's. */
export function clockSkew({ observedAtMs, fetchedAtMs, observedBasis }: Answer): Finding {
  const evidence = { observedAtMs, fetchedAtMs, observedBasis };
  if (observedBasis !== 'date_header') return { scenario: 'clock_skew', verdict: 'differs', found: 'answers carry no Date: times rest on the local clock', evidence, latencyMs: null };
  const skewMs = fetchedAtMs - observedAtMs;
  const found = `the local clock is ${formatDuration(Math.abs(skewMs))} ${skewMs < 0 ? 'behind' : 'ahead'}`;
  return { scenario: 'clock_skew', verdict: Math.abs(skewMs) > SKEW_MS ? 'differs' : 'ok', found, evidence, latencyMs: null };
}

/** How bodies have changed since the last diagnosis; its evidence is what the next one compares with. */
export function payloadDrift(before: BodyShape | null, now: BodyShape): Finding {
  const drift = before === null ? [] : driftBetween(before, now);
  const looked = now.bodies === 0 ? 'no body was landed of late' : `${now.bodies} bodies with ${Object.keys(now.fields).length} fields`;
  const found = drift.length > 0 ? drift.join('; ') : before === null || now.bodies === 0 ? `${looked}: nothing yet to compare them with` : `${looked}, as before`;
  return { scenario: 'payload_drift', verdict: drift.length > 0 ? 'differs' : 'ok', found, evidence: { drift, shape: knownAfter(before, now) }, latencyMs: null };
}

function expected(scenario: string, { httpStatus, durationMs, said }: OddAnswer, statuses: number[], otherwise: (status: number) => Finding['verdict']): Finding {
  const evidence = { httpStatus, said, expected: statuses };
  const verdict = httpStatus === null ? 'blocks' : statuses.includes(httpStatus) ? 'ok' : otherwise(httpStatus);
  const found = httpStatus === null ? `no answer: ${said}` : `HTTP ${httpStatus}${verdict === 'ok' ? ', as it should be' : `, where ${statuses.join(' or ')} was expected`}`;
  return { scenario, verdict, found, evidence, latencyMs: durationMs };
}
