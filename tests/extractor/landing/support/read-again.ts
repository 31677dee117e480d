// Reads a stream of a landing folder again and again until its input ends; a line of JSON a round: node read-again.ts FOLDER.
// The file `landed` in the folder says how many rows are there, of which the nth has the id n.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openParquetStore } from '../../../../extractor/landing/parquet-store.ts';

const [folder = ''] = process.argv.slice(2);
const ended = new AbortController();
process.stdin.on('end', () => ended.abort()).resume();

const store = openParquetStore(folder);
while (!ended.signal.aborted) {
  const atLeast = Number(readFileSync(join(folder, 'landed'), 'utf8'));
  const ids: number[] = [];
  let error: string | null = null;
  try {
    for await (const rows of store.read({ stream: 'error_events', columns: ['correlation_id'], workspace: null, orderBy: ['correlation_id'] })) ids.push(...rows.map(([id]) => Number(id)));
  } catch (thrown) {
    error = String(thrown);
  }
  const seen = new Set(ids);
  const missing = Array.from({ length: atLeast }, (_, index) => index + 1).filter((id) => !seen.has(id));
  process.stdout.write(`${JSON.stringify({ atLeast, missing, twice: ids.length - seen.size, error })}\n`);
}
await store.close();
