import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILD_OF_DATA, projectFolder } from '../../../extractor/operations/dbt.ts';
import { demoOptions } from '../../../extractor/operations/demo-workspace.ts';
import { createCast } from '../../../extractor/simulator/cast.ts';
import { formatCsv } from '../../../extractor/simulator/csv.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { readEverything } from './support/extracting.ts';
import type { MartRow } from './support/marts.ts';
import { copyProject, createWorkshop, duckDbWarehouse, type Workshop } from './support/warehouse.ts';

const world = createWorld(demoOptions);

/** A copy of the project in which no Slack user is mapped to a staff member. */
async function projectWithoutMappings(folder: string): Promise<string> {
  await copyProject(folder);
  const seed = join(folder, 'seeds/identities/entity_external_ids.csv');
  const lines = (await readFile(seed, 'utf8')).split('\n');
  await writeFile(seed, lines.filter((line) => !line.includes(',slack_user,')).join('\n'));
  return folder;
}

/** Every suggestion of the warehouse, the best of an id and the others. */
async function suggestionsIn(file: string): Promise<Suggestion[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    const read = await connection.runAndReadAll('select slack_user_id, staff_id, basis from suptask_intermediate.int_identity_suggestions');
    return read.getRowObjects() as unknown as Suggestion[];
  } finally {
    instance.closeSync();
  }
}

interface Suggestion {
  slack_user_id: string;
  staff_id: string;
  basis: string;
}

/** How often each basis named somebody, and the right one: seeds/reference/suggestion_bases.csv. */
function measure(suggestions: readonly Suggestion[]): string {
  const { staffBySlackId } = createCast();
  const rows = ['same_email_and_name', 'same_email', 'same_name', 'email_on_other_tickets', 'only_one_in_channel'].map((basis) => {
    const judged = suggestions.filter((suggestion) => suggestion.basis === basis);
    const right = judged.filter(({ slack_user_id, staff_id }) => staffBySlackId.get(slack_user_id)?.staffId === staff_id);
    return { basis, judged: judged.length, proved_right: right.length };
  });
  return formatCsv(['basis', 'judged', 'proved_right'], rows);
}

describe('a build whose mappings were taken away', () => {
  let workshop: Workshop;
  let failure: Error;
  let published: string[];
  let resolutions: MartRow[];
  let queue: MartRow[];
  let suggestions: Suggestion[];

  beforeAll(async () => {
    workshop = await createWorkshop();
    const landing = join(workshop.folder, 'landing');
    await readEverything(world, world.horizon, landing);
    const project = await projectWithoutMappings(join(workshop.folder, 'project'));
    const duckDb = duckDbWarehouse(join(workshop.folder, 'duckdb'), landing, project);
    failure = await duckDb.dbt(...BUILD_OF_DATA, '--select', '+unresolved_identities', '+identity_resolution_rate', '+workload_by_staff').then(
      () => new Error('the build succeeded'),
      (thrown: unknown) => thrown as Error,
    );
    published = await duckDb.marts.names();
    resolutions = await duckDb.marts.rows('identity_resolution');
    queue = await duckDb.marts.rows('unresolved_identities');
    suggestions = await suggestionsIn(join(workshop.folder, 'duckdb/suptask.duckdb'));
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

  it('suggests a match as often rightly as the seed says that it does', async () => {
    const committed = await readFile(join(projectFolder, 'seeds/reference/suggestion_bases.csv'), 'utf8');
    expect(committed, 'measured again; take these figures over').toBe(measure(suggestions));
  });

  it('suggests nobody wrong with a confidence of nine in ten', () => {
    const { staffBySlackId } = createCast();
    const suggested = queue.filter(({ suggestion_confidence }) => Number(suggestion_confidence) >= 0.9);
    expect(suggested.length).toBeGreaterThan(60);
    expect(suggested.filter(({ external_id, suggested_staff_id }) => staffBySlackId.get(String(external_id))?.staffId !== suggested_staff_id)).toEqual([]);
  });
});
