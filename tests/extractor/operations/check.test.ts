import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readSettings } from '../../../extractor/config.ts';
import { exitCodes } from '../../../extractor/errors.ts';
import { checkProfile, type ProfileCheck } from '../../../extractor/operations/check-profile.ts';
import { refuseAfterFailedCheck } from '../../../extractor/operations/connection-checks.ts';
import { heartbeat } from '../../../extractor/operations/heartbeat.ts';
import { createDatabase } from '../support/database.ts';
import { rowsOf } from '../support/landing.ts';
import { startSource, syncOnce, TOKEN } from '../support/source.ts';
import { startCommand } from '../support/command.ts';
import { sessionWith, type TestSession } from './support/session.ts';

const check = ({ environment }: TestSession, changed: Record<string, string> = {}) => {
  const set = { ...environment, ...changed };
  return checkProfile(readSettings(set), set);
};

const linesOf = ({ lines }: ProfileCheck) => Object.fromEntries(lines.map(({ what, ok }) => [what, ok]));

describe('a check', () => {
  it('tries everything with one request, and lands what came back', async () => {
    const source = await startSource();
    const session = await sessionWith(source, 'parquet');
    const found = await check(session);
    expect(found).toMatchObject({ profile: 'default', ok: true, code: null, exitCode: 0, correlationId: null });
    expect(linesOf(found)).toEqual({ address: true, scheme: true, token: true, landing: true, budget: true, warehouse: true });
    expect(source.simulator.requests.total).toBe(1);
    expect(await rowsOf(session.landing, 'ticket_fetches')).toMatchObject([{ channel: 'check', outcome: 'found' }]);
    expect(await rowsOf(session.landing, 'connection_checks')).toMatchObject([{ kind: 'connection_test', ok: true, code: null }]);
  });

  it.each<[string, Record<string, string>, object, string, number]>([
    ['a token that is refused', { SUPTASK_API_TOKEN: `${TOKEN}-revoked` }, { address: true, scheme: true, token: false, landing: true }, 'source.unauthorized', exitCodes.refused],
    ['an address where nobody answers', { SUPTASK_API_BASE_URL: 'http://127.0.0.1:9/api' }, { address: false, scheme: null, token: null, landing: true }, 'source.unreachable', exitCodes.sourceUnreachable],
    ['no token', { SUPTASK_API_TOKEN: '' }, { token: false }, 'configuration.missing', exitCodes.configuration],
    ['a landing that cannot be had', { SUPTASK_LANDING: '/proc/none/landing' }, { landing: false }, 'landing.not_writable', exitCodes.storageUnreachable],
    ['a warehouse that does not fit the landing', { DBT_TARGET: 'postgres' }, { token: true, warehouse: false }, 'configuration.invalid', exitCodes.configuration],
    ['a warehouse that nobody can write', { SUPTASK_DUCKDB: '/proc/none/suptask.duckdb' }, { token: true, warehouse: false }, 'warehouse.unreachable', exitCodes.storageUnreachable],
  ])('names %s, and says what to do', async (_, changed, lines, code, exitCode) => {
    const found = await check(await sessionWith(await startSource(), 'parquet'), changed);
    expect(found).toMatchObject({ ok: false, code, exitCode });
    expect(linesOf(found)).toMatchObject(lines);
    for (const { ok, remedy } of found.lines) expect(ok === false ? remedy?.length : 11).toBeGreaterThan(10);
    expect(JSON.stringify(found)).not.toContain(TOKEN);
  });

  it.each([
    ['sends elsewhere', 302, { location: 'https://elsewhere.example' }, ''],
    ['shows a page', 200, { 'content-type': 'text/html' }, '<html>Welcome to this hotel</html>'],
  ])('says no to an address that %s, and so does a heartbeat', async (_, status, headers, body) => {
    const server = createServer((__, response) => response.writeHead(status, headers).end(body)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = { SUPTASK_API_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api` };
    const session = await sessionWith(await startSource(), 'parquet', address);
    expect(await check(session)).toMatchObject({ ok: false, code: 'source.failing' });
    expect(linesOf(await check(session))).toMatchObject({ address: false, token: null });
    expect(await heartbeat(session, {})).toMatchObject({ ok: false, failure: { code: 'source.failing', remedy: expect.stringContaining('SUPTASK_API_BASE_URL') } });
  });

  it('asks PostgreSQL whether this user may build there', async () => {
    const database = await createDatabase();
    const session = await sessionWith(await startSource(), 'postgres');
    const reached = await check(session, { ...database.environment, DBT_TARGET: 'postgres' });
    expect(reached.lines.at(-1)).toMatchObject({ what: 'warehouse', ok: true, found: expect.stringContaining('may build') });
    const refused = await check(session, { ...database.environment, DBT_TARGET: 'postgres', PGPASSWORD: 'canary-password' });
    expect(refused).toMatchObject({ ok: false, code: 'warehouse.unreachable' });
    expect(JSON.stringify(refused)).not.toContain('canary-password');
    await database.drop();
  });

  it('checks each profile on the command line, and one that fails decides the exit code', async () => {
    const source = await startSource();
    const session = await sessionWith(source, 'parquet');
    const { SUPTASK_API_BASE_URL = '', SUPTASK_LANDING = '' } = session.environment;
    const settings = { SUPTASK_API_BASE_URL, SUPTASK_LANDING, SUPTASK_API_TOKEN__ACME: TOKEN, SUPTASK_API_TOKEN__GLOBEX: 'another-token' };
    const { exitCode, output, errors } = await startCommand(['check', '--all-profiles', '--json'], settings).ended;
    expect([exitCode, errors]).toEqual([exitCodes.refused, '']);
    expect(JSON.parse(output)).toMatchObject([{ profile: 'acme', ok: true }, { profile: 'globex', ok: false, code: 'source.unauthorized' }]);
    expect(output).not.toContain(TOKEN);
  });
});

describe('a check that failed', () => {
  it('keeps the first sync from beginning until one is well, and no later one', async () => {
    const source = await startSource();
    const session = await sessionWith(source, 'parquet');
    await refuseAfterFailedCheck(session.landing, session.clock);
    await check(session, { SUPTASK_API_TOKEN: 'revoked-token' });
    await expect(refuseAfterFailedCheck(session.landing, session.clock)).rejects.toMatchObject({ code: 'check.failed', message: expect.stringContaining('source.unauthorized') });
    const sync = await startCommand(['sync'], session.environment).ended;
    expect(sync).toMatchObject({ exitCode: exitCodes.checkSaysNo, errors: expect.stringContaining('has never been synced') });
    expect(await rowsOf(session.landing, 'sync_runs')).toEqual([]);

    await check(session);
    await refuseAfterFailedCheck(session.landing, session.clock);
    await syncOnce(source, session.landing);
    await check(session, { SUPTASK_API_TOKEN: 'revoked-token' });
    await refuseAfterFailedCheck(session.landing, session.clock);
  });

  it('does so too where it was the warehouse that failed', async () => {
    const source = await startSource();
    const session = await sessionWith(source, 'parquet');
    await check(session, { SUPTASK_DUCKDB: '/proc/none/suptask.duckdb' });
    await expect(refuseAfterFailedCheck(session.landing, session.clock)).rejects.toMatchObject({ code: 'check.failed', message: expect.stringContaining('warehouse.unreachable') });
    expect(await rowsOf(session.landing, 'error_events')).toMatchObject([{ code: 'warehouse.unreachable' }]);
    await check(session);
    await refuseAfterFailedCheck(session.landing, session.clock);
    await check(session, { SUPTASK_API_TOKEN: 'revoked-token', SUPTASK_DUCKDB: '/proc/none/suptask.duckdb' });
    const { correlationId } = await check(session, { SUPTASK_DUCKDB: '/proc/none/suptask.duckdb' });
    expect((await startCommand(['errors', 'show', String(correlationId)], session.environment).ended).output).toContain('warehouse.unreachable');
  });
});
