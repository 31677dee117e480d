import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { exitCodes } from '../../../../extractor/errors.ts';
import { acknowledge } from '../../../../extractor/operations/alerts/acknowledge.ts';
import { announce } from '../../../../extractor/operations/alerts/announce.ts';
import { startCommand } from '../../support/command.ts';
import { LANDING_KINDS, landingAt, rowsOf } from '../../support/landing.ts';
import { startSource } from '../../support/source.ts';
import { down, keysOf, landBeats } from '../support/alerting.ts';
import { listen, type Listener } from '../support/listener.ts';
import { sessionWith, type TestSession } from '../support/session.ts';

describe.each(LANDING_KINDS)('an alert that two processes see at once (%s)', (kind) => {
  let listener: Listener;
  let session: TestSession;

  const startHeartbeat = () => startCommand(['heartbeat'], session.environment);
  const heard = () => listener.heard.map(({ key, event }) => `${key} ${event}`);
  const openings = async () => (await rowsOf(session.landing, 'alert_deliveries')).filter(({ channel }) => channel === 'log');

  beforeEach(async () => {
    const source = await startSource({ tickets: 8, faults: down });
    listener = await listen();
    session = await sessionWith(source, kind, { SUPTASK_ALERT_WEBHOOK_URL: listener.url });
    // The command line is on the machine's own clock.
    await landBeats(await landingAt(session.address), Date.now());
  });

  it('is told by one of them', { timeout: 120_000 }, async () => {
    const both = [startHeartbeat(), startHeartbeat()];
    // Whoever tells is kept at it until the other one has gone.
    listener.answerAfter(Promise.race(both.map(({ ended }) => ended)));
    for (const { ended } of both) expect(await ended).toMatchObject({ exitCode: exitCodes.sourceUnreachable });
    expect(heard()).toEqual(['heartbeat opened']);
    expect(await openings()).toHaveLength(1);
  });

  it('is told by the next where the one that tells is killed', { timeout: 120_000 }, async () => {
    listener.answerAfter(new Promise(() => undefined));
    const killed = startHeartbeat();
    await vi.waitFor(() => expect(heard()).toEqual(['heartbeat opened']), { timeout: 60_000, interval: 50 });
    killed.kill();
    await killed.ended;
    expect(await openings()).toEqual([]);
    listener.answerAfter(Promise.resolve());
    await startHeartbeat().ended;
    // Nothing says that the first one had told it: better twice than never.
    expect(heard()).toEqual(['heartbeat opened', 'heartbeat opened']);
    expect(await openings()).toHaveLength(1);
  });

  /** Another process that has the right to tell of a workspace's alerts, and tells nothing; killed with the test, or before. */
  async function holdTelling(workspace: string): Promise<() => Promise<void>> {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../support/tell-nothing.ts'), session.address, workspace], { stdio: ['ignore', 'pipe', 'inherit'] });
    const kill = async () => {
      if (child.kill('SIGKILL')) await once(child, 'close');
    };
    onTestFinished(kill);
    await once(child.stdout, 'data');
    return kill;
  }

  it('is neither told nor acknowledged while another tells, and waited for by nobody', { timeout: 120_000 }, async () => {
    await landBeats(session.landing, session.clock.now());
    const kill = await holdTelling('default');
    expect(keysOf(await announce(session, {}))).toEqual(['heartbeat']);
    await expect(acknowledge(session, 'heartbeat', null, {})).rejects.toMatchObject({ code: 'lease.held', message: expect.stringContaining('telling of the alert') });
    expect(heard()).toEqual([]);
    await kill();
    const tellsNow = async () => {
      await announce(session, {});
      expect(heard()).toEqual(['heartbeat opened']);
    };
    // A server may take a moment to notice.
    await vi.waitFor(tellsNow, { timeout: 60_000, interval: 100 });
  });

  it('is told while another tells of another workspace in the same landing', { timeout: 120_000 }, async () => {
    await landBeats(session.landing, session.clock.now());
    await holdTelling('another');
    await announce(session, {});
    expect(heard()).toEqual(['heartbeat opened']);
  });
});
