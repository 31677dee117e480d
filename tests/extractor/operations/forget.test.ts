import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactLanding } from '../../../extractor/landing/compaction.ts';
import { forget, FORGOTTEN, hashOf, patternsOf } from '../../../extractor/operations/forget.ts';
import { temporaryFolder } from '../support/folder.ts';
import { LANDING_KINDS, rowsOf } from '../support/landing.ts';
import { type Source, startSource, syncOnce } from '../support/source.ts';
import { duckDbWarehouse, MODELS } from '../warehouse/support/warehouse.ts';
import { sessionWith, type TestSession } from './support/session.ts';

const without = (identifier: string, text: string) => text.replaceAll(patternsOf(identifier).exactly, FORGOTTEN);

describe('a person in a text', () => {
  it.each<[string, string, string]>([
    ['U012ABC', '{"assignee":"U012ABC","said":"<@U012ABC> and u012abc\\nU012ABC"}', `{"assignee":"${FORGOTTEN}","said":"<@${FORGOTTEN}> and ${FORGOTTEN}\\n${FORGOTTEN}"}`],
    ['U012ABC', '"U012ABCD", "XU012ABC", "U012ABC_1"', '"U012ABCD", "XU012ABC", "U012ABC_1"'],
    ['ada@example.com', '"Ada@Example.com", "ada+desk@example.com", "\\nada@example.com."', `"${FORGOTTEN}", "${FORGOTTEN}", "\\n${FORGOTTEN}."`],
    ['ada@example.com', '"x.ada@example.com", "ada@example.com.au", "ada@example.community", "ada-b@example.com"', '"x.ada@example.com", "ada@example.com.au", "ada@example.community", "ada-b@example.com"'],
    ['José Ñandú', '"JOSÉ ñandú", "Jos\\u00e9 \\u00d1and\\u00FA"', `"${FORGOTTEN}", "${FORGOTTEN}"`],
    ['a.b@example.com', '"axb@example.com"', '"axb@example.com"'],
  ])('%s is taken out of %s', (identifier, text, expected) => {
    expect(without(identifier, text)).toBe(expected);
  });

  it('is found in any JSON that holds it, and the JSON stays JSON', () => {
    const person = fc.constantFrom('U012ABC', 'ada.o+x@example.com', 'José (Ñ) Ñandú', 'C^D [x] E');
    fc.assert(
      fc.property(person, fc.string(), fc.string(), (identifier, before, after) => {
        const text = JSON.stringify({ value: `${before} ${identifier} ${after}`, list: [identifier] });
        const clean = without(identifier, text);
        expect(JSON.parse(clean)).toEqual({ value: expect.stringContaining(FORGOTTEN), list: [FORGOTTEN] });
        expect(clean).not.toContain(identifier);
      }),
    );
  });
});

/** Everything that a log holds, as text. */
async function everything({ landing }: TestSession): Promise<string> {
  const streams = ['ticket_fetches', 'identity_mappings', 'error_events', 'redactions'] as const;
  return JSON.stringify(await Promise.all(streams.map((stream) => rowsOf(landing, stream))));
}

/** A log in which a person stands in bodies, in a mapping and in a failure; and who it is. */
async function logWithPerson(source: Source, session: TestSession): Promise<string> {
  await syncOnce(source, session.landing);
  const bodies = (await rowsOf(session.landing, 'ticket_fetches')).map(({ payload }) => String(payload));
  const person = bodies.map((body) => /"requesterId":"(U[0-9A-Z]+)"/.exec(body)?.[1]).find((id) => id !== undefined && bodies.filter((body) => body.includes(id)).length > 1) ?? '';
  await session.landing.append('identity_mappings', [
    { mapping_id: 'm', replaces_mapping_id: null, at: new Date(source.clock.now()), source: 'slack_user', external_id: person, entity_type: 'staff', entity_id: 's1', decided_by: 'ben', reason: `is ${person}` },
  ]);
  await session.landing.append('error_events', [{ correlation_id: 'c', at: new Date(source.clock.now()), code: 'defect', message: `about ${person}.`, detail: null }]);
  return person;
}

describe.each(LANDING_KINDS)('forgetting somebody (%s)', (kind) => {
  it('leaves them nowhere in the log, changes nothing else, and says so in a row', async () => {
    const source = await startSource({ tickets: 30 });
    const session = await sessionWith(source, kind);
    const person = await logWithPerson(source, session);
    const before = await rowsOf(session.landing, 'ticket_fetches');
    const carrying = before.filter(({ payload }) => String(payload).includes(person)).length;
    expect(carrying).toBeGreaterThan(1);

    const report = await forget(session, [person, 'nobody@example.com'], 'asked for it');
    expect(report).toEqual({ [person]: carrying + 2, 'nobody@example.com': 0 });
    expect(await everything(session)).not.toContain(person);
    expect(await rowsOf(session.landing, 'redactions')).toMatchObject([{ external_id_hash: hashOf(person), rows: carrying + 2, reason: 'asked for it' }]);
    expect(await rowsOf(session.landing, 'ticket_fetches')).toEqual(before.map((row) => ({ ...row, payload: row['payload'] === null ? null : String(row['payload']).replaceAll(person, FORGOTTEN) })));

    // The bodies at the source are what they were: nothing is landed anew.
    const again = await syncOnce(source, session.landing);
    expect(again.outcomes.found).toBeUndefined();
    expect(await everything(session)).not.toContain(person);
    expect(await forget(session, [person], null)).toEqual({ [person]: 0 });
  });

  it('is finished by a second call where the first one died half way', async () => {
    const source = await startSource({ tickets: 30 });
    const session = await sessionWith(source, kind);
    const person = await logWithPerson(source, session);
    const dying = { ...session, landing: { ...session.landing, replaceTexts: async (texts: Parameters<typeof session.landing.replaceTexts>[0]) => {
      await session.landing.replaceTexts(texts.slice(0, 1));
      throw new Error('killed');
    } } };
    await expect(forget(dying, [person], null)).rejects.toThrow('killed');
    expect(await everything(session)).toContain(person);
    await forget(session, [person], null);
    expect(await everything(session)).not.toContain(person);
    const rows = (await rowsOf(session.landing, 'redactions', ['at', 'redaction_id'])).map((row) => Number(row['rows']));
    expect(rows).toHaveLength(2);
    expect(rows[1]).toBe(Number(rows[0]) - 1);
  });
});

it('reaches a compacted file and those that it has replaced, and the compaction goes on as before', async () => {
  const source = await startSource({ tickets: 30 });
  const session = await sessionWith(source, 'parquet');
  const person = await logWithPerson(source, session);
  await syncOnce(source, session.landing);
  await compactLanding(session.address, { nowMs: Date.now(), fewestFiles: 2 });
  await forget(session, [person], null);
  expect(await everything(session)).not.toContain(person);
  const { filesRemoved } = await compactLanding(session.address, { nowMs: Date.now() + 2 * 3_600_000, fewestFiles: 2 });
  expect(filesRemoved).toBeGreaterThanOrEqual(2);
  expect(await everything(session)).not.toContain(person);
  expect((await rowsOf(session.landing, 'ticket_fetches')).length).toBeGreaterThanOrEqual(30);
});

it.each(['U01', 'a"b@example.com', ' U0123ABC', 'C:\\Users'])('does not take %j for a person', async (identifier) => {
  const session = await sessionWith(await startSource({ tickets: 1 }), 'parquet');
  await expect(forget(session, [identifier], null)).rejects.toMatchObject({ code: 'usage.invalid' });
});

it('whoever was forgotten is gone from the marts with the next full build, and no ticket is', { timeout: 240_000 }, async () => {
  const source = await startSource({ tickets: 30 });
  const session = await sessionWith(source, 'parquet');
  const duckDb = duckDbWarehouse(temporaryFolder(), session.address);
  const person = await logWithPerson(source, session);
  const tickets = async () => {
    await duckDb.dbt(...MODELS, '--full-refresh', '--select', '+suptask_tickets');
    return (await duckDb.marts.rows('suptask_tickets')).map((row) => Object.values(row).join(' '));
  };
  const before = await tickets();
  expect(before.filter((text) => text.includes(person)).length).toBeGreaterThan(1);
  await forget(session, [person], null);
  const after = await tickets();
  expect([after.length, after.filter((text) => text.includes(person))]).toEqual([before.length, []]);
});
