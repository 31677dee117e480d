import { randomUUID } from 'node:crypto';
import { newId } from '../../ids.ts';
import { SuptaskError } from '../../errors.ts';
import type { Landing } from '../../landing/landing.ts';
import { formatDuration } from '../../output/duration.ts';
import type { Session } from '../../session.ts';
import { createClient } from '../../suptask/client.ts';
import { toFetchRow } from '../../sync/fetch-row.ts';
import { loadSyncState, type SyncState } from '../../sync/state.ts';
import { readChecks } from '../connection-checks.ts';
import { type BodyShape, shapeOf } from './body-shape.ts';
import { type OddAnswer, oddRequest } from './odd-request.ts';
import * as scenarios from './scenarios.ts';

/** Requests that a diagnosis sends. */
const REQUESTS = 5;

/** The shape of bodies is that of those landed in this time, at most so many, in milliseconds. */
const SAMPLE_MS = 2 * 86_400_000;
const MOST_BODIES = 500;

/** Past every number that there is. */
const NO_NUMBER = 999_999_999;

/** Words that open nothing. */
const NOBODYS_TOKEN = 'diagnosis-of-a-token-that-nobody-has';

/**
 * Tries the edge cases that matter against the configured source, with five requests and without
 * changing anything there. Each finding is landed; each request counts in the rate window.
 * @throws SuptaskError `check.failed` where the window has not that many requests left
 */
export async function diagnose(session: Session): Promise<scenarios.Finding[]> {
  const { settings, clock, landing, redact, log } = session;
  const { baseUrl, token, authScheme } = settings.source();
  const state = await loadSyncState({ ...settings, landing, clock });
  const { ledger, budget, sourceClock } = state;
  const nowMs = sourceClock.now();
  if (budget.remaining(nowMs) < REQUESTS) throw windowTooFull(budget.nextAtMs(nowMs) - nowMs);

  const client = createClient({ source: settings.source(), clock, sourceClock, redact, log });
  budget.begin();
  const answer = await client.read(Math.max(1, ledger.newestNumber));
  await client.close();
  budget.end(answer.observedAtMs, answer.httpStatus, answer.rate);
  const row = toFetchRow(answer, { runId: null, channel: 'check', ledger });
  await landing.append('ticket_fetches', [row]);

  const own = `${authScheme === 'bearer' ? 'Bearer' : 'Api-Token'} ${token.reveal()}`;
  const odd = (path: string, authorization: string) => counted(state, () => oddRequest(baseUrl, path, authorization, redact));
  const known = `ticket/${answer.number}`;
  const wrongToken = await odd(known, `Api-Token ${NOBODYS_TOKEN}`);
  const wrongScheme = await odd(known, `Ticket-Token ${NOBODYS_TOKEN}`);
  const nonNumeric = await odd('ticket/forty-two', own);
  const missing = await odd(`ticket/${NO_NUMBER}`, own);

  const findings = [
    scenarios.ordinaryRead({ answer, outcome: row.outcome }),
    scenarios.wrongToken(wrongToken),
    scenarios.wrongScheme(wrongScheme),
    scenarios.nonNumericNumber(nonNumeric),
    scenarios.missingNumber(missing),
    scenarios.slowAnswer([answer, wrongToken, wrongScheme, nonNumeric, missing].map(({ durationMs }) => durationMs)),
    scenarios.rateHeaders(answer),
    scenarios.clockSkew(answer),
    scenarios.payloadDrift(await lastShape(landing), shapeOf(await recentBodies(landing, clock.now()))),
  ];
  await land(landing, findings, sourceClock.now());
  return findings;
}

/** The request is spent before the next one is: what came back says nothing of the window that the budget could use. */
async function counted({ budget, sourceClock }: SyncState, send: () => Promise<OddAnswer>): Promise<OddAnswer> {
  budget.begin();
  const answer = await send();
  budget.end(sourceClock.now(), answer.httpStatus, null);
  return answer;
}

async function lastShape(landing: Landing): Promise<BodyShape | null> {
  const last = (await readChecks(landing)).findLast(({ kind, scenario }) => kind === 'diagnostic' && scenario === 'payload_drift');
  return (last?.evidence['shape'] as BodyShape | undefined) ?? null;
}

async function recentBodies(landing: Landing, nowMs: number): Promise<string[]> {
  const bodies: string[] = [];
  const request = { stream: 'ticket_fetches', columns: ['observed_at', 'fetch_id', 'payload'], orderBy: ['observed_at', 'fetch_id'], landedSince: new Date(nowMs - SAMPLE_MS) } as const;
  for await (const chunk of landing.read(request)) {
    for (const [, , payload] of chunk) if (typeof payload === 'string') bodies.push(payload);
    if (bodies.length > MOST_BODIES) bodies.splice(0, bodies.length - MOST_BODIES);
  }
  return bodies;
}

/** Times are on the source's clock, as those of reads are: the budget of the next run counts these requests among them. */
async function land(landing: Landing, findings: readonly scenarios.Finding[], atMs: number): Promise<void> {
  const rows = findings.map(({ scenario, verdict, found, evidence, latencyMs }) => ({
    check_id: newId(),
    correlation_id: randomUUID(),
    kind: 'diagnostic',
    scenario,
    at: new Date(atMs),
    ok: verdict === 'ok',
    latency_ms: latencyMs,
    code: verdict,
    evidence: JSON.stringify({ found, ...evidence }),
  }));
  await landing.append('connection_checks', rows);
}

function windowTooFull(waitMs: number): SuptaskError {
  return new SuptaskError('check.failed', `A diagnosis sends ${REQUESTS} requests, and this rate window has fewer left.`, `Run it again in ${formatDuration(Math.max(waitMs, 60_000))}.`);
}
