import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoOptions } from '../../../../extractor/operations/demo-workspace.ts';
import type { TicketTruth } from '../../../../extractor/simulator/truth.ts';
import { createCast } from '../../../../extractor/simulator/cast.ts';
import type { DemoStory } from './demo-story.ts';
import type { MartRow } from './marts.ts';
import { mistaken, trueOutcome } from './mended-identities.ts';

type Engine = 'DuckDB' | 'PostgreSQL';

/** What is claimed of the people in the demo's world: before anybody mended anything, and after. */
export function describePeople(engines: readonly Engine[], story: () => DemoStory): void {
  describe.each(engines)('who asked and who answers in the demo’s world, on %s', (engine) => {
    let truths: Map<number, TicketTruth>;
    const before = (name: string): MartRow[] => story().lived[engine][name] ?? [];
    const after = (name: string): MartRow[] => story().known[engine][name] ?? [];
    const mistake = new Map<string, string>([[mistaken.slackUserId, mistaken.wrongly]]);

    beforeAll(() => {
      truths = new Map(story().truth.tickets.map((ticket) => [ticket.number, ticket]));
    });

    it('is told of every ticket as the truth has it: no wrong name, and every reason right', () => {
      expect(wrongly(before('identity_resolution'), truths, mistake)).toEqual([]);
      expect(before('identity_resolution').length).toBeGreaterThan(1.9 * demoOptions.tickets);
    });

    it('is told as operators decided, once that is built, and of everybody else as before', () => {
      const decided = new Map([...story().mended.decisions.values()].flatMap(({ newest }) => (newest.entityId === null ? [] : [[newest.externalId, newest.entityId] as const])));
      const { staffBySlackId } = createCast();
      expect([...decided].filter(([id, staffId]) => staffBySlackId.get(id)?.staffId !== staffId)).toEqual([]);
      expect(wrongly(after('identity_resolution'), truths, decided)).toEqual([]);
    });

    it('is known of more than 95 % of the requesters after fewer than ten commands', () => {
      expect(shareKnown(before('identity_resolution_rate'))).toBeLessThan(0.92);
      expect(shareKnown(after('identity_resolution_rate'))).toBeGreaterThan(0.95);
      expect(story().mended.commands.length + 2).toBeLessThan(10);
    });

    it('was mended by the commands of the README', () => {
      const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
      const told = story().mended.commands.filter((command) => !command.includes(' explain ')).map((command) => command.replace(/ --replace.*/, ''));
      expect(told.filter((command) => !readme.includes(`npx ${command}`))).toEqual([]);
    });

    it('leaves no trace of a mistake in any mart, and the decision against it in the mappings', () => {
      const traces = (rows: MartRow[]) => rows.filter(({ external_id, staff_id }) => external_id === mistaken.slackUserId && staff_id === mistaken.wrongly).length;
      expect(traces(before('identity_resolution'))).toBeGreaterThan(5);
      expect(traces(after('identity_resolution'))).toBe(0);
      expect(after('entity_external_ids').filter(({ external_id }) => external_id === mistaken.slackUserId)).toMatchObject([
        { entity_id: mistaken.rightly, origin: 'decision', reason: 'asked his team lead', is_conflicting: false },
      ]);
    });

    it('reads the decisions in the warehouse as the command line does', () => {
      const told = after('entity_external_ids')
        .filter(({ origin }) => origin === 'decision')
        .map(({ source, external_id, mapping_id, entity_id, is_conflicting }) => [`${source} ${external_id}`, [mapping_id, entity_id, is_conflicting]]);
      const settled = [...story().mended.decisions].map(([key, { newest, isConflicting }]) => [key, [newest.mappingId, isConflicting ? null : newest.entityId, isConflicting]]);
      expect(Object.fromEntries(told)).toEqual(Object.fromEntries(settled));
      expect(settled.length).toBeGreaterThan(5);
    });

    it('queues whoever is left, each for the right reason, and suggests nobody wrong', () => {
      const { staffBySlackId } = createCast();
      const queue = before('unresolved_identities');
      const suggested = queue.filter(({ suggested_staff_id }) => suggested_staff_id !== null);
      expect(suggested.length).toBeGreaterThan(5);
      expect(suggested.filter(({ external_id, suggested_staff_id }) => staffBySlackId.get(String(external_id))?.staffId !== suggested_staff_id)).toEqual([]);
      expect(new Set(after('unresolved_identities').map(({ reason }) => reason))).toEqual(new Set(['blank']));
    });
  });
}

/** Resolutions that are not what is true. */
function wrongly(rows: readonly MartRow[], truths: ReadonlyMap<number, TicketTruth>, decided: ReadonlyMap<string, string>): unknown[] {
  return rows.flatMap((row) => {
    const truth = truths.get(Number(row['ticket_number']));
    if (!truth || row['role'] !== 'requester') return [];
    const { outcome, staff_id, reason } = row;
    const truly = trueOutcome(truth, decided);
    const same = truly.outcome === outcome && truly.staff_id === staff_id && truly.reason === reason;
    return same ? [] : [{ number: truth.number, told: { outcome, staff_id, reason }, truly }];
  });
}

function shareKnown(rates: readonly MartRow[]): number {
  const counted = rates.filter(({ role, source }) => role === 'requester' && source === 'slack');
  const sum = (name: string) => counted.reduce((total, row) => total + Number(row[name]), 0);
  return sum('resolved') / (sum('resolved') + sum('unresolved'));
}
