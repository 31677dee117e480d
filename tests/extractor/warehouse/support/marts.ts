import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { queryDuckDb } from '../../../../extractor/landing/duckdb.ts';
import type { TestDatabase } from '../../support/database.ts';

export type Value = string | number | boolean | null;
export type MartRow = Record<string, Value>;

/** A column and its type under one name for all engines. */
export type MartColumn = readonly [name: string, type: string];

/** The marts as others read them; values look alike on every engine. */
export interface Marts {
  names(): Promise<string[]>;
  columns(mart: string): Promise<MartColumn[]>;
  /** Counts as numbers, times as `2026-07-06 08:00:00.000000`, decimals as text, in the order of their text; without `mark`. */
  rows(mart: string): Promise<MartRow[]>;
}

/** The Parquet files that a build on DuckDB publishes. */
export function publishedMarts(folder: string): Marts {
  return parquetMarts(
    async () => (await readdir(folder)).map((file) => file.replace(/\.parquet$/, '')),
    (mart) => join(folder, `${mart}.parquet`),
  );
}

/** Marts in Parquet files, by their names and where the files of each lie. */
export function parquetMarts(names: () => Promise<string[]>, filesOf: (mart: string) => string): Marts {
  const from = (mart: string) => `read_parquet('${filesOf(mart)}')`;
  const columns = async (mart: string): Promise<MartColumn[]> => {
    const described = await rowsOfQuery(`select column_name, column_type from (describe select * from ${from(mart)})`);
    return described.map(([name, type]) => [String(name), typeName(String(type))]);
  };
  return {
    names: async () => (await names()).toSorted(),
    columns,
    async rows(mart) {
      const named = (await columns(mart)).filter(tells);
      const selected = named.map(([name, type]) => alike(`"${name}"`, type, `strftime(make_timestamp(epoch_us("${name}")), '%Y-%m-%d %H:%M:%S.%f')`));
      const rows = await rowsOfQuery(`select ${selected.join(', ')} from ${from(mart)}`);
      return inOrder(rows.map((row) => Object.fromEntries(named.map(([name], place) => [name, row[place] as Value]))));
    },
  };
}

/** The tables of the schema `suptask`. */
export function postgresMarts(database: TestDatabase): Marts {
  const columns = async (mart: string): Promise<MartColumn[]> => {
    const described = await database.query(
      `select attname, format_type(atttypid, atttypmod) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [`suptask.${mart}`],
    );
    return described.map(({ attname, type }) => [String(attname), typeName(String(type))]);
  };
  return {
    async names() {
      const tables = await database.query(`select tablename from pg_tables where schemaname = 'suptask'`);
      return tables.map(({ tablename }) => String(tablename)).toSorted();
    },
    columns,
    async rows(mart) {
      const named = (await columns(mart)).filter(tells);
      const selected = named.map(([name, type]) => `${alike(`"${name}"`, type, `to_char("${name}", 'YYYY-MM-DD HH24:MI:SS.US')`)} as "${name}"`);
      return inOrder((await database.query(`select ${selected.join(', ')} from suptask.${mart}`)) as MartRow[]);
    },
  };
}

/** What a row was made from is another on each engine and for each way of building it. */
const tells = ([name]: MartColumn): boolean => name !== 'mark';

function alike(column: string, type: string, timeAsText: string): string {
  if (type === 'timestamp') return timeAsText;
  if (type === 'bigint') return `cast(${column} as double precision)`;
  return type === 'date' || type.startsWith('decimal') ? `cast(${column} as varchar)` : column;
}

const SAME_TYPES: Record<string, string> = {
  varchar: 'text',
  'character varying': 'text',
  'timestamp without time zone': 'timestamp',
  // Spark's: a moment, written as UTC.
  'timestamp with time zone': 'timestamp',
  double: 'double precision',
};

function typeName(type: string): string {
  const lower = type.toLowerCase();
  return SAME_TYPES[lower] ?? lower.replace('numeric', 'decimal');
}

async function rowsOfQuery(sql: string): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const chunk of queryDuckDb(sql, {})) rows.push(...chunk);
  return rows;
}

/** By code units, since engines differ in how they collate. */
function inOrder(rows: MartRow[]): MartRow[] {
  const texts = new Map(rows.map((row) => [row, JSON.stringify(Object.values(row))]));
  return rows.toSorted((a, b) => ((texts.get(a) ?? '') < (texts.get(b) ?? '') ? -1 : 1));
}
