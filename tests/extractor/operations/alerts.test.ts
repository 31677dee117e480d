import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { exitCodes, SuptaskError } from '../../../extractor/errors.ts';
import { acknowledge } from '../../../extractor/operations/alerts/acknowledge.ts';
import { announce, MOST_ATTEMPTS, readAlerts } from '../../../extractor/operations/alerts/announce.ts';
import { heartbeat } from '../../../extractor/operations/heartbeat.ts';
import { readOneTicket } from '../../../extractor/operations/read-one-ticket.ts';
import type { Landing } from '../../../extractor/landing/landing.ts';
import type { Row } from '../../../extractor/landing/streams.ts';
import { queryDuckDb } from '../../../extractor/landing/duckdb.ts';
import { compactLanding } from '../../../extractor/landing/compaction.ts';
import { landRunEvent } from '../../../extractor/sync/run-log.ts';
import { startCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { landingAt, rowsOf } from '../support/landing.ts';
import { type Source, startSource, syncOnce } from '../support/source.ts';
import { listen, type Listener } from './support/listener.ts';
import { sessionWith, type TestSession } from './support/session.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const down = { closedConnection: { probability: 1 } };

let source: Source;
let listener: Listener;
let session: TestSession;

const later = (ms: number) => source.clock.advanceTo(source.clock.now() + ms);
const beat = () => heartbeat(session, {});
const keysOf = ({ open }: { open: { key: string }[] }) => open.map(({ key }) => key);
const open = async () => keysOf(await readAlerts(session));

beforeEach(async () => {
  source = await startSource({ tickets: 8 });
  listener = await listen();
  session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url, SUPTASK_EXPORTS: join(temporaryFolder(), 'exports') });
});

/** Two heartbeats that failed, the last one a minute before a time: an alert is open. */
async function landBeats(landing: Landing, nowMs: number): Promise<void> {
  for (const at of [2, 1].map((minutes) => new Date(nowMs - minutes * MINUTE))) {
    await landing.append('connection_checks', [{ check_id: at.toISOString(), correlation_id: '1', kind: 'heartbeat', scenario: 'read_one_ticket', at, ok: false, latency_ms: 1, code: 'source.unreachable', evidence: '{}' }]);
  }
}

/** How each alert comes to be, and how it gets well again. */
const stories: Record<string, { begin: () => Promise<void>; end: () => Promise<void> }> = {
  heartbeat: {
    begin: async () => {
      source.simulator.setFaults(down);
      await beat();
      expect(await open()).toEqual([]);
      later(5 * MINUTE);
      await beat();
    },
    end: async () => {
      source.simulator.setFaults({});
      later(5 * MINUTE);
      await beat();
    },
  },
  'run_stuck:run-1': {
    begin: async () => {
      await landRunEvent(session.landing, source.clock, { runId: 'run-1', kind: 'sync' }, 'started');
      later(29 * MINUTE);
      expect(await open()).toEqual([]);
      later(2 * MINUTE);
    },
    end: async () => {
      await syncOnce(source, session.landing);
    },
  },
  sync_failing: {
    begin: async () => {
      source.simulator.setFaults(down);
      for (let run = 1; run <= 3; run += 1) {
        expect(await open()).toEqual([]);
        await syncOnce(source, session.landing).catch(() => undefined);
        later(15 * MINUTE);
      }
      source.simulator.setFaults({});
    },
    end: async () => {
      await syncOnce(source, session.landing);
    },
  },
  stale: {
    begin: async () => {
      await syncOnce(source, session.landing);
      later(359 * MINUTE);
      expect(await open()).toEqual([]);
      later(2 * MINUTE);
    },
    end: async () => {
      await syncOnce(source, session.landing);
    },
  },
  'ticket_failing:7': {
    begin: async () => {
      source.simulator.setFaults({ brokenForEver: { numbers: [7] } });
      for (let run = 1; run <= 5; run += 1) {
        await syncOnce(source, session.landing);
        if (run < 5) later(5 * 60 * MINUTE);
      }
    },
    end: async () => {
      source.simulator.setFaults({});
      later(10 * DAY);
      await syncOnce(source, session.landing);
    },
  },
  resolution_low: { begin: () => publishResolution(0.7), end: () => publishResolution(0.9) },
  landing_growing: {
    begin: async () => {
      for (let file = 1; file <= 65; file += 1) await session.landing.append('operator_requests', [{ request_id: `${file}`, at: new Date(source.clock.now()), kind: 'retry', arguments: '{"numbers":[]}', by: 'a test' }]);
      expect(await open()).toEqual([]);
      later(2 * DAY);
    },
    end: async () => {
      // A compaction, and one more an hour later, which removes what the first has merged.
      for (const hours of [0, 2]) await compactLanding(session.address, { nowMs: Date.now() + hours * 60 * MINUTE });
    },
  },
};

/** What a build would publish. */
async function publishResolution(share: number): Promise<void> {
  const path = join(session.settings.exports, 'sync_health.parquet');
  mkdirSync(session.settings.exports, { recursive: true });
  const sql = `copy (select 'default' as workspace, ${share}::double as requester_resolution_share, 0.8::double as requester_resolution_minimum_share) to '${path}' (format parquet)`;
  for await (const _ of queryDuckDb(sql, {}));
}

describe.each(Object.keys(stories))('the alert %s', (key) => {
  it('opens once, is told once, is acknowledged, and closes by itself', async () => {
    const told = () => listener.heard.filter((message) => message.key === key).map(({ event }) => event);
    await stories[key]?.begin();
    for (let repeated = 1; repeated <= 2; repeated += 1) expect(keysOf(await announce(session, {}))).toContain(key);
    expect(told()).toEqual(['opened']);
    expect(listener.heard.find((message) => message.key === key)?.text).toMatch(/^\[default\] .+ To do: .+ suptask alerts ack /s);

    const acknowledged = await acknowledge(session, key, 'on it', {});
    expect(acknowledged).toMatchObject({ key, acknowledged: { note: 'on it' }, toldOn: expect.arrayContaining(['log', 'webhook']) });
    expect((await readAlerts(session)).open.find((alert) => alert.key === key)?.acknowledged).toMatchObject({ note: 'on it' });

    await stories[key]?.end();
    for (let repeated = 1; repeated <= 2; repeated += 1) expect(keysOf(await announce(session, {}))).not.toContain(key);
    expect(told()).toEqual(['opened', 'closed']);
    const rows = (await rowsOf(session.landing, 'alert_deliveries')).filter(({ alert_key: alertKey }) => alertKey === key);
    expect(rows.map(({ channel, event, ok }) => `${String(channel)} ${String(event)} ${String(ok)}`).toSorted()).toEqual(['log closed true', 'log opened true', 'webhook closed true', 'webhook opened true']);
  });

  it('has a section in the runbook', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8')).toContain(`\n### ${key.split(':')[0]}\n`);
  });
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
    expect(await beat()).toMatchObject({ ok: code === null, failure: code === null ? null : { code } });
    const landed = (await rowsOf(session.landing, 'connection_checks')).filter(({ kind }) => kind === 'heartbeat');
    expect(landed).toMatchObject([{ scenario: 'seen_in_log', ok: code === null, code }]);
  });

  it('cost no request while a sync is answered, and one each where none is', async () => {
    await syncOnce(source, session.landing);
    const before = source.simulator.requests.total;
    later(4 * MINUTE);
    expect(await beat()).toMatchObject({ ok: true, asked: false });
    expect(source.simulator.requests.total).toBe(before);
    later(5 * MINUTE);
    expect(await beat()).toMatchObject({ ok: true, asked: true });
    expect(source.simulator.requests.total).toBe(before + 1);
    expect(await rowsOf(session.landing, 'connection_checks', ['at'])).toMatchObject([{ kind: 'heartbeat', scenario: 'seen_in_log' }, { kind: 'heartbeat', scenario: 'read_one_ticket', ok: true }]);
  });
});

describe('telling of an alert', () => {
  const failTwice = async () => {
    source.simulator.setFaults(down);
    for (let count = 1; count <= 2; count += 1) {
      await beat();
      later(5 * MINUTE);
    }
  };

  it('is tried again by the next heartbeat, a bounded number of times, and every attempt is a row', async () => {
    listener.answerWith(503);
    await failTwice();
    for (let count = 1; count <= MOST_ATTEMPTS + 1; count += 1) await announce(session, {});
    const attempts = (await rowsOf(session.landing, 'alert_deliveries')).filter(({ channel }) => channel === 'webhook');
    expect(attempts).toHaveLength(MOST_ATTEMPTS);
    expect(attempts.every(({ ok, error }) => ok === false && error === 'HTTP 503 not now')).toBe(true);
    expect(JSON.stringify([attempts, session.logged])).not.toContain('canary-of-the-webhook');
  });

  it('succeeds on a later attempt, and then is over', async () => {
    listener.answerWith(503);
    await failTwice();
    listener.answerWith(200);
    for (let count = 1; count <= 2; count += 1) await announce(session, {});
    expect(listener.heard.map(({ key }) => key)).toEqual(['heartbeat']);
  });

  it('begins anew when an alert that had closed opens again', async () => {
    await failTwice();
    source.simulator.setFaults({});
    await beat();
    later(5 * MINUTE);
    await failTwice();
    expect(listener.heard.map(({ event }) => event)).toEqual(['opened', 'closed', 'opened']);
  });

  it('reaches a command, on its standard input, without a token in its environment', async () => {
    const file = join(temporaryFolder(), 'told');
    session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_COMMAND: `cat > ${file}; env >> ${file}` });
    source.simulator.setFaults(down);
    const environment = { PATH: process.env['PATH'], SUPTASK_API_TOKEN: 'canary', SUPTASK_API_TOKEN__ACME: 'canary', SUPTASK_ALERT_WEBHOOK_URL: 'canary' };
    for (let count = 1; count <= 2; count += 1) {
      await heartbeat(session, environment);
      later(5 * MINUTE);
    }
    const told = readFileSync(file, 'utf8');
    expect(JSON.parse(told.split('\n')[0] ?? '')).toMatchObject({ key: 'heartbeat', event: 'opened', text: expect.stringContaining('Heartbeats fail') });
    expect(told).not.toContain('canary');
    session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_COMMAND: 'echo it is broken >&2; exit 3' });
    for (let count = 1; count <= 2; count += 1) {
      await heartbeat(session, environment);
      later(5 * MINUTE);
    }
    expect(await rowsOf(session.landing, 'alert_deliveries')).toEqual(expect.arrayContaining([expect.objectContaining({ channel: 'command', ok: false, error: 'it ended with 3: it is broken' })]));
  });

  it.each(['refuses', 'never answers'])('never keeps a sync from ending well where the webhook %s and the command fails', { timeout: 120_000 }, async (webhook) => {
    // The command line is on the machine's own clock.
    await landBeats(await landingAt(session.address), Date.now());
    listener.answerWith(webhook === 'refuses' ? 503 : null);
    const sync = await startCommand(['sync', '--json'], { ...session.environment, SUPTASK_ALERT_COMMAND: 'exit 1' }).ended;
    expect(sync).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(sync.output)).toMatchObject({ ended: 'everything_read' });
    const told = (await rowsOf(session.landing, 'alert_deliveries')).map(({ alert_key: key, channel, ok }) => `${String(key)} ${String(channel)} ${String(ok)}`);
    expect(told.toSorted()).toEqual(['heartbeat command false', 'heartbeat log true', 'heartbeat webhook false']);
  });

  it('is also done by a sync that fails, and by one that runs on and on after each of its runs', { timeout: 120_000 }, async () => {
    await landBeats(await landingAt(session.address), Date.now());
    const settings = { ...session.environment, SUPTASK_RATE_LIMIT: '5' };
    const failed = await startCommand(['sync'], { ...settings, SUPTASK_API_TOKEN: 'revoked-token' }).ended;
    expect(failed.exitCode).toBe(exitCodes.refused);
    expect(listener.heard.map(({ key, event }) => [key, event])).toEqual([['heartbeat', 'opened']]);

    listener.heard.length = 0;
    session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url });
    await landBeats(await landingAt(session.address), Date.now());
    const service = startCommand(['sync', '--follow'], session.environment);
    await vi.waitFor(() => expect(listener.heard.map(({ key, event }) => [key, event])).toEqual([['heartbeat', 'opened']]), { timeout: 60_000, interval: 100 });
    service.stop();
    expect((await service.ended).exitCode).toBe(0);
  });
});

it('alerts are listed, acknowledged and tested on the command line', { timeout: 120_000 }, async () => {
  session = await sessionWith(source, 'postgres', { SUPTASK_ALERT_WEBHOOK_URL: listener.url });
  // The command line is on the machine's own clock.
  await landBeats(await landingAt(session.address), Date.now());
  const suptask = (...args: string[]) => startCommand(args, session.environment).ended;
  expect((await suptask('alerts')).output).toMatch(/^OPEN {2}heartbeat {2}\(not told yet.*\n {2}Heartbeats fail: 2 in a row.*\n {2}To do: Run suptask check/);
  expect((await suptask('alerts', 'ack', 'heartbeat', '--note', 'on it')).output).toMatch(/^seen {2}heartbeat.*on it$/ms);
  expect(JSON.parse((await suptask('alerts', '--json')).output)).toMatchObject([{ key: 'heartbeat', acknowledged: { note: 'on it' } }]);
  expect((await suptask('alerts', 'test')).output).toBe('webhook  ok\n');
  expect(listener.heard.map(({ key }) => key)).toEqual(['heartbeat', 'test']);
  expect(await suptask('alerts', 'ack', 'nothing')).toMatchObject({ exitCode: 2, errors: expect.stringContaining('Open are: heartbeat') });
});
