/** `npm test`: every check, one after the other, and what each took. Ends non-zero at the first that fails. */
import { spawnSync } from 'node:child_process';
import { formatDuration } from '../extractor/output/duration.ts';

const checks: [name: string, script: string][] = [
  ['types', 'types'],
  ['lint of TypeScript', 'lint'],
  ['lint of SQL', 'lint:sql'],
  ['tests, with dbt on DuckDB and PostgreSQL', 'vitest'],
];

for (const [name, script] of checks) {
  const startedMs = performance.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit', shell: process.platform === 'win32' });
  console.log(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${formatDuration(performance.now() - startedMs)}`);
  if (status !== 0) process.exit(1);
}
