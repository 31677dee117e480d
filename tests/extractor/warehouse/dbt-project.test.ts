import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsOf } from '../../../extractor/landing/streams.ts';
import { readSources } from './support/contracts.ts';
import { streamNames } from './support/landing-log.ts';
import { type Project, type ProjectNode, readProject } from './support/project.ts';
import { createWorkshop, duckDbWarehouse, type Workshop } from './support/warehouse.ts';

const dbtTypes = { string: 'varchar', body: 'varchar', bigint: 'bigint', integer: 'integer', boolean: 'boolean', timestamp: 'timestamp' } as const;

let workshop: Workshop;
let target: string;
let project: Project;

beforeAll(async () => {
  workshop = await createWorkshop();
  const duckDb = duckDbWarehouse(workshop.folder, `${workshop.folder}/landing`);
  // A warning of any kind is an error.
  await duckDb.dbt('--warn-error', 'parse', '--no-partial-parse', '--write-json', '--show-all-deprecations');
  target = duckDb.target;
  project = await readProject(target);
}, 300_000);

afterAll(() => workshop?.remove());

it('dbt’s sources are the extractor’s streams: their names, columns and types', async () => {
  const streams = streamNames.map((stream) => {
    const columns = columnsOf(stream).map(([name, { type }]) => [name, dbtTypes[type]]);
    return [stream, Object.fromEntries([...columns, ['landed_on', 'date']])];
  });
  expect(await readSources(target)).toEqual(Object.fromEntries(streams));
});

describe('the project’s own rules', () => {
  const names = (nodes: readonly ProjectNode[]) => nodes.map(({ name }) => name);
  const ofLayer = (layer: string) => project.models.filter(({ unique_id }) => project.layerOf(unique_id) === layer);

  it('every model and each of its columns is described', () => {
    const mute = project.models.filter(({ description, columns }) => !description || Object.values(columns).some((column) => !column.description));
    expect(names(mute)).toEqual([]);
    expect(names(project.models.filter(({ columns }) => Object.keys(columns).length === 0))).toEqual([]);
    expect(project.models.length).toBeGreaterThan(30);
  });

  it('every model is tested', () => {
    expect(names(project.models.filter(({ unique_id }) => project.testsOf(unique_id).length === 0))).toEqual([]);
  });

  it('every mart has an enforced contract, and a group that answers for it', () => {
    const loose = ofLayer('marts').filter(({ config, group, fqn }) => config.contract?.enforced !== true || group !== fqn[2]);
    expect(names(loose)).toEqual([]);
  });

  it('every model lies in a layer, and is called as those of its layer are', () => {
    const prefixes: Record<string, RegExp> = { staging: /^stg_[a-z]+__[a-z_]+$/, intermediate: /^int_[a-z_]+$/, marts: /^(?!stg_|int_)[a-z_]+$/ };
    const misplaced = project.models.filter(({ unique_id, name }) => !prefixes[project.layerOf(unique_id)]?.test(name));
    expect(names(misplaced)).toEqual([]);
  });

  it('sources, and what is given in their place, are selected from in staging alone, and staging selects from nothing else', () => {
    const isGiven = (id: string) => id.startsWith('source.') || project.layerOf(id) === 'identities';
    const wrong = project.models.filter((model) => {
      const given = (model.depends_on?.nodes ?? []).map(isGiven);
      return project.layerOf(model.unique_id) === 'staging' ? given.includes(false) : given.includes(true);
    });
    expect(names(wrong)).toEqual([]);
  });

  it('no layer is skipped backwards: an intermediate model selects from no mart', () => {
    const wrong = ofLayer('intermediate').filter(({ depends_on }) => depends_on?.nodes.some((id) => project.layerOf(id) === 'marts'));
    expect(names(wrong)).toEqual([]);
  });

  it('no layer is skipped forwards: of staging, marts select what is given and what a service has noted, and nothing of tickets', () => {
    const skipped = ofLayer('marts').flatMap(({ depends_on }) => depends_on?.nodes.filter((id) => project.layerOf(id) === 'staging') ?? []);
    const asTheyAre = /\.stg_(identities__(staff|partners)|suptask__(sync_runs|alert_deliveries|alert_acknowledgements))$/;
    expect(skipped.filter((id) => !asTheyAre.test(id))).toEqual([]);
    expect(skipped.length).toBeGreaterThan(0);
  });

  it('each exposure says what it is, and who owns it', () => {
    expect(names(project.exposures.filter(({ owner, description }) => !owner?.name || !description))).toEqual([]);
  });

  it('every mart is looked at by an exposure, and no exposure looks at anything else', () => {
    const exposed = new Set(project.exposures.flatMap(({ depends_on }) => depends_on?.nodes ?? []));
    expect(names(ofLayer('marts').filter(({ unique_id }) => !exposed.has(unique_id)))).toEqual([]);
    expect([...exposed].filter((id) => project.layerOf(id) !== 'marts')).toEqual([]);
  });
});
