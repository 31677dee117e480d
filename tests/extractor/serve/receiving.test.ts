import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serveCommand } from '../../../extractor/commands/serve.ts';
import { exitCodes } from '../../../extractor/errors.ts';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { startCommand } from '../support/command.ts';
import { LANDING_KINDS, landingAddress, landingAt, rowsOf } from '../support/landing.ts';
import { delivery, SECRET, SERVE_TOKEN, startServing } from './support/receiving.ts';

const AT_ONCE = 200;

/** Several processes, each of which takes a second to start, and longer where others want the processor too. */
const TIMEOUT_MS = 300_000;

/** What the next process that receives makes of the log when it starts. */
async function reopened(address: string): Promise<Landing> {
  const landing = await landingAt(address);
  await (await landing.openJournal()).close();
  return landing;
}

describe.each(LANDING_KINDS)('deliveries (%s)', (kind) => {
  it('are in the log once they were acknowledged, though the process is killed in the middle of them', { timeout: TIMEOUT_MS }, async () => {
    const landing = await landingAddress(kind);
    const acknowledged: unknown[] = [];
    const receiving = await startServing(landing);
    const first = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => receiving.deliver(delivery(index + 1))));
    expect(first.map(({ status }) => status)).toEqual(first.map(() => 200));
    acknowledged.push(...first.map(({ answer }) => answer['landed']));

    // Each is answered or not; the tenth answer lets the process die among the others.
    const second = Array.from({ length: AT_ONCE }, async (_, index) => {
      const { status, answer } = await receiving.deliver(delivery(index + 1, { status: 'Closed' }));
      if (status === 200) acknowledged.push(answer['landed']);
      if (acknowledged.length === AT_ONCE + 10) receiving.kill();
    });
    const answered = (await Promise.allSettled(second)).filter(({ status }) => status === 'fulfilled').length;
    expect(await receiving.ended).toMatchObject({ exitCode: null });
    expect(answered).toBeGreaterThanOrEqual(10);

    const rows = await rowsOf(await reopened(landing), 'ticket_fetches');
    const landed = new Set<unknown>(rows.map(({ fetch_id: id }) => id));
    expect(acknowledged.filter((id) => !landed.has(id))).toEqual([]);
    expect(new Set(rows.map(({ channel, outcome, observed_basis }) => `${channel} ${outcome} ${observed_basis}`))).toEqual(new Set(['webhook found local_clock']));
  });
});

describe('a process that receives', () => {
  it('keeps what is no ticket where it can be seen, refuses whom it does not know, and tells no secret', { timeout: TIMEOUT_MS }, async () => {
    const landing = await landingAddress('parquet');
    const receiving = await startServing(landing, { SUPTASK_SERVE_TOKEN: SERVE_TOKEN });
    const { url } = receiving;
    const answers: string[] = [];
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`${url}${path}`, init);
      const text = await response.text();
      answers.push(text);
      return { status: response.status, text };
    };
    const post = (path: string, body = delivery(7), headers: Record<string, string> = {}) => ask(path, { method: 'POST', body, headers });

    expect(await post(`/webhooks/suptask/${encodeURIComponent(SECRET)}`)).toMatchObject({ status: 200 });
    expect(await receiving.deliver(delivery(7))).toMatchObject({ status: 200 });
    for (const path of ['/webhooks/suptask', `/webhooks/suptask/${SECRET.slice(0, -1)}`, '/webhooks/suptask/%E0%A4%A']) expect(await post(path)).toMatchObject({ status: 401 });
    expect(await post('/webhooks/suptask', delivery(7), { 'X-Webhook-Secret': `${SECRET}x` })).toMatchObject({ status: 401 });
    expect(await ask('/webhooks/suptask')).toMatchObject({ status: 405 });
    expect(await post('/webhooks', delivery(7))).toMatchObject({ status: 404 });

    const noTicket = await receiving.deliver(`not a ticket, but ${SECRET}`);
    const tooLarge = await receiving.deliver(JSON.stringify({ ticket: { ticketNumber: 8, description: 'x'.repeat(1024 * 1024) } }));
    expect([noTicket.status, tooLarge.status]).toEqual([202, 413]);
    answers.push(JSON.stringify([noTicket, tooLarge]));

    expect(await ask('/healthz')).toMatchObject({ status: 200 });
    const { text: metrics } = await ask('/metrics');
    expect(metrics).toContain('suptask_webhook_deliveries_total{result="landed"} 2\n');
    expect(metrics).toContain('suptask_webhook_deliveries_total{result="unreadable"} 1\n');
    expect(metrics).toContain('suptask_webhook_deliveries_total{result="wrong_secret"} 4\n');
    expect(metrics).toMatch(/^# TYPE suptask_numbers_never_read gauge\nsuptask_numbers_never_read 0$/m);
    for (const line of metrics.trimEnd().split('\n')) expect(line).toMatch(/^(?:# (?:HELP|TYPE) suptask_\w+ .+|suptask_\w+(?:\{\w+="\w+"\})? [\d.]+)$/);

    const secondOne = startCommand(['serve', '--port', '0'], { SUPTASK_LANDING: landing, SUPTASK_WEBHOOK_SECRET: SECRET });
    expect(await secondOne.ended).toMatchObject({ exitCode: exitCodes.leaseHeld });

    // One that is still being sent does not keep the process from ending.
    const dripping = connect(Number(new URL(url).port), '127.0.0.1');
    dripping.on('error', () => undefined);
    dripping.write(`POST /webhooks/suptask HTTP/1.1\r\nHost: x\r\nX-Webhook-Secret: ${SECRET}\r\nContent-Length: 100\r\n\r\n{`);
    receiving.stop();
    const end = await receiving.ended;
    dripping.destroy();
    expect(end).toMatchObject({ exitCode: exitCodes.done });

    const log = await reopened(landing);
    expect(await rowsOf(log, 'ticket_fetches')).toHaveLength(2);
    const kept = (await rowsOf(log, 'error_events')).filter(({ code }) => code === 'webhook.unreadable');
    expect(kept).toHaveLength(2);
    const details = kept.map(({ detail }) => String(detail)).join();
    expect(details).toContain('not a ticket, but [redacted]');
    for (const secret of [SECRET, SERVE_TOKEN]) expect([...answers, details, end.output, end.errors, metrics].join()).not.toContain(secret);
  });

  it.each([
    [[], '', 'configuration.missing'],
    [['--without-secret'], SECRET, 'usage.invalid'],
    [[], 'short', 'configuration.invalid'],
  ])('does not start with %j and the secret %j', async (args, secret, code) => {
    vi.stubEnv('SUPTASK_WEBHOOK_SECRET', secret);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(serveCommand().parseAsync(args, { from: 'user' })).rejects.toMatchObject({ code });
  });
});
