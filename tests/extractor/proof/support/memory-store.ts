import type { Batch, LandingStore, Scalar } from '../../../../extractor/landing/landing.ts';

/** A landing log in memory, which can be cut off where a process died. */
export class MemoryStore implements LandingStore {
  readonly shown = 'memory';
  readonly #rows: { stream: string; row: Record<string, unknown> }[] = [];

  /** Rows of all streams, in the order in which they came. */
  get size(): number {
    return this.#rows.length;
  }

  get rows(): readonly { stream: string; row: Record<string, unknown> }[] {
    return this.#rows;
  }

  /** Forgets what came after the first `size` rows. */
  cutTo(size: number): void {
    this.#rows.length = Math.min(size, this.#rows.length);
  }

  async write({ stream, rows }: Batch): Promise<void> {
    this.#rows.push(...rows.map((row) => ({ stream, row: row as Record<string, unknown> })));
  }

  async *read({ stream, columns, orderBy }: Parameters<LandingStore['read']>[0]): AsyncGenerator<Scalar[][]> {
    const rows = this.#rows.filter((each) => each.stream === stream).map(({ row }) => row);
    const inOrder = rows.toSorted((a, b) => {
      const name = orderBy.find((each) => scalar(a[each]) !== scalar(b[each]));
      return name === undefined ? 0 : (scalar(a[name]) ?? '') < (scalar(b[name]) ?? '') ? -1 : 1;
    });
    yield inOrder.map((row) => columns.map((name) => scalar(row[name])));
  }

  async openJournal() {
    return { write: (batch: Batch) => this.write(batch), roll: async () => undefined, close: async () => undefined };
  }

  async rollLeftJournals() {
    return [];
  }

  async tryLock() {
    return { lost: new AbortController().signal, release: async () => undefined };
  }

  async leaseSeenAtMs() {
    return null;
  }

  /** Nobody is forgotten here. */
  async findTexts() {
    return [];
  }

  async replaceTexts() {
    return undefined;
  }

  async mostFilesInADay() {
    return 0;
  }

  async compact() {
    return null;
  }

  async close() {
    return undefined;
  }
}

function scalar(value: unknown): Scalar {
  return value instanceof Date ? value.getTime() : ((value ?? null) as Scalar);
}
