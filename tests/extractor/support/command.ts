import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../../extractor/operations/dbt.ts';

/** A process of the command line. */
export interface CommandProcess {
  kill(): void;
  /** Asks it to end, as a scheduler does. */
  stop(): void;
  /** The first line that it writes; rejects where it ends without one. */
  readonly firstLine: Promise<string>;
  /** Resolves when it is gone. */
  readonly ended: Promise<CommandEnd>;
}

export interface CommandEnd {
  /** Null where it was killed. */
  exitCode: number | null;
  output: string;
  errors: string;
}

/** Starts `suptask` with these arguments as a process of its own, with nothing of this environment's settings. */
export function startCommand(args: readonly string[], settings: Record<string, string>): CommandProcess {
  const child = spawn(process.execPath, [join(projectFolder, 'extractor/suptask.js'), ...args], {
    // Where no .env lies.
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  const begun = Promise.withResolvers<string>();
  begun.promise.catch(() => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.includes('\n')) begun.resolve(output.slice(0, output.indexOf('\n')));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(([exitCode]) => {
    begun.reject(new Error(`It ended without a line: ${errors}`));
    return { exitCode: exitCode as number | null, output, errors };
  });
  return { kill: () => void child.kill('SIGKILL'), stop: () => void child.kill('SIGTERM'), firstLine: begun.promise, ended };
}
