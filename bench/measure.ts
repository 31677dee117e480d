import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What one run of a command used, the whole process from its start to its end. */
export interface Usage {
  seconds: number;
  cpuSeconds: number;
  peakMebibytes: number;
}

/**
 * Runs a command to its end and says what it used. The command itself writes CPU time and peak memory, as
 * the system counted them, to a file in `folder`.
 * @throws Error with what it wrote, where it failed
 */
export async function measured(program: string, args: readonly string[], folder: string, environment: Record<string, string> = {}): Promise<Usage> {
  const file = join(folder, 'usage.json');
  const sinceMs = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...environment, SUPTASK_BENCH_USAGE: file }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - sinceMs) / 1_000;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${Buffer.concat(said).toString().slice(-2_000)}`);
  return { seconds, ...(JSON.parse(await readFile(file, 'utf8')) as Omit<Usage, 'seconds'>) };
}

/** The source that all read from, in a process of its own. */
export interface Source {
  url: string;
  /** Requests answered since it was last asked. */
  answered(): Promise<number>;
  close(): void;
}

export async function startSource(): Promise<Source> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'extract', 'server.ts'));
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    async answered() {
      child.send('count');
      const [{ answered }] = (await once(child, 'message')) as [{ answered: number }];
      return answered;
    },
    close: () => void child.kill(),
  };
}
