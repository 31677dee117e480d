import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A model, test, seed, source or exposure, as dbt has parsed it. */
export interface ProjectNode {
  unique_id: string;
  resource_type: string;
  name: string;
  /** Where its table is, and what it is called there. */
  schema: string;
  alias: string;
  description: string;
  fqn: string[];
  columns: Record<string, { name: string; description: string; data_type: string | null }>;
  depends_on?: { nodes: string[] };
  group?: string | null;
  config: { contract?: { enforced: boolean } };
  owner?: { name: string | null };
}

/** What dbt knows of the project. */
export interface Project {
  models: ProjectNode[];
  exposures: ProjectNode[];
  /** Names of the data tests and unit tests on a model, by its unique id. */
  testsOf: (model: string) => string[];
  layerOf: (uniqueId: string) => string;
}

/** Reads the manifest that `dbt parse` has written. */
export async function readProject(target: string): Promise<Project> {
  const manifest = JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8')) as Record<'nodes' | 'unit_tests' | 'exposures', Record<string, ProjectNode>>;
  const nodes = Object.values(manifest.nodes);
  const tests = [...nodes.filter(({ resource_type }) => resource_type === 'test'), ...Object.values(manifest.unit_tests)];
  return {
    models: nodes.filter(({ resource_type }) => resource_type === 'model'),
    exposures: Object.values(manifest.exposures),
    testsOf: (model) => tests.filter(({ depends_on }) => depends_on?.nodes.includes(model)).map(({ name }) => name),
    layerOf: (uniqueId) => manifest.nodes[uniqueId]?.fqn[1] ?? uniqueId.split('.')[0] ?? '',
  };
}
