import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Status } from '../operations/status.ts';

const COMMAND_LINE = fileURLToPath(new URL('../suptask.js', import.meta.url));

/** How old a status may be that is given to who asks again. */
const STATUS_FRESH_MS = 10_000;

/** What a command answered: its exit code, null where it was killed, and its JSON, null where it gave none. */
export interface CommandAnswer {
  exitCode: number | null;
  answer: unknown;
}

/**
 * Runs commands of the command line, each as a process of its own: a plan over a million numbers, a
 * run, or its crash never keeps a delivery waiting.
 */
export class Operations {
  readonly #running = new Set<ChildProcess>();
  #isSyncing = false;
  #status: { readAtMs: number; answer: Promise<CommandAnswer> } | null = null;

  /** One run; null where one that was asked for here is still under way. */
  async sync(args: readonly string[]): Promise<CommandAnswer | null> {
    if (this.#isSyncing) return null;
    this.#isSyncing = true;
    try {
      return await this.run(args);
    } finally {
      this.#isSyncing = false;
      this.#status = null;
    }
  }

  /** Where the sync stands, a few seconds old at most. Those who ask at once share one answer. */
  status(): Promise<CommandAnswer> {
    const nowMs = performance.now();
    if (!this.#status || nowMs - this.#status.readAtMs > STATUS_FRESH_MS) {
      this.#status = { readAtMs: nowMs, answer: this.run(['status']) };
    }
    return this.#status.answer;
  }

  /** The status as a value; null where it could not be read. */
  async statusOrNull(): Promise<Status | null> {
    const { exitCode, answer } = await this.status();
    return exitCode === 0 ? (answer as Status) : null;
  }

  /** Runs one command with `--json`. What it logs goes to this process's standard error stream. */
  async run(args: readonly string[]): Promise<CommandAnswer> {
    // In a process group of its own: Ctrl-C on a terminal reaches it through `end`, once.
    const child = spawn(process.execPath, [COMMAND_LINE, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'], detached: true, windowsHide: true });
    this.#running.add(child);
    try {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      const [exitCode] = (await once(child, 'close')) as [number | null];
      return { exitCode, answer: parsed(output) };
    } finally {
      this.#running.delete(child);
    }
  }

  /** Tells everything under way to end, and waits for it. */
  async end(): Promise<void> {
    const ends = [...this.#running].map((child) => once(child, 'close'));
    for (const child of this.#running) child.kill('SIGTERM');
    await Promise.all(ends);
  }
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return null;
  }
}
