import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Manifest {
  nodes: Record<string, Node>;
  sources: Record<string, Node & { source_name: string }>;
}

interface Node {
  resource_type: string;
  alias: string;
  name: string;
  fqn: string[];
  columns: Record<string, { name: string; data_type: string | null }>;
}

async function readManifest(target: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8')) as Manifest;
}

/** The declared columns of each mart, by the name under which it is published, as dbt has read them. */
export async function readContracts(target: string): Promise<Record<string, string[]>> {
  const marts = Object.values((await readManifest(target)).nodes).filter(
    ({ resource_type, fqn }) => resource_type === 'model' && fqn.includes('marts'),
  );
  return Object.fromEntries(marts.map(({ alias, columns }) => [alias, Object.keys(columns)]));
}

/** The declared columns of the landing log's sources and their types, as dbt has read them. */
export async function readSources(target: string): Promise<Record<string, Record<string, string | null>>> {
  const sources = Object.values((await readManifest(target)).sources).filter(({ source_name }) => source_name === 'suptask_raw');
  return Object.fromEntries(
    sources.map(({ name, columns }) => [name, Object.fromEntries(Object.values(columns).map((column) => [column.name, column.data_type]))]),
  );
}
