import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { exitCodes } from '../../../../extractor/errors.ts';
import { startCommand } from '../../support/command.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { landingAt, rowsOf } from '../../support/landing.ts';
import { type Source, startSource } from '../../support/source.ts';
import { landBeats } from '../support/alerting.ts';
import { listen, type Listener } from '../support/listener.ts';
import { sessionWith, type TestSession } from '../support/session.ts';

let source: Source;
let listener: Listener;
let session: TestSession;

beforeEach(async () => {
  source = await startSource({ tickets: 8 });
  listener = await listen();
  session = await sessionWith(source, 'parquet', { SUPTASK_ALERT_WEBHOOK_URL: listener.url });
});

describe('telling of an alert', () => {
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

  it.each([
    ['is given up with all that it has started', 'sleep 600 & echo $! > "$STARTED"; wait', false],
    ['has ended well, and left something running', 'sleep 600 & echo $! > "$STARTED"', true],
  ])('keeps no process from ending where the command %s', { timeout: 120_000 }, async (_, command, isWell) => {
    await landBeats(await landingAt(session.address), Date.now());
    const started = join(temporaryFolder(), 'started');
    const { ended } = startCommand(['sync'], { ...session.environment, SUPTASK_ALERT_COMMAND: command, STARTED: started });
    expect(await ended).toMatchObject({ exitCode: exitCodes.done });
    const told = (await rowsOf(session.landing, 'alert_deliveries')).filter(({ channel }) => channel === 'command');
    expect(told).toMatchObject([{ ok: isWell, error: isWell ? null : expect.stringContaining('ended after 10 seconds') }]);
    const pid = Number(readFileSync(started, 'utf8'));
    // One that was killed may wait for somebody to take note of it.
    const isAlive = () => /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());
    if (isWell) onTestFinished(() => void process.kill(pid, 'SIGKILL'));
    await vi.waitFor(() => expect(isAlive()).toBe(isWell), { timeout: 30_000, interval: 50 });
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
