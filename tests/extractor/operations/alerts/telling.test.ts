import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { announce, MOST_ATTEMPTS } from '../../../../extractor/operations/alerts/announce.ts';
import { heartbeat } from '../../../../extractor/operations/heartbeat.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { rowsOf } from '../../support/landing.ts';
import { type Source, startSource, syncOnce } from '../../support/source.ts';
import { down, MINUTE } from '../support/alerting.ts';
import { listen, type Listener } from '../support/listener.ts';
import { sessionWith, type TestSession } from '../support/session.ts';

let source: Source;
let listener: Listener;
let session: TestSession;

const later = (ms: number) => source.clock.advanceTo(source.clock.now() + ms);
const beat = () => heartbeat(session, {});

beforeEach(async () => {
  source = await startSource({ tickets: 8 });
  listener = await listen();
  session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url });
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

  it('takes a run no longer than a slow channel may, and the next call goes on', async () => {
    const numbers = [2, 12, 22, 32, 42];
    source = await startSource({ tickets: 60, faults: { brokenForEver: { numbers } } });
    session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url });
    for (let run = 1; run <= 5; run += 1) {
      await syncOnce(source, session.landing);
      later(5 * 60 * MINUTE);
    }
    listener.onHeard = () => later(6_000);
    await announce(session, {});
    expect(listener.heard).toHaveLength(3);
    await announce(session, {});
    expect(listener.heard.map(({ key }) => key).toSorted()).toEqual(numbers.map((number) => `ticket_failing:${number}`).toSorted());
  });

  it('keeps of what a channel says no half of a secret, however much it says', async () => {
    const hook = 'canary-of-the-webhook';
    session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url, SUPTASK_ALERT_COMMAND: `printf '%0260d${listener.url}%020000d' 0 0 >&2; exit 3` });
    listener.answerWith(503);
    await failTwice();
    const [failed] = (await rowsOf(session.landing, 'alert_deliveries')).filter(({ channel }) => channel === 'command');
    expect(String(failed?.['error'])).toHaveLength(300);
    expect(String(failed?.['error'])).toContain('[redacted]');
    for (let length = 8; length <= hook.length; length += 1) expect(String(failed?.['error'])).not.toContain(hook.slice(0, length));
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
    session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_COMMAND: 'printf "it is broken,\n badly\n" >&2; exit 3' });
    for (let count = 1; count <= 2; count += 1) {
      await heartbeat(session, environment);
      later(5 * MINUTE);
    }
    expect(await rowsOf(session.landing, 'alert_deliveries')).toEqual(expect.arrayContaining([expect.objectContaining({ channel: 'command', ok: false, error: 'it ended with 3: it is broken, badly' })]));
  });
});
