import type pg from 'pg';
import { SuptaskError } from '../errors.ts';
import { columnsOf, type ColumnType, type StreamName, streams } from './streams.ts';

/** The schema of the landing log in PostgreSQL. */
export const SCHEMA = 'suptask_raw';

/** Raised when a stream or a column is added; it stands as a comment on the schema. */
const VERSION = 2;
const COMMENT = /^SupTask landing log, version (\d+)$/;

/** Two who make the schema at once wait for each other under this advisory lock. */
const MIGRATION_KEY = 7_389_265_002;

const postgresTypes: Record<ColumnType, string> = {
  string: 'text',
  body: 'text',
  bigint: 'bigint',
  integer: 'integer',
  boolean: 'boolean',
  timestamp: 'timestamptz',
};

/**
 * Makes the schema where it is missing. Where it stands, nothing but its version is looked at,
 * so that the right to append is enough from then on.
 * @throws SuptaskError `landing.unreachable` where a newer version of this software made it
 */
export async function prepareSchema(client: pg.Client): Promise<void> {
  const found = await schemaVersion(client);
  if (found === VERSION) return;
  if (found !== null && found > VERSION) {
    throw new SuptaskError(
      'landing.unreachable',
      `The schema ${SCHEMA} is of version ${found}; this software knows versions up to ${VERSION}.`,
      'Update this software: npm ci on its newest version.',
    );
  }
  await client.query(createSchemaSql());
}

async function schemaVersion(client: pg.Client): Promise<number | null> {
  const { rows } = await client.query<{ comment: string | null }>(
    "select obj_description(to_regnamespace($1), 'pg_namespace') as comment",
    [SCHEMA],
  );
  const version = COMMENT.exec(rows[0]?.comment ?? '')?.[1];
  return version === undefined ? null : Number(version);
}

function createSchemaSql(): string {
  const names = Object.keys(streams) as StreamName[];
  return [
    'begin',
    `select pg_advisory_xact_lock(${MIGRATION_KEY})`,
    `create schema if not exists ${SCHEMA}`,
    ...names.flatMap(createTableSql),
    `comment on schema ${SCHEMA} is 'SupTask landing log, version ${VERSION}'`,
    'commit',
  ].join(';\n');
}

function createTableSql(stream: StreamName): string[] {
  const columns = columnsOf(stream).map(
    ([name, column]) => `${name} ${postgresTypes[column.type]}${column.nullable ? '' : ' not null'}`,
  );
  const table = `${SCHEMA}.${stream}`;
  return [
    `create table if not exists ${table} (${columns.join(', ')}, landed_on date not null, primary key (${streams[stream].id}))`,
    `create index if not exists ${stream}_landed_on on ${table} (landed_on)`,
    // What was folded of the reads is held against these (postgres-memory.ts).
    ...(stream === 'ticket_fetches' ? [`create index if not exists ${stream}_batches on ${table} (workspace, batch_id)`] : []),
  ];
}
