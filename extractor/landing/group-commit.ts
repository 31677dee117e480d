/** One that waits to be made durable, and is told of it. */
interface Waiting<T> {
  item: T;
  done: () => void;
  failed: (thrown: unknown) => void;
}

/**
 * Makes items durable in groups: each is waited for by whoever handed it in, and all that come
 * while a write is under way share the next one. So a flush of the disk costs many at once no more
 * than one alone.
 */
export class GroupCommit<T> {
  readonly #write: (items: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #isWriting = false;

  constructor(write: (items: readonly T[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the item is durable; rejects with what the write of its group threw. */
  add(item: T): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ item, done, failed });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(group.map(({ item }) => item));
        for (const { done } of group) done();
      } catch (thrown) {
        for (const { failed } of group) failed(thrown);
      }
    }
    this.#isWriting = false;
  }
}
