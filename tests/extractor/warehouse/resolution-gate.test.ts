import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../../../extractor/operations/dbt.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { readEverything } from './support/extracting.ts';
import type { MartRow } from './support/marts.ts';
import { BUILD, createWorkshop, duckDbWarehouse, type Workshop } from './support/warehouse.ts';

const world = createWorld({ seed: 3, tickets: 300, days: 30, startsAt: Date.parse('2026-07-06T00:00:00Z') });

/** A copy of the project in which no Slack user is mapped to a staff member. */
async function projectWithoutMappings(folder: string): Promise<string> {
  await mkdir(folder);
  for (const part of ['dbt_project.yml', 'profiles.yml', 'models', 'macros', 'seeds', 'tests/dbt']) {
    await cp(join(projectFolder, part), join(folder, part), { recursive: true });
  }
  const seed = join(folder, 'seeds/identities/entity_external_ids.csv');
  const lines = (await readFile(seed, 'utf8')).split('\n');
  await writeFile(seed, lines.filter((line) => !line.includes(',slack_user,')).join('\n'));
  return folder;
}

describe('a build whose mappings were taken away', () => {
  let workshop: Workshop;
  let failure: Error;
  let published: string[];
  let resolutions: MartRow[];
  let queue: MartRow[];

  beforeAll(async () => {
    workshop = await createWorkshop();
    const landing = join(workshop.folder, 'landing');
    await readEverything(world, world.horizon, landing);
    const project = await projectWithoutMappings(join(workshop.folder, 'project'));
    const duckDb = duckDbWarehouse(join(workshop.folder, 'duckdb'), landing, project);
    failure = await duckDb.dbt(...BUILD).then(
      () => new Error('the build succeeded'),
      (thrown: unknown) => thrown as Error,
    );
    published = await duckDb.marts.names();
    resolutions = await duckDb.marts.rows('identity_resolution');
    queue = await duckDb.marts.rows('unresolved_identities');
  }, 600_000);

  afterAll(() => workshop?.remove());

  it('fails, and says which share of how many tickets is known', () => {
    const counted = resolutions.filter(({ role, source, outcome }) => role === 'requester' && source === 'slack' && String(outcome).endsWith('resolved'));
    const resolved = counted.filter(({ outcome }) => outcome === 'resolved').length;
    const percent = ((100 * resolved) / counted.length).toFixed(1);
    expect(Number(percent)).toBeLessThan(80);
    expect(failure.message).toContain(`Only ${percent}% of ${counted.length} Slack-sourced tickets have a requester known as staff`);
  });

  it('still publishes every mart, the review queue with every id that is to be mapped', () => {
    expect(published).toEqual(expect.arrayContaining(['suptask_tickets', 'identity_resolution_rate', 'unresolved_identities', 'workload_by_staff']));
    const unmapped = resolutions.filter(({ outcome, external_id }) => outcome === 'unresolved' && external_id !== null);
    const idsIn = (rows: MartRow[]) => [...new Set(rows.flatMap(({ external_id }) => (external_id === null ? [] : [String(external_id)])))].toSorted();
    expect(idsIn(queue).length).toBeGreaterThan(30);
    expect(idsIn(queue)).toEqual(idsIn(unmapped));
  });
});
