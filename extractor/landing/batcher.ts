import type { Landing } from './landing.ts';
import type { Row, StreamName } from './streams.ts';

/** A batch ends at this age of its first row, in real time, or at this many rows. */
const LONGEST_MS = 1_000;
const MOST_ROWS = 1_000;

/** Collects rows of one stream and lands them in batches, one write under way at a time. */
export class Batcher<Name extends StreamName> {
  readonly #landing: Landing;
  readonly #stream: Name;
  #rows: Row<Name>[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #rowsInWriting = 0;
  #failure: unknown = null;

  constructor(landing: Landing, stream: Name) {
    this.#landing = landing;
    this.#stream = stream;
  }

  /** Takes a row; it is durable within a second. Throws what an earlier write threw. */
  add(row: Row<Name>): void {
    if (this.#failure !== null) throw this.#failure;
    this.#rows.push(row);
    if (this.#rows.length >= MOST_ROWS) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), LONGEST_MS);
  }

  /** False where rows come faster than they can be written. */
  get hasRoom(): boolean {
    return this.#rowsInWriting <= MOST_ROWS || this.#failure !== null;
  }

  /** Resolves when a row may be added: where there is no room, after the write under way. */
  async room(): Promise<void> {
    while (!this.hasRoom) await this.#writing;
  }

  /** Resolves when everything taken so far is durable; throws where it could not be made so. */
  async flush(): Promise<void> {
    this.#write();
    await this.#writing;
    if (this.#failure !== null) throw this.#failure;
  }

  #write(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const rows = this.#rows;
    this.#rows = [];
    this.#rowsInWriting += rows.length;
    this.#writing = this.#writing.then(async () => {
      if (this.#failure !== null) return;
      try {
        await this.#landing.append(this.#stream, rows);
      } catch (thrown) {
        this.#failure = thrown;
      } finally {
        this.#rowsInWriting -= rows.length;
      }
    });
  }
}
