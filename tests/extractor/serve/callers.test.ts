import { expect, it, onTestFinished, vi } from 'vitest';
import { readSettings } from '../../../extractor/config.ts';
import { startReceiver } from '../../../extractor/serve/receiver.ts';
import { landingAddress, landingAt, rowsOf } from '../support/landing.ts';
import { startSource, TOKEN } from '../support/source.ts';
import { SECRET, SERVE_TOKEN } from './support/receiving.ts';

it('callers with the token test, sync and ask; no run that fails or cannot begin answers success', { timeout: 300_000 }, async () => {
  const source = await startSource({ tickets: 20, faults: { slow: { numbers: [12], delayMs: 3_000 } } });
  const landing = await landingAddress('parquet');
  const settings = { SUPTASK_API_BASE_URL: source.simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_RATE_LIMIT: 'none', SUPTASK_SERVE_TOKEN: SERVE_TOKEN, SUPTASK_LANDING: landing, SUPTASK_LOG_LEVEL: 'silent' };
  // What the processes that it starts are given.
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const receiver = await startReceiver(readSettings(settings), { host: '127.0.0.1', port: 0 });
  const call = async (method: string, path: string, body?: object, token = SERVE_TOKEN) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${receiver.url}/api/suptask/${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  };
  // What the source shows of it is what a webhook tells of it: the read that follows finds it unchanged.
  const body = JSON.stringify({ ticket: source.world.ticket(20, source.clock.now()) });
  expect(await fetch(`${receiver.url}/webhooks/suptask`, { method: 'POST', body })).toMatchObject({ status: 200 });

  expect(await call('POST', 'sync', {}, SECRET)).toMatchObject({ status: 401 });
  expect(await call('POST', 'sync', { from: 5 })).toMatchObject({ status: 400 });
  expect(await call('POST', 'test-connection')).toMatchObject({ status: 200, answer: { ok: true } });
  const [range, meanwhile] = await Promise.all([call('POST', 'sync', { from: 10, to: 20 }), call('POST', 'sync')]);
  expect(new Set([range.status, meanwhile.status])).toEqual(new Set([200, 409]));
  expect([range, meanwhile].find(({ status }) => status === 200)).toMatchObject({ answer: { ended: 'everything_read' } });
  // One that somebody else runs on the same landing.
  const other = await landingAt(landing);
  const lease = await other.tryLease();
  expect(await call('POST', 'sync')).toMatchObject({ status: 409, answer: { error: { code: 'lease.held' } } });
  await lease?.release();
  expect(await call('POST', 'sync')).toMatchObject({ status: 200, answer: { kind: 'sync', left: 0 } });
  expect(await call('GET', 'sync/status')).toMatchObject({ status: 200, answer: { newestNumber: 20, neverRead: 0 } });

  source.simulator.setFaults({ serverError: { probability: 1 } });
  expect(await call('POST', 'sync', { from: 21, to: 60 })).toMatchObject({ status: 502, answer: { error: { code: 'source.failing' } } });
  expect(await fetch(`${receiver.url}/webhooks/suptask`, { method: 'POST', body })).toMatchObject({ status: 200 });
  await receiver.end();

  const ofTwenty = (await rowsOf(await landingAt(landing), 'ticket_fetches', ['observed_at', 'fetch_id'])).filter(({ ticket_number: number }) => number === 20);
  expect(ofTwenty.filter(({ channel }) => channel === 'webhook')).toHaveLength(2);
  expect(ofTwenty.filter(({ channel, payload }) => channel === 'api' && payload !== null)).toEqual([]);
});
