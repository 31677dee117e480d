import type pg from 'pg';
import type { FoundText, TextPattern } from './found-text.ts';
import { SCHEMA } from './postgres-schema.ts';
import { type StreamName, streams, textColumnsOf } from './streams.ts';

/** Finds the texts of the landing schema that match a pattern, of every workspace. */
export async function findTextsInSchema(client: pg.Client, pattern: TextPattern): Promise<FoundText[]> {
  const found: FoundText[] = [];
  for (const stream of Object.keys(streams) as StreamName[]) {
    const { id } = streams[stream];
    const texts = textColumnsOf(stream);
    const { rows } = await client.query<(string | null)[]>({
      text: `select ${[id, ...texts.map((name) => `case when ${name} ~* $1 then ${name} end`)].join(', ')} from ${SCHEMA}.${stream} where ${texts.map((name) => `${name} ~* $1`).join(' or ')}`,
      values: [pattern],
      rowMode: 'array',
    });
    for (const [rowId, ...values] of rows) {
      for (const [place, text] of values.entries()) if (text !== null) found.push({ stream, id: String(rowId), column: texts[place] ?? '', text });
    }
  }
  return found;
}

/** Puts these texts in the place of those that stand there, all of them or none. */
export async function replaceTextsInSchema(client: pg.Client, texts: readonly FoundText[]): Promise<void> {
  await client.query('begin');
  try {
    for (const { stream, id, column, text } of texts) {
      await client.query(`update ${SCHEMA}.${stream} set ${column} = $2 where ${streams[stream].id} = $1`, [id, text]);
    }
    await client.query('commit');
  } catch (thrown) {
    await client.query('rollback');
    throw thrown;
  }
}
