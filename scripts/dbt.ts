/** `npm run dbt -- build`: dbt with the adapter of its target, and the settings of `.env` and of the profile. */
import { spawnSync } from 'node:child_process';
import { withoutTokens } from '../extractor/config.ts';
import { dbtEnvironment, dbtProgram, projectFolder } from '../extractor/operations/dbt.ts';
import { endWithError } from '../extractor/operations/report-error.ts';
import { loadEnvironment } from '../extractor/profiles.ts';

try {
  loadEnvironment();
  const args = process.argv.slice(2);
  const env = { ...withoutTokens(process.env), ...dbtEnvironment };
  const { status } = spawnSync(dbtProgram(args, env), args, { cwd: projectFolder, env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (thrown) {
  await endWithError(thrown, false);
}
