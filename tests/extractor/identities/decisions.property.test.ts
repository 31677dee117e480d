import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Decision, settle } from '../../../extractor/identities/decisions.ts';
import { landDecisions } from '../../../extractor/identities/land.ts';
import { type Landing } from '../../../extractor/landing/landing.ts';

const ID = { source: 'slack_user', externalId: 'U10001' };

/** A log that two people write to, each deciding on what they last read of it. */
const steps = fc.array(
  fc.record({ operator: fc.constantFrom('ana', 'bo'), reads: fc.boolean(), says: fc.constantFrom('S1', 'S2', null), clockMs: fc.integer({ min: 0, max: 50 }) }),
  { minLength: 1, maxLength: 12 },
);

it('no decision is lost without somebody having seen it, whoever decides when and by whatever clock', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const log: Decision[] = [];
      const seen: Record<string, readonly Decision[]> = { ana: [], bo: [] };
      const seenBy = new Map<string, readonly Decision[]>();
      for (const { operator, reads, says, clockMs } of taken) {
        if (reads) seen[operator] = inOrder(log);
        const before = seen[operator] ?? [];
        const entity = says === null ? null : { type: 'staff' as const, id: says };
        await landDecisions(landingInto(log, before, seenBy), settle(before), [{ ...ID, entity, reason: 'r' }], operator, clockMs);
        if (reads) seen[operator] = inOrder(log);
      }
      const settled = settle(inOrder(log)).get('slack_user U10001');
      const standing = new Set(settled?.standing);
      for (const decision of log.filter((one) => !standing.has(one))) {
        const replacedBy = log.filter(({ replacesMappingId }) => replacesMappingId === decision.mappingId);
        expect(replacedBy.length).toBeGreaterThan(0);
        for (const { mappingId } of replacedBy) expect(seenBy.get(mappingId)).toContain(decision);
      }
      const said = new Set([...standing].map(({ entityId }) => entityId));
      expect(settled?.isConflicting).toBe(said.size > 1);

      await landDecisions(landingInto(log, log, seenBy), settle(inOrder(log)), [{ ...ID, entity: { type: 'staff', id: 'S9' }, reason: 'settled' }], 'ana', 0);
      const after = settle(inOrder(log)).get('slack_user U10001');
      expect([after?.isConflicting, after?.newest.entityId]).toEqual([false, 'S9']);
    }),
  );
});

function inOrder(log: readonly Decision[]): Decision[] {
  return log.toSorted((a, b) => a.atMs - b.atMs || (a.mappingId < b.mappingId ? -1 : 1));
}

function landingInto(log: Decision[], seen: readonly Decision[], seenBy: Map<string, readonly Decision[]>): Landing {
  const append = async (_: string, rows: readonly Record<string, unknown>[]) => {
    for (const row of rows) {
      const decision = {
        mappingId: row['mapping_id'], replacesMappingId: row['replaces_mapping_id'], atMs: (row['at'] as Date).getTime(), source: row['source'],
        externalId: row['external_id'], entityType: row['entity_type'], entityId: row['entity_id'], decidedBy: row['decided_by'], reason: row['reason'],
      } as Decision;
      log.push(decision);
      seenBy.set(decision.mappingId, seen);
    }
  };
  return { append } as unknown as Landing;
}
