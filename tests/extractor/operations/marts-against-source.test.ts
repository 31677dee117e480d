import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { martsAt } from '../../../extractor/operations/published-marts.ts';
import { compareWithSource } from '../../../extractor/operations/rollout/compare-source.ts';
import { differencesOf, toldByBody } from '../../../extractor/operations/rollout/raw-ticket.ts';
import { statusClassOf } from '../../../extractor/sync/status-class.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rowsOf } from '../support/landing.ts';
import { type Source, startSource, syncOnce } from '../support/source.ts';
import { publishMart } from './support/publish-mart.ts';
import { sessionWith, type TestSession } from './support/session.ts';

const HOUR_MS = 3_600_000;

interface PublishedTicket {
  ticket_number: number;
  status: string;
  status_class: string;
  priority: string | null;
  assignee_id: string | null;
  is_archived: boolean;
  created_ms: number;
  updated_ms: number | null;
  seen_ms: number;
}

let source: Source;
let session: TestSession;
let tickets: PublishedTicket[];

const compare = () => compareWithSource(session, martsAt(session.settings.marts));

/** Publishes what a build would of these tickets. */
async function publish(): Promise<void> {
  const path = join(temporaryFolder(), 'tickets.json');
  writeFileSync(path, JSON.stringify(tickets));
  const columns = "{ticket_number: 'bigint', status: 'varchar', status_class: 'varchar', priority: 'varchar', assignee_id: 'varchar', is_archived: 'boolean', created_ms: 'bigint', updated_ms: 'bigint', seen_ms: 'bigint'}";
  const told = `select *, 'default' as workspace, epoch_ms(created_ms) as created_at, epoch_ms(updated_ms) as updated_at, epoch_ms(seen_ms) as first_seen_at, null::timestamp as gone_at from read_json('${path}', columns = ${columns})`;
  await publishMart(session.settings.exports, 'suptask_tickets', told);
}

beforeEach(async () => {
  source = await startSource({ tickets: 80 });
  session = await sessionWith(source, 'parquet', { SUPTASK_EXPORTS: join(temporaryFolder(), 'exports') });
  await syncOnce(source, session.landing);
  tickets = (await rowsOf(session.landing, 'ticket_fetches')).filter(({ payload }) => payload !== null).map((row) => {
    const body = JSON.parse(String(row['payload'])) as Record<string, string | null | boolean>;
    const seenMs = Number(row['observed_at']);
    const { assignee, archived, createdAtMs } = toldByBody(String(row['payload']), seenMs);
    return {
      ticket_number: Number(row['ticket_number']), status: String(body['status']), status_class: statusClassOf(String(body['status'])), priority: body['priority'] as string | null,
      assignee_id: assignee, is_archived: archived, created_ms: createdAtMs ?? seenMs, updated_ms: row['ticket_updated_at'] as number | null, seen_ms: seenMs,
    };
  });
});

describe('marts held against tickets that are fetched again', () => {
  it('agree where they say of open, active and closed ones what the source does, and the requests are landed', async () => {
    await publish();
    const before = source.simulator.requests.total;
    expect(await compare()).toMatchObject({ ok: true, evidence: expect.stringMatching(/^9 tickets were fetched again, 3 of them closed: /) });
    expect(source.simulator.requests.total).toBe(before + 9);
    expect((await rowsOf(session.landing, 'ticket_fetches')).filter(({ channel }) => channel === 'check')).toHaveLength(9);
  });

  it.each([
    ['status', { status: 'On-hold' }],
    ['priority', { priority: 'Of its own' }],
    ['assignee', { assignee_id: 'U0NOBODY' }],
    ['archived', { is_archived: true }],
    ['created', { created_ms: Date.UTC(2026, 0, 1) }],
    ['closed', { status_class: 'open' }],
  ])('disagree where they say something else of: %s', async (name, changed) => {
    // Those of all closed tickets that have not changed for longest are samples.
    tickets = tickets.map((ticket) => (ticket.status_class === 'closed' ? { ...ticket, ...changed } : ticket));
    await publish();
    const { ok, evidence } = await compare();
    expect({ ok, evidence }).toEqual({ ok: false, evidence: expect.stringContaining(name) });
  });

  it('are not held against a ticket that has changed since they were built, and say no where none is left', async () => {
    tickets = tickets.map((ticket) => ({ ...ticket, updated_ms: (ticket.updated_ms ?? 0) - HOUR_MS, status: 'On-hold' }));
    await publish();
    expect(await compare()).toMatchObject({ ok: false, evidence: 'no ticket could be compared of 9, 9 have changed since' });
  });

  it('cost no request that the rate window does not allow', async () => {
    session = await sessionWith(source, 'parquet', { SUPTASK_EXPORTS: session.settings.exports, SUPTASK_RATE_LIMIT: '4' });
    await publish();
    const before = source.simulator.requests.total;
    expect(await compare()).toMatchObject({ ok: true, evidence: expect.stringMatching(/^4 tickets/) });
    expect(await compare()).toMatchObject({ ok: false, remedy: expect.stringContaining('rate window') });
    expect(source.simulator.requests.total).toBe(before + 4);
  });
});

describe('what a body says', () => {
  const body = (fields: object) => JSON.stringify({ ticketNumber: 1, ...fields });
  const seen = Date.UTC(2026, 6, 6);

  it.each([
    [{ status: 'IN  progress', priority: ' high ', assignee: 'Unassigned', archived: 'TRUE', created_at: 1_780_000_000 }, { status: 'in progress', priority: 'high', assignee: null, archived: true, createdAtMs: 1_780_000_000_000 }],
    [{ status: null, assignee: '', createdAt: 'soon' }, { status: null, priority: null, assignee: null, archived: false, createdAtMs: null }],
    [{ createdAt: '2026-07-07T00:00:00Z', assignee: 'U1' }, { status: null, priority: null, assignee: 'U1', archived: false, createdAtMs: seen }],
  ])('is told as a mart does: %j', (fields, told) => {
    expect(toldByBody(body(fields), seen)).toEqual(told);
    expect(differencesOf({ ...told, createdAtMs: (told.createdAtMs ?? 0) + 999 }, told)).toEqual([]);
  });
});
