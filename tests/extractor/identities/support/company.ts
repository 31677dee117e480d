import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { withDuckDb } from '../../../../extractor/landing/duckdb.ts';
import { type Landing } from '../../../../extractor/landing/landing.ts';
import { createDatabase } from '../../support/database.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { landingAt, rowsOf } from '../../support/landing.ts';

/** The marts of a small company, as a build would publish them: columns and rows in SQL that both engines read. */
const MARTS: Record<string, readonly [columns: string, rows: string]> = {
  staff: [
    'staff_id, name, email, valid_to',
    `('S1', 'Ana Lopes', 'ana@example.com', cast(null as timestamp)), ('S2', 'Bo Berg', 'bo@example.com', null),
     ('S3', 'Cy Park', 'desk@example.com', null), ('S4', 'Di Moss', 'desk@example.com', null),
     ('S5', 'Eli Stone', 'eli@example.com', timestamp '2026-03-01')`,
  ],
  partners: ['partner_id, name', `('P1', 'North'), ('P2', 'South')`],
  entity_external_ids: [
    'source, external_id, entity_type, entity_id, mapping_id, origin, is_conflicting, created_by, updated_at',
    `('slack_user', 'U10001', 'staff', 'S1', cast(null as varchar), 'given', false, 'directory', timestamp '2026-01-05'),
     ('slack_user', 'U20001', 'staff', 'S2', null, 'given', false, 'directory', timestamp '2026-01-05'),
     ('slack_channel', 'C10001', 'partner', 'P1', null, 'given', false, 'directory', timestamp '2026-01-05'),
     ('suptask_ticket', 'T1:7', 'partner', 'P1', null, 'ticket', false, null, timestamp '2026-03-02')`,
  ],
  slack_users: [
    'slack_user_id, display_name, email, user_type, is_outsider, is_deactivated, tickets_asked, tickets_held, first_seen_at, last_seen_at',
    `('U10001', 'Ana', 'ana@example.com', 'member', false, false, 3, 9, timestamp '2026-03-01', timestamp '2026-03-09'),
     ('U20001', 'Bo', 'bo@example.com', 'member', false, false, 0, 0, null, null),
     ('U30001', 'Cy Park', 'desk@example.com', 'member', false, false, 12, 0, timestamp '2026-03-01', timestamp '2026-03-09'),
     ('U40001', 'Ana Lopes', null, 'member', false, false, 5, 1, timestamp '2026-03-02', timestamp '2026-03-04'),
     ('U50001', null, null, null, false, false, 2, 0, timestamp '2026-03-02', timestamp '2026-03-03'),
     ('U90001', 'Deploy', null, 'bot', true, false, 8, 0, timestamp '2026-03-01', timestamp '2026-03-09')`,
  ],
  unresolved_identities: [
    `role, external_id, ticket_key, display_name, reason, tickets, partner_ids, first_seen_at, last_seen_at, suggested_staff_id,
     suggested_staff_name, suggestion_basis, suggestion_confidence`,
    `('requester', 'U30001', cast(null as varchar), 'Cy Park', 'ambiguous_email', 12, 'P1, P2', timestamp '2026-03-01', timestamp '2026-03-09', 'S3', 'Cy Park', 'same_email_and_name', 0.986),
     ('requester', 'U40001', null, 'Ana Lopes', 'unmapped', 5, null, timestamp '2026-03-02', timestamp '2026-03-04', 'S1', 'Ana Lopes', 'same_name', 0.950),
     ('assignee', 'U40001', null, 'Ana Lopes', 'unmapped', 1, null, timestamp '2026-03-02', timestamp '2026-03-04', 'S1', 'Ana Lopes', 'same_name', 0.950),
     ('requester', 'U50001', null, null, 'unmapped', 2, null, timestamp '2026-03-02', timestamp '2026-03-03', 'S4', 'Di Moss', 'only_one_in_channel', null),
     ('requester', null, 'T1:8', null, 'blank', 1, 'P1', timestamp '2026-03-02', timestamp '2026-03-03', null, null, null, null)`,
  ],
  identity_resolution: [
    'role, ticket_key, external_id, outcome, method, reason, staff_id, staff_address',
    `('requester', 'T1:7', 'U10001', 'resolved', 'slack_user', cast(null as varchar), 'S1', cast(null as varchar)),
     ('assignee', 'T1:7', 'U10001', 'resolved', 'slack_user', null, 'S1', null),
     ('requester', 'T1:8', null, 'unresolved', null, 'blank', null, null),
     ('requester', 'T1:9', 'U30001', 'unresolved', null, 'ambiguous_email', null, 'desk@example.com'),
     ('requester', 'T1:10', 'U90001', 'not_staff', null, null, null, null)`,
  ],
  identity_resolution_rate: ['role, source, resolved, unresolved', `('requester', 'slack', 80, 20), ('requester', 'email', 0, 9)`],
};

const select = (mart: string, [columns, rows]: readonly [string, string]) => `select * from (values ${rows}) as ${mart} (${columns})`;

/** What the command line and its reader share: where rows are landed and marts are read. */
export interface Company {
  landing(): Promise<Landing>;
  folder: string;
}

/** The published marts, in a folder of the test's own. */
async function publishedMarts(): Promise<string> {
  const folder = temporaryFolder();
  await withDuckDb(async (query) => {
    for (const [mart, content] of Object.entries(MARTS)) await query(`copy (${select(mart, content)}) to '${folder}/${mart}.parquet'`);
  });
  return folder;
}

/** A company whose marts are published in a folder; the settings of the test say so until it is finished. */
export async function companyOnDuckDb(): Promise<Company> {
  const folder = temporaryFolder();
  return settle(folder, { SUPTASK_LANDING: join(folder, 'landing'), SUPTASK_EXPORTS: await publishedMarts(), DBT_TARGET: 'duckdb' });
}

/** Likewise, in the tables of a PostgreSQL database, where the log is too. */
export async function companyOnPostgres(): Promise<Company> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  await database.query('create schema suptask');
  for (const [mart, content] of Object.entries(MARTS)) await database.query(`create table suptask.${mart} as ${select(mart, content)}`);
  return settle(temporaryFolder(), { SUPTASK_LANDING: database.url, DBT_TARGET: 'postgres', ...database.environment });
}

function settle(folder: string, environment: Record<string, string>): Company {
  for (const [name, value] of Object.entries({ SUPTASK_PROFILE: '', ...environment })) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return { folder, landing: () => landingAt(environment['SUPTASK_LANDING'] ?? '') };
}

/** Every decision that was landed: whose each id is, and what was replaced. */
export async function decisionsOf(company: Company): Promise<Record<string, unknown>[]> {
  return rowsOf(await company.landing(), 'identity_mappings', ['at', 'mapping_id']);
}
