import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { companyOnDuckDb, companyOnPostgres, decisionsOf } from './support/company.ts';
import { identities, refusal } from './support/command-line.ts';

describe('the review queue', () => {
  it('is listed with the rate, most tickets first, blank ones counted', async () => {
    await companyOnDuckDb();
    const lines = (await identities('list')).split('\n');
    expect(lines[0]).toBe('Requesters of Slack tickets matched to staff: 80.0 % (80 matched, 20 not).');
    expect(lines.slice(3, 7).map((line) => line.slice(0, 6))).toEqual(['U30001', 'U40001', 'U50001', 'U40001']);
    expect(lines).toContain('1 ticket without a requester id: --reason blank lists them.');
    expect(await identities('list', '--reason', 'blank')).toContain('T1:8');
  });

  it('is filtered by role, reason, tickets and when it was last seen, and cut', async () => {
    await companyOnDuckDb();
    const ids = async (...filter: string[]) =>
      (JSON.parse(await identities('list', '--json', ...filter)) as { unresolved: { externalId: string | null }[] }).unresolved.map(({ externalId }) => externalId);
    expect(await ids('--role', 'assignee')).toEqual(['U40001']);
    expect(await ids('--reason', 'ambiguous_email')).toEqual(['U30001']);
    expect(await ids('--min-tickets', '5')).toEqual(['U30001', 'U40001']);
    expect(await ids('--seen-since', '2026-03-04')).toEqual(['U30001', 'U40001', 'U40001']);
    expect(await ids('--min-tickets', '13')).toEqual([]);
    expect(await identities('list', '--limit', '1')).toMatch(/U30001[^]*… and 3 more/);
    expect(await identities('list', '--min-tickets', '13')).toContain('Nobody is unresolved');
  });

  it.each<[string[], RegExp]>([
    [['--min-tickets', '0'], /It is a whole number from 1/],
    [['--min-tickets', 'many'], /It is a whole number from 1/],
    [['--seen-since', '2026-02-30x'], /It is a day such as/],
    [['--reason', 'ugly'], /Allowed choices are unmapped, deactivated/],
    [['--role', 'boss'], /Allowed choices are requester, assignee/],
  ])('%j is refused', async (words, told) => {
    await companyOnDuckDb();
    expect(await refusal('list', ...words)).toMatch(told);
  });
});

describe('suggestions', () => {
  it('are told with their basis and confidence, also where that was never measured', async () => {
    await companyOnDuckDb();
    const text = await identities('suggest');
    expect(text).toMatch(/U30001\s+Cy Park\s+12\s+S3 Cy Park\s+same email and name\s+0\.986/);
    expect(text).toMatch(/U50001 .* only one in channel\s+not measured/);
    expect(await identities('suggest', '--min-confidence', '0.96')).not.toContain('U40001');
    expect(await identities('suggest', '--min-confidence', '0.99')).toContain('Nobody suggests themselves');
  });

  it('are accepted from a confidence on, all in one batch; what contradicts a mapping is left out', async () => {
    const company = await companyOnDuckDb();
    const dry = await identities('accept', '--min-confidence', '0.9', '--dry-run');
    expect(dry).toMatch(/would be[^]*U30001\s+S3 Cy Park[^]*Nothing was landed/);
    expect(await decisionsOf(company)).toEqual([]);
    const text = await identities('accept', '--min-confidence', '0.9', '--by', 'ana');
    expect(text).toContain('Left out: U40001. S1 Ana Lopes has another Slack user already: U10001.');
    expect(text).toContain('1 decision landed.');
    expect(await decisionsOf(company)).toMatchObject([{ external_id: 'U30001', entity_id: 'S3', decided_by: 'ana', reason: 'suggested: same_email_and_name, confidence 0.986' }]);
    expect(await identities('accept', '--min-confidence', '0.96')).toContain('Nothing is suggested with that confidence');
    expect(await decisionsOf(company)).toHaveLength(1);
  });

  it.each<[string[], RegExp]>([
    [[], /required option '--min-confidence <share>' not specified/],
    [['--min-confidence', '90'], /It is a number from 0 to 1/],
    [['--min-confidence', ''], /It is a number from 0 to 1/],
  ])('are not accepted with %j', async (words, told) => {
    await companyOnDuckDb();
    expect(await refusal('accept', ...words)).toMatch(told);
    expect(await refusal('suggest', '--min-confidence', 'high')).toMatch(/It is a number from 0 to 1/);
  });
});

describe.each([['DuckDB', companyOnDuckDb], ['PostgreSQL', companyOnPostgres]] as const)('an explanation from the marts on %s', (_, found) => {
  it('says step by step how an id or a ticket is resolved, or why not', async () => {
    await found();
    expect(await identities('explain', 'U30001')).toBe(
      [
        'U30001',
        'Slack id               U30001',
        'mapping of the id      none',
        'in Slack               Cy Park, desk@example.com, member',
        'address on the ticket  desk@example.com on 1 ticket, of S3 Cy Park and S4 Di Moss',
        'so, as requester       unresolved: ambiguous_email (1 ticket)',
        'it may be              S3 Cy Park: same_email_and_name, confidence 0.986',
        '',
      ].join('\n'),
    );
    expect(await identities('explain', 'U90001')).toMatch(/bot: not staff[^]*not staff \(1 ticket\)/);
    expect(await identities('explain', 'U99999')).toMatch(/never seen, and not listed[^]*it stands on no ticket/);
    expect(await identities('explain', "T'{staff}$1:7")).toMatch(/Slack id\s+blank[^]*it stands on no ticket/);
    expect(await identities('explain', 'T1:7')).toMatch(/mapping of the id\s+S1 Ana Lopes, given by directory on 2026-01-05[^]*so, as requester\s+S1 Ana Lopes, by slack_user/);
    await identities('map', 'T1:8', 'S3', '--reason', 'she said so', '--by', 'ana');
    expect(await identities('explain', 'T1:8')).toMatch(/mapping of the ticket\s+S3 Cy Park, decided by ana on .*: she said so \(not built yet\)\nSlack id\s+blank/);
  });
});

describe('what is looked for', () => {
  it.each<[string[], RegExp]>([
    [['explain', ''], /The id is empty/],
    [['explain', 'C10001'], /C10001 is neither a Slack user nor a ticket/],
    [['explain'], /missing required argument 'id'/],
    [['show', ' '], /The id is empty/],
    [['show', 'S99'], /S99 is neither a Slack user/],
    [['history', 'nobody'], /nobody is neither a Slack user/],
  ])('%j is refused', async (words, told) => {
    await companyOnDuckDb();
    expect(await refusal(...words)).toMatch(told);
  });

  it('is shown: a person’s ids, a bot, an id without decisions', async () => {
    await companyOnDuckDb();
    expect(await identities('show', 'S5')).toMatch(/until\s+2026-03-01\nids\s+none/);
    expect(await identities('show', 'P1')).toMatch(/partner\s+P1 North\nids\s+C10001/);
    expect(await identities('show', 'U90001')).toMatch(/mapped to nobody[^]*Deploy, bot/);
    expect(await identities('history', 'U90001')).toBe('Nothing has been decided on U90001.\n');
    expect(await identities('history')).toBe('Nothing has been decided yet.\n');
    expect(JSON.parse(await identities('history', '--json'))).toEqual([]);
  });

  it('is not there before a build: then it is said what to do', async () => {
    const company = await companyOnDuckDb();
    vi.stubEnv('SUPTASK_EXPORTS', join(company.folder, 'exports'));
    expect(await refusal('list')).toMatch(/^marts.not_published \| The mart staff has not been published/);
  });

  it('is not there on a PostgreSQL without marts, or that cannot be reached', async () => {
    await companyOnPostgres();
    vi.stubEnv('PGDATABASE', 'postgres');
    expect(await refusal('list')).toMatch(/^marts.not_published \| The mart staff has not been published/);
    vi.stubEnv('PGPORT', '1');
    expect(await refusal('list')).toMatch(/^marts.unreachable \| The marts in PostgreSQL at .* cannot be read/);
  });
});
