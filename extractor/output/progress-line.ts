const REDRAW_MS = 200;
const LOG_EVERY_MS = 10_000;

/** Where progress goes: the standard error stream, which may be a terminal. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/**
 * One line that says how far a long step is: redrawn in place on a terminal, else a new line
 * every ten seconds. The text is made only when it is shown.
 */
export class ProgressLine {
  readonly #stream: ProgressStream;
  #shownAtMs: number;
  #width = 0;

  constructor(stream: ProgressStream = process.stderr) {
    this.#stream = stream;
    this.#shownAtMs = stream.isTTY ? Number.NEGATIVE_INFINITY : performance.now();
  }

  /** Shows the text, if the last one has stood long enough. */
  update(text: () => string): void {
    const nowMs = performance.now();
    if (nowMs - this.#shownAtMs < (this.#stream.isTTY ? REDRAW_MS : LOG_EVERY_MS)) return;
    this.#shownAtMs = nowMs;
    this.#show(text());
  }

  /** Whether it is redrawn in place: then it may be told of every second. */
  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Shows the text at once, whatever was shown before: it will stand for long. */
  announce(text: string): void {
    this.#shownAtMs = performance.now();
    this.#show(text);
  }

  /** Takes the line away from a terminal; what was logged elsewhere stays. */
  end(): void {
    if (this.#stream.isTTY && this.#width > 0) this.#stream.write(`\r${' '.repeat(this.#width)}\r`);
    this.#width = 0;
  }

  #show(text: string): void {
    if (!this.#stream.isTTY) {
      this.#stream.write(`${text}\n`);
      return;
    }
    const line = text.slice(0, (this.#stream.columns ?? 80) - 1);
    this.#stream.write(`\r${line.padEnd(this.#width)}`);
    this.#width = line.length;
  }
}
