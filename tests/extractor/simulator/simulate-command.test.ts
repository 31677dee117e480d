import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { get } from './small-world.ts';

const COMMAND = new URL('../../../extractor/commands/simulate.ts', import.meta.url).href;
const FIXTURE = fileURLToPath(new URL('../../fixtures/events.csv', import.meta.url));

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(...options: string[]) {
  const script = `const { simulateCommand } = await import('${COMMAND}'); await simulateCommand().parseAsync(process.argv.slice(1), { from: 'user' });`;
  const environment = { ...process.env };
  delete environment['SUPTASK_API_TOKEN'];
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, '--', ...options], { env: environment });
  children.push(child);
  const output = { text: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.text += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.errors += text));
  return { child, output };
}

async function run(...options: string[]) {
  const { child, output } = start(...options);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, ...output };
}

describe('suptask simulate', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('serves until %s and then ends cleanly', async (signal) => {
    const { child, output } = start('--port', '0', '--events', FIXTURE, '--speed', '0', '--json');
    await once(child.stdout, 'data');
    const told = JSON.parse(output.text) as { url: string; now: string; horizon: string };
    expect(told.now).toBe('2026-03-02T11:16:58.000Z');
    expect((await get(`${told.url}/ticket/1`, 'Bearer demo-token')).status).toBe(200);
    await fetch(new URL('/simulator/clock', told.url), { method: 'POST', body: JSON.stringify({ to: told.horizon }) });
    expect((await get(`${told.url}/ticket/60`, 'Bearer demo-token')).status).toBe(200);
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(output.errors).toBe('');
  });

  it('says what to type next, and no token but the demo’s', async () => {
    const { child, output } = start('--port', '0', '--tickets', '50', '--days', '5', '--token', 'of-my-own');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(output.text).toMatch(/export SUPTASK_API_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/api\/v2\/public\n/);
    expect(output.text).not.toContain('of-my-own');
  });

  it('writes the given tables and ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seeds-'));
    expect((await run('--write-seeds', folder)).exitCode).toBe(0);
    expect(readdirSync(folder)).toEqual(['entity_external_ids.csv', 'partners.csv', 'slack_users.csv', 'staff.csv']);
    rmSync(folder, { recursive: true });
  });

  it.each([
    [['--port', '70000'], 'whole number from 0 to 65535'],
    [['--start', 'soon'], 'a time such as 2026-07-06T00:00:00Z'],
    [['--speed', 'fast'], 'number from 0'],
    [['--rate-limit', '0'], 'whole number from 1'],
    [['--window', '15'], 'such as 15m'],
    [['--fault', 'sloth'], 'Known are demo, slow'],
    [['--events', 'nowhere.csv'], 'the event log cannot be read'],
  ])('answers %j with one clear message', async (options, message) => {
    const { exitCode, text, errors } = await run(...options);
    expect(exitCode).not.toBe(0);
    expect(text).toBe('');
    expect(errors.trim().split('\n')).toEqual([expect.stringContaining(message)]);
  });

  it('says when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await run('--port', String(port), '--tickets', '10')).toMatchObject({
      exitCode: 2,
      errors: `error: port ${port} cannot be had (EADDRINUSE); try --port 0\n`,
    });
    other.close();
  });
});
