/**
 * `npm run metrics -- --metrics open_tickets --group-by partner`: asks MetricFlow for metrics of the marts that were built last,
 * on the engine that DBT_TARGET names. A dimension may be named without its entity.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutTokens } from '../extractor/config.ts';
import { dbtEnvironment, projectFolder, pythonProgram } from '../extractor/operations/dbt.ts';
import { loadEnvironment } from '../extractor/profiles.ts';

interface SemanticModel {
  entities: { name: string; type: string }[];
  dimensions: { name: string }[];
}

loadEnvironment();
const folder = process.env['DBT_PROJECT_DIR'] ?? projectFolder;
// MetricFlow looks for what dbt has parsed in the project's own target folder and nowhere else.
const environment: NodeJS.ProcessEnv = { ...withoutTokens(process.env), ...dbtEnvironment, DBT_PROFILES_DIR: folder };
delete environment['DBT_TARGET_PATH'];

function run(program: string, args: readonly string[]): void {
  const { status } = spawnSync(pythonProgram(program), args, { cwd: folder, env: environment, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** `partner` as `ticket__partner`, `-partner` as `-ticket__partner`. */
function withEntity(name: string, models: readonly SemanticModel[]): string {
  const [, sign = '', plain = name] = /^(-?)(.*)$/.exec(name) ?? [];
  const model = models.find(({ dimensions }) => dimensions.some((dimension) => dimension.name === plain));
  const entity = model?.entities.find(({ type }) => type === 'primary');
  return entity ? `${sign}${entity.name}__${plain}` : name;
}

run('dbt', ['--quiet', 'parse']);
const manifest = JSON.parse(readFileSync(join(folder, 'target/semantic_manifest.json'), 'utf8')) as { semantic_models: SemanticModel[] };
const args = process.argv.slice(2).map((value, place, all) => {
  const namesDimensions = ['--group-by', '--order'].includes(all[place - 1] ?? '');
  return namesDimensions ? value.split(',').map((name) => withEntity(name, manifest.semantic_models)).join(',') : value;
});
run('mf', args.length === 0 ? ['list', 'metrics'] : ['query', ...args]);
