import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDatabase } from './database.ts';

/** The roles of deploy/postgresql/roles.sql; the tests' PostgreSQL has them from the start, with their names as passwords. */
export const ROLES = ['suptask_extractor', 'suptask_dbt'] as const;
export type Role = (typeof ROLES)[number];

/** Gives the roles what deploy/postgresql/roles.sql gives them in this database. */
export async function grantRoles(database: TestDatabase): Promise<void> {
  await database.query(readFileSync(join(import.meta.dirname, '../../../deploy/postgresql/roles.sql'), 'utf8'));
}

/** The database as one of the roles reaches it. */
export function asRole({ url, environment }: TestDatabase, role: Role): Pick<TestDatabase, 'url' | 'environment'> {
  const address = new URL(url);
  address.username = role;
  address.password = role;
  return { url: address.href, environment: { ...environment, PGUSER: role, PGPASSWORD: role } };
}
