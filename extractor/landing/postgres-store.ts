import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Secret } from '../secret.ts';
import { keepLease } from './lease-keeper.ts';
import type { LandingStore, Lease, LockName, ReadRequest, Scalar } from './landing.ts';
import { copyPieces } from './postgres-copy.ts';
import { notWritable, unreachable } from './postgres-errors.ts';
import { postgresMemory } from './postgres-memory.ts';
import { prepareSchema, SCHEMA } from './postgres-schema.ts';
import { findTextsInSchema, replaceTextsInSchema } from './postgres-texts.ts';
import { columnsOf } from './streams.ts';

/** The advisory lock under which one run at a time works in a database. */
const LEASE_KEY = 7_389_265_001;

const ROWS_A_FETCH = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** A landing log in a PostgreSQL schema, made on first use. */
export async function openPostgresStore(url: Secret, shown: string): Promise<LandingStore> {
  const connect = () => connected(url, shown);
  const client = await connect();
  try {
    await prepareSchema(client);
  } catch (thrown) {
    await client.end();
    throw notWritable(shown, thrown);
  }
  const store: LandingStore = {
    shown,
    memory: postgresMemory(client, shown),
    async write({ stream, batchId, landedAt, rows }) {
      const columns = columnsOf(stream).map(([name]) => name);
      try {
        const copy = client.query(copyFrom(`copy ${SCHEMA}.${stream} (${columns.join(', ')}, landed_on) from stdin (format binary)`));
        await pipeline(Readable.from(copyPieces(stream, rows, landedAt)), copy);
      } catch (thrown) {
        throw notWritable(shown, thrown, batchId);
      }
    },
    read: (request) => readPostgres(connect, shown, request),
    // A transaction is as durable as a journal, and as fast.
    openJournal: async () => ({ write: (batch) => store.write(batch), roll: async () => undefined, close: async () => undefined }),
    rollLeftJournals: async () => [],
    tryLock: (name) => tryAdvisoryLock(connect, shown, name),
    leaseSeenAtMs: () => advisoryLockSeenAtMs(client, shown),
    compact: async () => null,
    mostFilesInADay: async () => 0,
    async findTexts(pattern) {
      try {
        return await findTextsInSchema(client, pattern);
      } catch (thrown) {
        throw unreachable(shown, thrown);
      }
    },
    async replaceTexts(texts) {
      try {
        await replaceTextsInSchema(client, texts);
      } catch (thrown) {
        throw notWritable(shown, thrown);
      }
    },
    close: () => client.end(),
  };
  return store;
}

async function connected(url: Secret, shown: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url.reveal(),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'suptask',
    // A server that vanishes without a word is noticed by the system, not waited for.
    keepAlive: true,
  });
  // A connection that is lost while nobody asks anything of it is reported by the next question.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query("set timezone to 'UTC'");
    return client;
  } catch (thrown) {
    throw unreachable(shown, thrown);
  }
}

async function* readPostgres(
  connect: () => Promise<pg.Client>,
  shown: string,
  { stream, columns, workspace, orderBy, landedSince, parts, present }: ReadRequest,
): AsyncGenerator<Scalar[][]> {
  const types = Object.fromEntries(columnsOf(stream));
  const selected = columns.map((name) => {
    const type = types[name]?.type;
    if (type === 'timestamp') return `(extract(epoch from ${name}) * 1000)::double precision as ${name}`;
    return type === 'bigint' ? `${name}::double precision as ${name}` : name;
  });
  const client = await connect();
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    await client.query(
      `declare landed no scroll cursor for select ${selected.join(', ')} from ${SCHEMA}.${stream}
       where (workspace = $1 or $1::text is null) and (landed_on >= $2 or $2::date is null) and (batch_id = any($3) or $3::text[] is null)${present ? ` and ${present} is not null` : ''} order by ${orderBy.map((name) => `${stream}.${name}`).join(', ')}`,
      [workspace, landedSince?.toISOString().slice(0, 10) ?? null, parts ?? null],
    );
    for (;;) {
      const { rows } = await client.query<Scalar[]>({ text: `fetch ${ROWS_A_FETCH} from landed`, rowMode: 'array' });
      if (rows.length === 0) return;
      yield rows;
    }
  } catch (thrown) {
    throw unreachable(shown, thrown);
  } finally {
    await client.end();
  }
}

/** A lock has a connection of its own: the server frees it when that ends, however it ends. */
async function tryAdvisoryLock(connect: () => Promise<pg.Client>, shown: string, name: LockName): Promise<Lease | null> {
  const client = await connect();
  try {
    const key = "case when $2::text = 'lease' then $1::bigint else hashtextextended($2, $1) end";
    const { rows } = await client.query<{ locked: boolean }>(`select pg_try_advisory_lock(${key}) as locked`, [LEASE_KEY, name]);
    if (rows[0]?.locked) {
      return keepLease({
        beat: async () => {
          await client.query('select 1');
        },
        release: () => client.end(),
        // The server frees the lock with the connection, whose end is told at once.
        onLost: (tell) => client.on('error', tell),
      });
    }
    await client.end();
    return null;
  } catch (thrown) {
    throw unreachable(shown, thrown);
  }
}

/** A lock that the server still knows has a holder that lives. */
async function advisoryLockSeenAtMs(client: pg.Client, shown: string): Promise<number | null> {
  try {
    const { rows } = await client.query(
      `select 1 from pg_locks
       where locktype = 'advisory' and granted and objsubid = 1
         and database = (select oid from pg_database where datname = current_database())
         and (classid::bigint << 32) + objid::bigint = $1`,
      [LEASE_KEY],
    );
    return rows.length === 0 ? null : Date.now();
  } catch (thrown) {
    throw unreachable(shown, thrown);
  }
}
