import { describe, expect, it } from 'vitest';
import { type Company, companyOnDuckDb, companyOnPostgres, decisionsOf } from './support/company.ts';
import { identities, identitiesAtOnce, refusal } from './support/command-line.ts';

const WHY = ['--reason', 'asked'];

async function decided(company: Company): Promise<unknown[][]> {
  return (await decisionsOf(company)).map(({ external_id, entity_type, entity_id, decided_by, reason }) => [external_id, entity_type, entity_id, decided_by, reason]);
}

describe.each([['DuckDB', companyOnDuckDb], ['PostgreSQL', companyOnPostgres]] as const)('a decision over the marts on %s', (_, found) => {
  it('is landed with who and why, and told until it is built', async () => {
    const company = await found();
    expect(await identities('map', 'U30001', 'S3', '--by', 'ana', ...WHY)).toMatch(/^U30001 is now S3 Cy Park’s: 12 tickets asked, 0 held\.\nIt shows in the marts after the next build/);
    expect(await decided(company)).toEqual([['U30001', 'staff', 'S3', 'ana', 'asked']]);
    expect(await identities('list')).toMatch(/U30001 .* decided: S3 Cy Park, after the next build/);
    expect(await identities('show', 'U30001')).toMatch(/is\s+S3 Cy Park, decided by ana on .*\n\s+not in the marts yet/);
    expect(await identities('map', 'U30001', 'S3', ...WHY)).toContain('already; nothing was decided');
    expect(await identities('unmap', 'U30001', '--by', 'bo', ...WHY)).toContain('U30001 is now nobody’s');
    expect(await identities('history', 'U30001')).toMatch(/S3 Cy Park\s+ana\s+replaced\s+asked\n.*nobody\s+bo\s+stands/);
  });
});

describe('a decision', () => {
  it('against what was given is refused with the facts, and taken with --replace', async () => {
    const company = await companyOnDuckDb();
    expect(await refusal('map', 'U10001', 'S3', ...WHY)).toBe("identities.refused | U10001 is S1 Ana Lopes's, given by directory on 2026-01-05. | Decide against that with --replace.");
    expect(await decided(company)).toEqual([]);
    await identities('map', 'U10001', 'S3', '--replace', '--by', 'ana', ...WHY);
    expect(await refusal('map', 'U10001', 'S4', ...WHY)).toMatch(/U10001 is S3 Cy Park's, decided by ana on/);
    await identities('map', 'U10001', 'S4', '--replace', '--by', 'bo', ...WHY);
    const rows = await decisionsOf(company);
    expect(rows.map(({ entity_id }) => entity_id)).toEqual(['S3', 'S4']);
    expect(rows[1]?.['replaces_mapping_id']).toBe(rows[0]?.['mapping_id']);
  });

  it('that gives somebody a second Slack user is refused, replaces the first one, or stands beside it', async () => {
    const company = await companyOnDuckDb();
    expect(await refusal('map', 'U30001', 'S1', ...WHY)).toBe(
      'identities.refused | S1 Ana Lopes has another Slack user already: U10001. | If it is no longer theirs, decide with --replace; if both are, with --also.',
    );
    expect(await identities('map', 'U30001', 'S1', '--also', '--by', 'ana', ...WHY)).not.toContain('nobody');
    expect(await identities('show', 'S1')).toMatch(/U10001 \(slack_user\), U30001 \(slack_user\)/);
    expect(await identities('map', 'U40001', 'S1', '--replace', '--by', 'ana', ...WHY)).toMatch(/U40001 is now S1 Ana Lopes’s.*\nU10001 is now nobody’s\.\nU30001 is now nobody’s\./);
    expect(await decided(company)).toEqual(expect.arrayContaining([['U10001', 'staff', null, 'ana', 'asked'], ['U30001', 'staff', null, 'ana', 'asked'], ['U40001', 'staff', 'S1', 'ana', 'asked']]));
  });

  it('of two people at once overwrites neither, and is nobody’s until somebody settles it', async () => {
    const company = await companyOnDuckDb();
    await identitiesAtOnce([['map', 'U30001', 'S3', '--by', 'ana', ...WHY], ['map', 'U30001', 'S4', '--by', 'bo', ...WHY]]);
    expect(await decided(company)).toHaveLength(2);
    expect(await identities('show', 'U30001')).toContain('nobody’s: decisions disagree');
    expect(await identities('explain', 'U30001')).toContain('decisions disagree, so nobody');
    expect(await identities('history')).toMatch(/disputed[^]*Decisions disagree on U30001/);
    expect(await refusal('map', 'U30001', 'S3', ...WHY)).toMatch(/Decisions on U30001 disagree: .*S3 Cy Park by ana.*Settle it with --replace/);
    await identities('map', 'U30001', 'S3', '--replace', '--by', 'cy', ...WHY);
    expect(await identities('show', 'U30001')).toMatch(/is\s+S3 Cy Park, decided by cy/);
    expect(await identities('history')).not.toContain('disputed');
  });

  it('names a staff member by address, a partner for a channel, either for a ticket', async () => {
    const company = await companyOnDuckDb();
    await identities('map', 'U30001', 'BO@example.com', '--also', '--by', 'ana', ...WHY);
    await identities('map', 'C20001', 'P2', '--by', 'ana', ...WHY);
    await identities('map', 'T1:8', 'S4', '--by', 'ana', ...WHY);
    await identities('map', 'T1:9', 'P2', '--by', 'ana', ...WHY);
    await identities('map', 'bo@example.com', 'S2', '--source', 'google_workspace_user', '--by', 'ana', ...WHY);
    expect((await decisionsOf(company)).map(({ source, entity_type, entity_id }) => [source, entity_type, entity_id])).toEqual([
      ['slack_user', 'staff', 'S2'], ['slack_channel', 'partner', 'P2'], ['suptask_ticket', 'staff', 'S4'], ['suptask_ticket', 'partner', 'P2'], ['google_workspace_user', 'staff', 'S2'],
    ]);
  });

  it.each<[string, string[], RegExp]>([
    ['an unknown person', ['map', 'U30001', 'S99'], /^usage.invalid \| There is no staff member S99\./],
    ['a name', ['map', 'U30001', 'park'], /There is no staff member park \(did you mean S3 Cy Park\?\)/],
    ['an address that two have', ['map', 'U30001', 'desk@example.com'], /desk@example.com is the address of S3 Cy Park and S4 Di Moss/],
    ['nobody', ['map', 'U30001', ' '], /The staff member is empty/],
    ['a staff member for a channel', ['map', 'C10001', 'S1'], /There is no partner S1/],
    ['an empty id', ['map', ' ', 'S1'], /^usage.invalid \| The id is empty/],
    ['an id in small letters', ['map', 'u30001', 'S1'], /u30001 is neither a Slack user, a Slack channel nor a ticket/],
    ['an id of another kind than named', ['map', 'U30001', 'P1', '--source', 'slack_channel'], /U30001 is no slack_channel\. \| One looks like C/],
    ['a source that is none', ['map', 'U30001', 'S1', '--source', 'Slack User!'], /is no source of ids/],
    ['an id that is nobody’s already', ['unmap', 'U30001'], /^identities.refused \| U30001 is nobody's already/],
    ['an id to unmap that is none', ['unmap', ''], /The id is empty/],
  ])('on %s is refused', async (_, words, told) => {
    const company = await companyOnDuckDb();
    expect(await refusal(...words, ...WHY)).toMatch(told);
    expect(await decided(company)).toEqual([]);
  });

  it.each<[string, string[], RegExp]>([
    ['without a reason', ['map', 'U30001', 'S3'], /required option '--reason <text>' not specified/],
    ['with an empty reason', ['map', 'U30001', 'S3', '--reason', ' '], /--reason <text>.*It is empty/],
    ['by nobody', ['unmap', 'U10001', '--reason', 'r', '--by', ''], /--by <name>.*It is empty/],
    ['without an id', ['unmap', '--reason', 'r'], /missing required argument 'id'/],
  ])('%s is refused', async (_, words, told) => {
    await companyOnDuckDb();
    expect(await refusal(...words)).toMatch(told);
  });
});
