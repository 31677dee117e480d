import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../extractor/clock.ts';
import { readSettings } from '../../../extractor/config.ts';
import { exitCodes } from '../../../extractor/errors.ts';
import { createLog } from '../../../extractor/log.ts';
import { announce } from '../../../extractor/operations/alerts/announce.ts';
import { sendTestAlert } from '../../../extractor/operations/alerts/test-alert.ts';
import { environmentOfDbt } from '../../../extractor/operations/dbt.ts';
import { readiness } from '../../../extractor/operations/rollout/ready.ts';
import { smoke } from '../../../extractor/operations/rollout/smoke.ts';
import { startStandIn } from '../../../extractor/operations/rollout/stand-in.ts';
import { createRedactor } from '../../../extractor/secret.ts';
import type { Session } from '../../../extractor/session.ts';
import { startCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { landingAt } from '../support/landing.ts';
import { startSource } from '../support/source.ts';
import { isLong } from '../support/length.ts';
import { publishMart } from './support/publish-mart.ts';
import { sessionWith } from './support/session.ts';

/** A session of the command line's own kind, on the machine's clock. */
async function sessionOf(environment: NodeJS.ProcessEnv): Promise<Session> {
  const settings = readSettings(environment);
  const redact = createRedactor(settings.secrets);
  return { settings, clock: systemClock, landing: await landingAt(String(environment['SUPTASK_LANDING'])), redact, log: createLog('silent', redact) };
}

/** Publishes what a build would of ticket 7, with this share of requesters known. */
async function publish(folder: string, status: string, share: number): Promise<void> {
  await publishMart(folder, 'suptask_tickets', `select 'default' as workspace, 7::bigint as ticket_number, '${status}' as status, timestamp '2030-01-01' as as_of`);
  await publishMart(folder, 'sync_health', `select 'default' as workspace, ${share}::double as requester_resolution_share, 0.8::double as requester_resolution_minimum_share`);
}

/** A profile that is in force where a smoke test is simulated, of a source that must not be touched. */
const someonesProfile = { SUPTASK_PROFILE: 'acme', SUPTASK_API_TOKEN__ACME: 'token-of-acme', SUPTASK_API_BASE_URL__ACME: 'http://127.0.0.1:9/api', SUPTASK_API_TOKEN_FILE: '/none/token' };

const verdictsOf = async (session: Session) => Object.fromEntries((await readiness(session)).map(({ what, ok }) => [what, ok]));

describe('the go/no-go list', () => {
  it('says no to everything of which there is no evidence, and what to do', async () => {
    const session = await sessionWith(await startSource({ tickets: 1 }), 'parquet', { SUPTASK_EXPORTS: join(temporaryFolder(), 'none') });
    const verdicts = await readiness(session);
    expect(verdicts.map(({ ok }) => ok)).toEqual([false, false, false, false, false, false]);
    expect(verdicts.every(({ evidence, remedy }) => evidence.length > 10 && remedy.length > 10)).toBe(true);
    const { exitCode, output } = await startCommand(['ready', '--json'], session.environment).ended;
    expect([exitCode, exitCodes.checkSaysNo, (JSON.parse(output) as unknown[]).length]).toEqual([9, 9, 6]);
  });

  it('says go where the evidence is there, made by a smoke test whose run was killed', { timeout: 240_000 }, async () => {
    const { environment, simulator } = await startStandIn(join(temporaryFolder(), 'smoke'), { ...someonesProfile, PATH: process.env['PATH'], SUPTASK_ALERT_COMMAND: 'cat > /dev/null' });
    const session = await sessionOf(environment);
    const verdicts = [];
    for await (const verdict of smoke(session, environment)) {
      verdicts.push(verdict);
      // What comes next is the build, which is proved elsewhere.
      if (verdict.what === 'resume' && !isLong) break;
    }
    expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
    expect(verdicts.map(({ what }) => what).slice(0, 3)).toEqual(['check', 'kill', 'resume']);
    if (isLong) expect(verdicts).toHaveLength(7);
    await simulator.close();

    await sendTestAlert(session, environment);
    expect((await announce(session, environment)).open).toEqual([]);
    expect(await verdictsOf(session)).toMatchObject({ 'the source takes us': true, 'a killed run is gone on with': true, 'alerts arrive': true });
  });

  it('holds the marts against the log, and the people against the threshold', async () => {
    const source = await startSource({ tickets: 8 });
    // Without a token, so that nothing is fetched again.
    const session = await sessionWith(source, 'parquet', { SUPTASK_EXPORTS: join(temporaryFolder(), 'exports'), SUPTASK_API_TOKEN: '' });
    const at = new Date(source.clock.now());
    const body = { run_id: null, channel: 'api', http_status: 200, observed_at: at, observed_basis: 'date_header', fetched_at: at, duration_ms: 1, attempt: 1, team_id: null, ticket_updated_at: null, payload_hash: 'x', payload: '{}', error: null };
    await session.landing.append('ticket_fetches', [{ ...body, fetch_id: '1', ticket_number: 7, outcome: 'found', ticket_status: 'Open' }]);
    await publish(session.settings.exports, 'open', 0.9);
    expect(await verdictsOf(session)).toMatchObject({ 'people are mapped': true, 'marts agree with the log': true });
    await publish(session.settings.exports, 'Closed', 0.7);
    expect(await verdictsOf(session)).toMatchObject({ 'people are mapped': false, 'marts agree with the log': false });
    await session.landing.append('ticket_fetches', [{ ...body, fetch_id: '2', ticket_number: 8, outcome: 'found', ticket_status: 'Open' }]);
    await publish(session.settings.exports, 'Open', 0.8);
    expect(await verdictsOf(session)).toMatchObject({ 'people are mapped': true, 'marts agree with the log': false });
  });

  it('is of the real source where a file holds the token, also beside an empty setting as .env.example has it', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'token'), 'token-of-the-file');
    const settings = { SUPTASK_API_TOKEN: '', SUPTASK_API_TOKEN_FILE: join(folder, 'token'), SUPTASK_API_BASE_URL: 'http://127.0.0.1:9/api', SUPTASK_LANDING: join(folder, 'landing') };
    const { exitCode, output } = await startCommand(['smoke', '--folder', join(folder, 'smoke')], settings).ended;
    expect([exitCode, existsSync(join(folder, 'smoke'))]).toEqual([exitCodes.checkSaysNo, false]);
    expect(output).toContain('SupTask cannot be reached');
  });

  it('builds without telling dbt a token', () => {
    expect(environmentOfDbt({ SUPTASK_API_TOKEN: 'canary', SUPTASK_API_TOKEN__ACME: 'canary', SUPTASK_LANDING: 'landing' })).toMatchObject({ SUPTASK_LANDING: 'landing', PYTHONUTF8: '1' });
    expect(JSON.stringify(environmentOfDbt({ SUPTASK_API_TOKEN: 'canary', SUPTASK_API_TOKEN__ACME: 'canary' }))).not.toContain('canary');
  });

  it('is not gone on with where a step of the smoke test says no', { timeout: 120_000 }, async () => {
    const { environment, simulator } = await startStandIn(join(temporaryFolder(), 'smoke'), { PATH: process.env['PATH'] });
    const session = await sessionOf(environment);
    await simulator.close();
    const verdicts = [];
    for await (const verdict of smoke(session, environment)) verdicts.push(verdict);
    expect(verdicts).toMatchObject([{ what: 'check', ok: false, evidence: expect.stringContaining('cannot be reached') }]);
  });
});
