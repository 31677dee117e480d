import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../../../extractor/operations/dbt.ts';
import { offsetsOf } from '../../../../scripts/time-zone-offsets.ts';
import { type Calendar, seedsOf, type Spell } from './calendars.ts';
import { duckDbWarehouse } from './warehouse.ts';

const DAYS = `
select
  cast(day_start as date) as day,
  cast(day_start as timestamp) as starts_at
from (select {{ days_from_to("timestamp '2015-01-01'", "timestamp '2030-12-31'") }} as day_start) as days
`;

/** Spells measured as the marts measure theirs: two look-ups and a difference. */
const MEASURED = `
{{ config(contract={'enforced': false}) }}

select
  cast(spells.spell_number as integer) as spell_number,
  {{ minutes_between('spells.began_at', 'spells.ended_at') }} as calendar_minutes,
  {{ business_minute('to_days', 'spells.ended_at') }} - ({{ business_minute('from_days', 'spells.began_at') }}) as business_minutes
from {{ ref('spells') }} as spells
inner join {{ ref('int_business_days') }} as from_days
  on {{ business_day_of('from_days', 'spells.calendar_id', 'spells.began_at') }}
inner join {{ ref('int_business_days') }} as to_days
  on {{ business_day_of('to_days', 'spells.calendar_id', 'spells.ended_at') }}
`;

/** What the models say of one spell. */
export interface Measured {
  calendarMinutes: number;
  businessMinutes: number;
}

/** Builds the business calendars of 2015 to 2030 with dbt on DuckDB, and measures spells by them, in their order. Throws where one is not measured. */
export async function measure(folder: string, calendars: readonly Calendar[], spells: readonly Spell[]): Promise<Measured[]> {
  const project = join(folder, 'project');
  const models = join(project, 'models');
  for (const made of ['models/intermediate', 'models/marts', 'seeds']) await mkdir(join(project, made), { recursive: true });
  for (const part of ['dbt_project.yml', 'profiles.yml', 'macros', 'seeds/reference', 'models/intermediate/int_business_days.sql']) {
    await cp(join(projectFolder, part), join(project, part), { recursive: true });
  }
  const seeds = seedsOf(calendars);
  const written = { ...seeds, 'time_zone_offsets.csv': offsetsOf(seeds['business_calendars.csv'] ?? ''), 'spells.csv': spellsCsv(spells) };
  for (const [file, text] of Object.entries(written)) await writeFile(join(project, 'seeds/reference', file), text);
  const columns = join(project, 'seeds/reference/_reference__seeds.yml');
  await writeFile(columns, `${await readFile(columns, 'utf8')}
  - name: spells
    config:
      column_types: {spell_number: integer, calendar_id: varchar, began_at: timestamp, ended_at: timestamp}
`);
  await writeFile(join(models, 'intermediate/int_days.sql'), DAYS);
  await writeFile(join(models, 'marts/measured.sql'), MEASURED);

  const duckDb = duckDbWarehouse(join(folder, 'duckdb'), join(folder, 'landing'), project);
  await duckDb.dbt('build', '--select', '+measured', '--exclude-resource-type', 'test', 'unit_test');
  const rows = (await duckDb.marts.rows('measured')).toSorted((a, b) => Number(a['spell_number']) - Number(b['spell_number']));
  if (rows.length !== spells.length) throw new Error(`${rows.length} of ${spells.length} spells were measured`);
  return rows.map((row) => ({ calendarMinutes: Number(row['calendar_minutes']), businessMinutes: Number(row['business_minutes']) }));
}

function spellsCsv(spells: readonly Spell[]): string {
  const time = (at: number) => new Date(at).toISOString().slice(0, 23).replace('T', ' ');
  const lines = spells.map(({ calendar, from, to }, place) => `${place},${calendar.id},${time(from)},${time(to)}`);
  return `spell_number,calendar_id,began_at,ended_at\n${lines.join('\n')}\n`;
}
