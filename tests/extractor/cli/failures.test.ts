import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CommandEnd, startCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { landingAddress, landingAt, LANDING_KINDS, rowsOf } from '../support/landing.ts';
import { startSource, TOKEN } from '../support/source.ts';
import { type StreamName, streams } from '../../../extractor/landing/streams.ts';

const NOWHERE = 'http://127.0.0.1:9/api/v2/public';

async function run(command: string, settings: Record<string, string>): Promise<CommandEnd & { text: string }> {
  const landing = join(temporaryFolder(), 'landing');
  const end = await startCommand([command], { SUPTASK_LANDING: landing, SUPTASK_API_BASE_URL: NOWHERE, SUPTASK_API_TOKEN: TOKEN, ...settings }).ended;
  return { ...end, text: `${end.output}${end.errors}` };
}

/** One message with what happened and what to do, and the token nowhere: a check's own screen, else one line of the log. */
function expectClear({ output, errors, text }: CommandEnd & { text: string }, happened: string, remedy: string): void {
  const told = errors === '' ? output.match(/^\w+ +NO .*\n +To do: .*$/gm) : errors.trim().split('\n');
  const ofThis = (told ?? []).filter((message) => message.includes(happened));
  expect(ofThis).toEqual([expect.stringContaining(remedy)]);
  expect(text).not.toContain(TOKEN);
}

describe.each(['check', 'sync'])('suptask %s', (command) => {
  it('without a token ends with 3', async () => {
    const end = await run(command, { SUPTASK_API_TOKEN: '' });
    expect(end.exitCode).toBe(3);
    expectClear(end, 'SUPTASK_API_TOKEN is not set', 'Make a token in SupTask');
  });

  it('where nothing listens ends with 5', async () => {
    const end = await run(command, {});
    expect(end.exitCode).toBe(5);
    expectClear(end, 'cannot be reached', 'Check SUPTASK_API_BASE_URL');
  });

  it('with a landing folder that cannot be written ends with 8', async () => {
    const file = join(temporaryFolder(), 'a file');
    writeFileSync(file, '');
    const end = await run(command, { SUPTASK_LANDING: file });
    expect(end.exitCode).toBe(8);
    expectClear(end, 'Cannot write to the landing folder', 'Set SUPTASK_LANDING');
  });

  it('with a PostgreSQL that is not there ends with 8', async () => {
    const end = await run(command, { SUPTASK_LANDING: 'postgres://me:password-canary@127.0.0.1:9/tickets' });
    expect(end.exitCode).toBe(8);
    expectClear(end, 'cannot be reached', 'Check that the server runs');
    expect(end.text).not.toContain('password-canary');
  });

  it.each(LANDING_KINDS)('with a token that is refused, and echoed, ends with 4 and lands it nowhere (%s)', async (kind) => {
    const { simulator } = await startSource({ token: 'another', faults: { echoedToken: { probability: 1 } } });
    const address = await landingAddress(kind);
    const end = await run(command, { SUPTASK_LANDING: address, SUPTASK_API_BASE_URL: simulator.url });
    expect(end.exitCode).toBe(4);
    expectClear(end, 'token', 'SUPTASK_API_TOKEN');
    expect(simulator.requests.total).toBe(1);
    const landing = await landingAt(address);
    const rows = await Promise.all((Object.keys(streams) as StreamName[]).map((stream) => rowsOf(landing, stream)));
    expect(rows.flat().length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(TOKEN);
  });
});

describe('suptask', () => {
  it('with words that it does not know ends with 2, and makes nothing', async () => {
    const folder = temporaryFolder();
    const { exitCode, errors } = await startCommand(['synk'], { SUPTASK_LANDING: join(folder, 'landing') }).ended;
    expect(exitCode).toBe(2);
    expect(errors).toContain("Did you mean sync?");
    expect(existsSync(join(folder, 'landing'))).toBe(false);
  });
});
