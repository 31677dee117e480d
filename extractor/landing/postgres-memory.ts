import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type pg from 'pg';
import type { Memory } from './landing.ts';
import { unreachable } from './postgres-errors.ts';
import { SCHEMA } from './postgres-schema.ts';

/** A schema of its own: whoever may only append to the log owns what was derived from it (deploy/postgresql/roles.sql). */
const DERIVED = 'suptask_derived';

const [compress, decompress] = [promisify<Buffer, Buffer>(zstdCompress), promisify<Buffer, Buffer>(zstdDecompress)];

/** Who may not make schemas may be given this one. */
const MAKE_PLACE = `
  do $$ begin
    if to_regnamespace('${DERIVED}') is null then create schema ${DERIVED}; end if;
  end $$;
  create table if not exists ${DERIVED}.memory (name text primary key, bytes bytea not null)`;

/**
 * What was derived from the log of a schema lies in a table beside it. A part of a stream is a batch. Rows are only added, so
 * that as many are the same ones; but where a person is forgotten their texts change.
 */
export function postgresMemory(client: pg.Client, shown: string): Memory {
  return {
    async parts(stream, workspace) {
      const mark = `count(*) || ' ' || (select count(*) from ${SCHEMA}.redactions)`;
      try {
        const text = `select batch_id, ${mark} from ${SCHEMA}.${stream} where workspace = $1 group by batch_id`;
        const { rows } = await client.query<[string, string]>({ text, values: [workspace], rowMode: 'array' });
        return new Map(rows);
      } catch (thrown) {
        throw unreachable(shown, thrown);
      }
    },
    async recall(name) {
      try {
        const { rows } = await client.query<{ bytes: Buffer }>(`select bytes from ${DERIVED}.memory where name = $1`, [name]);
        return rows[0] ? await decompress(rows[0].bytes) : null;
      } catch {
        // Where nobody has remembered anything there is no table.
        return null;
      }
    },
    async remember(name, bytes) {
      await client.query(MAKE_PLACE);
      await client.query(`insert into ${DERIVED}.memory values ($1, $2) on conflict (name) do update set bytes = excluded.bytes`, [name, await compress(bytes)]);
    },
  };
}
