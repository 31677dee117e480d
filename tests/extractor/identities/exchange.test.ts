import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDecisions } from '../../../extractor/identities/decisions.ts';
import { rowsOf } from '../support/landing.ts';
import { type Company, companyOnDuckDb } from './support/company.ts';
import { identities, refusal } from './support/command-line.ts';

function file(company: Company, content: string | Buffer): string {
  const path = join(company.folder, 'people.csv');
  writeFileSync(path, content);
  return path;
}

/** Whose each id was decided to be, and why, in the order of the ids. */
async function decided(company: Company): Promise<unknown[][]> {
  const rows = await rowsOf(await company.landing(), 'identity_mappings', ['external_id', 'mapping_id']);
  return rows.map(({ source, external_id, entity_id, reason }) => [source, external_id, entity_id, reason]);
}

describe('a file of mappings', () => {
  it('is decided as a whole: with a byte order mark, CRLF, quotes, blank lines and other columns', async () => {
    const company = await companyOnDuckDb();
    const path = file(company, '\uFEFFExternal_ID,entity_id,reason,note\r\nU30001,S3,"asked ""Cy"", twice","two\r\nlines"\r\n\r\nC20001,P2,,\r\nU50001,,,not known yet\r\nU10001,ana@example.com,,\r\n');
    expect(await identities('import', path, '--reason', 'in bulk')).toMatch(/^2 decisions landed; 1 stood already; 1 line without an entity_id left alone/);
    expect(await decided(company)).toEqual([['slack_channel', 'C20001', 'P2', 'in bulk'], ['slack_user', 'U30001', 'S3', 'asked "Cy", twice']]);
    expect(await identities('import', path, '--reason', 'again')).toMatch(/^0 decisions landed; 3 stood already/);
    expect(await decided(company)).toHaveLength(2);
  });

  it('is not decided at all where a line has a fault; each fault is told with its line', async () => {
    const company = await companyOnDuckDb();
    const path = file(company, 'external_id,entity_id,source,entity_type\nU30001,S3,,\nU40001,S99,,\n"U4,0002","S3",,"two\nlines"\n,S3,,\nU50001,S4\nC10001,P1,slack_user,\nT1:8,S4,,boss\n');
    const told = await refusal('import', path, '--reason', 'r');
    expect(told).toContain('people.csv has 6 faults, so nothing was decided.');
    const lines = told.split('\n').slice(1).map((line) => line.trim().replace(/ \|.*/, ''));
    expect(lines).toEqual([
      'line 3: There is no staff member S99',
      'line 4: U4,0002 is neither a Slack user, a Slack channel nor a ticket',
      'line 6: The id is empty',
      'line 7: it has 2 cells where the header has 4',
      'line 8: C10001 is no slack_user',
      'line 9: boss is no entity_type; it is staff or partner',
    ]);
    expect(await decided(company)).toEqual([]);
  });

  it('is not decided where it contradicts what is known, or itself', async () => {
    const company = await companyOnDuckDb();
    const path = file(company, 'external_id,entity_id\nU10001,S3\nU30001,S4\nU40001,S4\nU30001,S4\nU50001,S2\n');
    const told = await refusal('import', path, '--reason', 'r');
    expect(told).toContain('identities.refused');
    expect(told).toContain("line 2: U10001 is S1 Ana Lopes's, given by directory on 2026-01-05.");
    expect(told).toContain('line 4: S4 Di Moss has another Slack user already: U30001, by what was said before.');
    expect(told).toContain('line 5: U30001 is named twice.');
    expect(told).toContain('line 6: S2 Bo Berg has another Slack user already: U20001.');
    expect(await decided(company)).toEqual([]);
    const mended = file(company, 'external_id,entity_id\nU10001,S3\nU30001,S4\nU50001,S2\n');
    expect(await identities('import', mended, '--replace', '--dry-run', '--reason', 'r')).toContain('4 decisions would be landed');
    expect(await decided(company)).toEqual([]);
    await identities('import', mended, '--replace', '--reason', 'r');
    expect(await decided(company)).toEqual([['slack_user', 'U10001', 'S3', 'r'], ['slack_user', 'U20001', null, 'r'], ['slack_user', 'U30001', 'S4', 'r'], ['slack_user', 'U50001', 'S2', 'r']]);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['is empty', '', /line 1: the column external_id and the column entity_id is missing/],
    ['lacks a column', 'external_id,staff\nU30001,S3\n', /line 1: the column entity_id is missing\..*The first line names the columns/],
    ['has semicolons', 'external_id;entity_id\nU30001;S3\n', /not parted by commas/],
    ['has a column twice', 'external_id,entity_id,Entity_ID\n', /line 1: there are two columns entity_id/],
    ['has a quote that is never closed', 'external_id,entity_id\nU30001,"S3\n', /line 2: a quoted cell is never closed/],
    ['has text after a quote', 'external_id,entity_id\nU30001,"S3"x\n', /line 2: text follows a closing quote/],
    ['has a quote in a cell', 'external_id,entity_id\nU30001,S"3\n', /line 2: a quote stands within a cell that is not quoted/],
    ['is UTF-16', Buffer.from('\uFEFFexternal_id,entity_id\n', 'utf16le'), /is not text in UTF-8\. \| Save it as/],
    ['gives no reason', 'external_id,entity_id\nU30001,S3\n', /line 2: it gives no reason, neither in a column reason nor by --reason/],
  ])('that %s is refused', async (_, content, told) => {
    const company = await companyOnDuckDb();
    expect(await refusal('import', file(company, content))).toMatch(told);
    expect(await decided(company)).toEqual([]);
  });

  it('that is not there is refused', async () => {
    const company = await companyOnDuckDb();
    expect(await refusal('import', join(company.folder, 'none.csv'))).toMatch(/none\.csv cannot be read: there is no such file/);
    expect(await refusal('import', company.folder)).toMatch(/cannot be read/);
    expect(await refusal('import')).toMatch(/missing required argument 'file'/);
  });

  it('of 100,000 rows is decided as a whole', { timeout: 120_000 }, async () => {
    const company = await companyOnDuckDb();
    const rows = Array.from({ length: 100_000 }, (_, place) => `C${10_000_000 + place},P${1 + (place % 2)}`);
    expect(await identities('import', file(company, `external_id,entity_id\n${rows.join('\n')}\n`), '--reason', 'r')).toContain('100,000 decisions landed; 0 stood already');
    expect((await readDecisions(await company.landing())).size).toBe(100_000);
  });

  it('with more faults than anybody reads has them counted', async () => {
    const company = await companyOnDuckDb();
    const told = await refusal('import', file(company, `external_id,entity_id\n${'U30001,S99\n'.repeat(1_000)}`), '--reason', 'r');
    expect(told).toContain('has 1,000 faults, so nothing was decided');
    expect(told).toMatch(/line 21: There is no staff member S99\n {2}… and 980 more/);
  });
});

describe('an export', () => {
  it('of the mappings is what an import finds to stand already', async () => {
    const company = await companyOnDuckDb();
    await identities('map', 'U30001', 'S3', '--reason', 'r', '--by', 'ana');
    const path = join(company.folder, 'mappings.csv');
    expect(await identities('export', '--output', path)).toBe(`4 rows written to ${path}\n`);
    expect(readFileSync(path, 'utf8')).toMatch(/^source,external_id,entity_type,entity_id,name,origin,by,at\nslack_user,U10001,staff,S1,Ana Lopes,given,directory,/);
    expect(await identities('import', path, '--reason', 'r')).toMatch(/^0 decisions landed; 4 stood already/);
    expect(await refusal('export', '--output', join(company.folder, 'no/such/folder.csv'))).toMatch(/cannot be written/);
  });

  it('of the unresolved is a sheet to fill in and import, a row an id', async () => {
    const company = await companyOnDuckDb();
    const sheet = await identities('export', '--unresolved');
    const [header, ...rows] = sheet.trimEnd().split('\n');
    expect(header).toBe('source,external_id,entity_id,reason,name_in_slack,unresolved_because,tickets,may_be,may_be_name,because_of,confidence');
    expect(rows.map((row) => row.split(',').slice(0, 3).join(' '))).toEqual(['slack_user U30001 ', 'slack_user U40001 ', 'slack_user U50001 ', 'suptask_ticket T1:8 ']);
    const filled = sheet.replace('U30001,,,', 'U30001,S3,,').replace('T1:8,,,', 'T1:8,S4,her ticket,');
    expect(await identities('import', file(company, filled), '--reason', 'asked')).toMatch(/^2 decisions landed; 0 stood already; 2 lines without/);
    expect(await decided(company)).toEqual([['suptask_ticket', 'T1:8', 'S4', 'her ticket'], ['slack_user', 'U30001', 'S3', 'asked']]);
  });
});
