import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { withoutTokens } from '../config.ts';
import { SuptaskError } from '../errors.ts';
import { requireJava } from './java.ts';

/** The project's own folder: dbt finds its project, profiles and seeds there. */
export const projectFolder = resolve(import.meta.dirname, '../..');

/** The Python environments, and what makes each. Spark's is one of its own, so that nobody else pays for it. */
const environments = { '.venv': 'npm run prepare', '.venv-spark': 'npm run spark:install' } as const;

/**
 * A program of a Python environment: of the one that `npm ci` makes, unless another is named.
 * @throws SuptaskError where it has not been made
 */
export function pythonProgram(name: string, environment: keyof typeof environments = '.venv'): string {
  const windows = process.platform === 'win32';
  const path = join(projectFolder, environment, windows ? 'Scripts' : 'bin', windows ? `${name}.exe` : name);
  if (existsSync(path)) return path;
  throw new SuptaskError('configuration.missing', `${name} is not installed: there is no ${path}.`, `Run: ${environments[environment]}`);
}

/**
 * dbt with the adapter of the target that its arguments name, or else DBT_TARGET.
 * @throws SuptaskError where it has not been installed, or where it is to run Spark itself and there is no Java for it
 */
export function dbtProgram(args: readonly string[], environment: NodeJS.ProcessEnv): string {
  const { values } = parseArgs({ args: [...args], options: { target: { type: 'string', short: 't' } }, strict: false });
  if ((values.target ?? environment['DBT_TARGET']) !== 'spark') return pythonProgram('dbt');
  if (!environment['SUPTASK_SPARK_HOST'] && !environment['SPARK_REMOTE']) requireJava(environment);
  return pythonProgram('dbt', '.venv-spark');
}

/** What dbt needs whatever is set: its profiles, and UTF-8 also where the locale or the database speaks ASCII. */
export const dbtEnvironment = {
  DBT_PROFILES_DIR: projectFolder,
  PYTHONUTF8: '1',
  PGCLIENTENCODING: 'UTF8',
  // With each statement dbt-spark sets what a Spark Connect server lets nobody set, and each time Python warns of it.
  PYTHONWARNINGS: 'ignore:Failed to set spark.sql.catalogImplementation',
};

/** What dbt is started with: this process's environment and what is given, without a token in either. */
export function environmentOfDbt(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return withoutTokens({ ...process.env, ...dbtEnvironment, ...environment });
}

/**
 * `dbt build` of data: seeds, models and tests of what they hold. Unit tests hold the models' text to worked examples, whatever the
 * data: they belong to a change of the project, and would take as long again each time.
 */
export const BUILD_OF_DATA = ['build', '--exclude-resource-type', 'unit_test'] as const;

/** How far a build is, in dbt's own count of models, tests and seeds. */
export interface BuildProgress {
  done: number;
  total: number;
}

const DONE_LINE = /\b(\d+) of (\d+) (?!START)[A-Z]+ /;

/**
 * Runs dbt, or what stands for it, and reports its progress. Relative paths among its settings lie in `folder`.
 * @returns what it printed, line by line
 * @throws SuptaskError `warehouse.build_failed` with what dbt said of the failures
 */
export async function runDbt(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  onProgress: (progress: BuildProgress) => void = () => undefined,
  folder = projectFolder,
  program?: string,
): Promise<string[]> {
  const env = environmentOfDbt(environment);
  const child = spawn(program ?? dbtProgram(args, env), [...args, '--no-use-colors'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done(code ?? 1));
  });
  const lines: string[] = [];
  let done = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const counted = DONE_LINE.exec(line);
    // Hooks are counted apart.
    if (counted && !line.includes(' hook')) onProgress({ done: (done += 1), total: Number(counted[2]) });
  }
  if ((await exit) === 0) return lines;
  const failures = failureLines(lines);
  throw new SuptaskError('warehouse.build_failed', `dbt ${args[0]} failed.\n${failures.join('\n')}`, remedyOf(failures));
}

/** A build that was killed can leave a file that DuckDB does not open again; all that it held comes out of the log. */
function remedyOf(failures: readonly string[]): string {
  return failures.some((line) => line.includes('Failure while replaying WAL file'))
    ? 'A build was killed, and DuckDB cannot read what it left: remove the file (SUPTASK_DUCKDB) and the one beside it that ends in .wal. The next build makes it anew from the log.'
    : 'Correct what dbt names above, then run it again: npm run dbt -- build. What was landed is safe.';
}

/** What our own tests found, in their words, and what dbt says after its last model; else its last words. */
function failureLines(lines: readonly string[]): string[] {
  const text = lines.map((line) => line.replace(/^\d\d:\d\d:\d\d\s*/, ''));
  const from = text.findIndex((line) => /^Completed with|Encountered an error|Compilation Error|Runtime Error|Database Error/.test(line));
  const found = text.filter((line) => line.startsWith('Found by '));
  return [...found, ...(from === -1 ? text.slice(-20) : text.slice(from, from + 60))].filter((line) => line.trim() !== '');
}
