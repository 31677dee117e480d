import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { compactLanding } from '../../../../extractor/landing/compaction.ts';
import { queryDuckDb } from '../../../../extractor/landing/duckdb.ts';
import { acknowledge } from '../../../../extractor/operations/alerts/acknowledge.ts';
import { announce, readAlerts } from '../../../../extractor/operations/alerts/announce.ts';
import { heartbeat } from '../../../../extractor/operations/heartbeat.ts';
import { landRunEvent } from '../../../../extractor/sync/run-log.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { rowsOf } from '../../support/landing.ts';
import { type Source, startSource, syncOnce } from '../../support/source.ts';
import { down, keysOf, MINUTE } from '../support/alerting.ts';
import { listen, type Listener } from '../support/listener.ts';
import { sessionWith, type TestSession } from '../support/session.ts';

const DAY = 86_400_000;

let source: Source;
let listener: Listener;
let session: TestSession;

const later = (ms: number) => source.clock.advanceTo(source.clock.now() + ms);
const beat = () => heartbeat(session, {});
const open = async () => keysOf(await readAlerts(session));

beforeEach(async () => {
  source = await startSource({ tickets: 8 });
  listener = await listen();
  session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url, SUPTASK_EXPORTS: join(temporaryFolder(), 'exports') });
});

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
    expect(readFileSync(join(import.meta.dirname, '../../../../docs/runbook.md'), 'utf8')).toContain(`\n### ${key.split(':')[0]}\n`);
  });
});
