import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { beatOnAndOn } from '../../../../extractor/commands/heartbeat.ts';
import { SuptaskError } from '../../../../extractor/errors.ts';
import type { Row } from '../../../../extractor/landing/streams.ts';
import { readAlerts } from '../../../../extractor/operations/alerts/announce.ts';
import { heartbeat } from '../../../../extractor/operations/heartbeat.ts';
import { readOneTicket } from '../../../../extractor/operations/read-one-ticket.ts';
import { startCommand } from '../../support/command.ts';
import { landingAt, rowsOf } from '../../support/landing.ts';
import { type Source, startSource, syncOnce } from '../../support/source.ts';
import { down, keysOf, landBeats, MINUTE } from '../support/alerting.ts';
import { listen, type Listener } from '../support/listener.ts';
import { sessionWith, type TestSession } from '../support/session.ts';

let source: Source;
let listener: Listener;
let session: TestSession;

const later = (ms: number) => source.clock.advanceTo(source.clock.now() + ms);
const beat = () => heartbeat(session, {});
const open = async () => keysOf(await readAlerts(session));

beforeEach(async () => {
  source = await startSource({ tickets: 8 });
  listener = await listen();
  session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url });
});

describe('heartbeats', () => {
  it('alert when two have failed in a row, and one does not', async () => {
    await beat();
    for (const faults of [down, {}, down, {}]) {
      source.simulator.setFaults(faults);
      later(5 * MINUTE);
      expect(keysOf((await beat()).alerts)).toEqual([]);
    }
    source.simulator.setFaults(down);
    later(5 * MINUTE);
    expect(keysOf((await beat()).alerts)).toEqual([]);
    later(5 * MINUTE);
    expect(await beat()).toMatchObject({ ok: false, failure: { code: 'source.unreachable' }, alerts: { open: [{ key: 'heartbeat' }] } });
  });

  it('alert when two are missing, and one does not', async () => {
    await beat();
    later(12 * MINUTE);
    expect(await open()).toEqual([]);
    later(1 * MINUTE);
    expect(await open()).toEqual(['heartbeat']);
  });

  it('tell of alerts also where the source cannot be asked: without a token, and with the window used up', async () => {
    for (const environment of [{ SUPTASK_API_TOKEN: '' }, { SUPTASK_RATE_LIMIT: '1' }]) {
      session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url, ...environment });
      await landBeats(session.landing, source.clock.now());
      // A check of just now, which is no sign of a sync, has used up a window of one request.
      if ('SUPTASK_RATE_LIMIT' in environment) await readOneTicket(session, 'connection_test');
      await expect(beat()).rejects.toThrow(SuptaskError);
      expect(listener.heard.map(({ key, event }) => [key, event])).toEqual([['heartbeat', 'opened']]);
      listener.heard.length = 0;
    }
  });

  it.each([
    ['timeout', 'source.unreachable'],
    ['unauthorized', 'source.unauthorized'],
    ['server_error', 'source.failing'],
    ['rate_limited', null],
    ['found', null],
  ])('rest on the last read where the window is used up: after %s they are told as %s', async (outcome, code) => {
    session = await sessionWith(source, 'parquet', { SUPTASK_RATE_LIMIT: '1' });
    await readOneTicket(session, 'connection_test');
    const [read] = await rowsOf(session.landing, 'ticket_fetches');
    // Not of the last minutes: else what was found would be enough, and nothing be asked.
    const at = new Date(source.clock.now() - 6 * MINUTE);
    await session.landing.append('ticket_fetches', [{ ...(read as unknown as Row<'ticket_fetches'>), fetch_id: 'of-a-run', channel: 'api', outcome, fetched_at: at, observed_at: at }]);
    expect(await beat()).toMatchObject({ ok: code === null, basis: 'window_used_up', failure: code === null ? null : { code } });
    const landed = (await rowsOf(session.landing, 'connection_checks')).filter(({ kind }) => kind === 'heartbeat');
    expect(landed).toMatchObject([{ scenario: 'seen_in_log', ok: code === null, code }]);
  });

  it('go on as a service when the database is there again that was away', { timeout: 60_000 }, async () => {
    session = await sessionWith(source, 'postgres');
    const database = new pg.Client({ connectionString: session.address });
    await database.connect();
    const beats: boolean[] = [];
    const ended = new AbortController();
    const sleep = async () => {
      await database.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'suptask' and datname = current_database()");
      if (beats.length === 2) ended.abort();
    };
    await beatOnAndOn(session.settings, ({ ok }) => beats.push(ok), AbortSignal.any([ended.signal, AbortSignal.timeout(30_000)]), { sleep });
    expect(beats).toEqual([true, true]);
    await database.end();
  });

  it('say on the command line that nothing was read where the window is used up', { timeout: 60_000 }, async () => {
    const settings = { ...session.environment, SUPTASK_RATE_LIMIT: '1' };
    // The command line is on the machine's own clock: this uses its window up.
    expect(await startCommand(['check'], settings).ended).toMatchObject({ exitCode: 0 });
    const landing = await landingAt(session.address);
    const [read] = await rowsOf(landing, 'ticket_fetches');
    const at = new Date(Date.now() - 6 * MINUTE);
    await landing.append('ticket_fetches', [{ ...(read as unknown as Row<'ticket_fetches'>), fetch_id: 'of-a-run', channel: 'api', fetched_at: at, observed_at: at }]);
    const before = source.simulator.requests.total;
    expect(await startCommand(['heartbeat'], settings).ended).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^default is well: the rate window is used up, so nothing was read; /) });
    expect(JSON.parse((await startCommand(['heartbeat', '--json'], settings).ended).output)).toMatchObject({ ok: true, asked: false, basis: 'window_used_up' });
    expect(source.simulator.requests.total).toBe(before);
  });

  it('cost no request while a sync is answered, and one each where none is', async () => {
    await syncOnce(source, session.landing);
    const before = source.simulator.requests.total;
    later(4 * MINUTE);
    expect(await beat()).toMatchObject({ ok: true, basis: 'answered_just_now' });
    expect(source.simulator.requests.total).toBe(before);
    later(5 * MINUTE);
    expect(await beat()).toMatchObject({ ok: true, basis: 'asked' });
    expect(source.simulator.requests.total).toBe(before + 1);
    expect(await rowsOf(session.landing, 'connection_checks', ['at'])).toMatchObject([{ kind: 'heartbeat', scenario: 'seen_in_log' }, { kind: 'heartbeat', scenario: 'read_one_ticket', ok: true }]);
  });
});
