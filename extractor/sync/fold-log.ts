import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Landing, Scalar } from '../landing/landing.ts';
import { Fold, FOLDED_COLUMNS, type FoldContents, type LoggedFetch } from './fold.ts';

const STREAM = 'ticket_fetches';

/** A fold is kept where the next one is thereby spared so many rows. */
const FEWEST_ROWS = 5_000;

/** A fold as it is kept, with what it was made of. */
interface KeptFold {
  /** Of the code that folded: another may fold otherwise. */
  madeBy: string;
  /** The parts of the log whose rows it holds, with their marks. */
  parts: Map<string, string>;
  fold: FoldContents;
}

/**
 * Folds the log's reads in the log's order (`observed_at`, `fetch_id`). The log is the only truth:
 * a fold that was kept is believed only where every part that it was made of still stands as it was,
 * and where all rows of the others come after its own; else everything is folded again.
 * @param keep whether to keep the fold where that is worth it: for the holder of the lease
 */
export async function foldLog(landing: Landing, keep: boolean): Promise<Fold> {
  const parts = await landing.memory?.parts(STREAM, landing.workspace);
  if (!parts) return (await foldRows(new Fold(), landing.read(request()))).fold;
  const madeBy = await codeMark();
  const { fold, rows } = (await goOn(landing, parts, madeBy)) ?? (await foldRows(new Fold(), landing.read(request([...parts.keys()]))));
  if (keep && rows >= FEWEST_ROWS) {
    const kept = serialize({ madeBy, parts, fold: fold.contents } satisfies KeptFold);
    // One that cannot be kept costs the next reader time, and nobody a run.
    await landing.memory?.remember(nameOf(landing), kept).catch(() => undefined);
  }
  return fold;
}

const nameOf = ({ workspace }: Landing) => `reads of ${workspace}`;

const request = (parts?: string[]) => ({ stream: STREAM, columns: FOLDED_COLUMNS, orderBy: ['observed_at', 'fetch_id'], ...(parts ? { parts } : {}) }) as const;

/** Folds what came after the fold that was kept; null where there is none to go on from. */
async function goOn(landing: Landing, parts: Map<string, string>, madeBy: string): Promise<{ fold: Fold; rows: number } | null> {
  const kept = await recall(landing);
  if (kept?.madeBy !== madeBy || ![...kept.parts].every(([part, mark]) => parts.get(part) === mark)) return null;
  const added = [...parts.keys()].filter((part) => !kept.parts.has(part));
  const fold = new Fold(kept.fold);
  const folded = added.length === 0 ? { fold, rows: 0 } : await foldRows(fold, landing.read(request(added)));
  return folded.isInOrder === false ? null : folded;
}

async function recall(landing: Landing): Promise<KeptFold | null> {
  const bytes = await landing.memory?.recall(nameOf(landing));
  if (!bytes) return null;
  try {
    return deserialize(bytes) as KeptFold;
  } catch {
    // A fold that cannot be read is as good as none.
    return null;
  }
}

/** Takes rows that come in the log's order; stops where the first does not come after those taken before. */
async function foldRows(fold: Fold, chunks: AsyncIterable<Scalar[][]>): Promise<{ fold: Fold; rows: number; isInOrder?: boolean }> {
  let rows = 0;
  for await (const chunk of chunks) {
    for (const row of chunk as LoggedFetch[]) {
      if (rows === 0 && !fold.isAfter(row)) return { fold, rows, isInOrder: false };
      fold.take(row);
      rows += 1;
    }
  }
  return { fold, rows };
}

/** A mark that changes where any file beside this one does. */
async function codeMark(): Promise<string> {
  const names = (await readdir(import.meta.dirname)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(import.meta.dirname, name), 'utf8')));
  return hash('sha256', texts.join('\n'));
}
