/**
 * `npm test`: types and the lint of TypeScript, together, since they tell most in the least time; then the tests. Says what each
 * took, and ends non-zero where one fails.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { formatDuration } from '../extractor/output/duration.ts';

interface Check {
  name: string;
  script: string;
  /** Shows what it says when it has ended, so that it does not stand between the lines of another. */
  isQuiet?: true;
}

/** Runs one check and says how it ended. */
async function passes({ name, script, isQuiet }: Check): Promise<boolean> {
  const startedMs = performance.now();
  if (!isQuiet) console.log(`\n== ${name}`);
  const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', isQuiet ? 'pipe' : 'inherit', isQuiet ? 'pipe' : 'inherit'], shell: process.platform === 'win32' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [status] = (await once(child, 'close')) as [number | null];
  const verdict = `== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${formatDuration(performance.now() - startedMs)}`;
  console.log(isQuiet ? `\n== ${name}\n${said}${verdict}` : verdict);
  return status === 0;
}

const stages: Check[][] = [
  [
    { name: 'types', script: 'types', isQuiet: true },
    { name: 'lint of TypeScript', script: 'lint', isQuiet: true },
  ],
  [{ name: 'tests, with dbt on DuckDB and PostgreSQL', script: 'vitest' }],
];

for (const stage of stages) {
  const passed = await Promise.all(stage.map(passes));
  if (passed.includes(false)) process.exit(1);
}
