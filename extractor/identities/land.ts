import { newId } from '../ids.ts';
import type { Landing } from '../landing/landing.ts';
import type { Row } from '../landing/streams.ts';
import { type Decisions } from './decisions.ts';
import { entityTypesOf, keyOf } from './external-id.ts';
import { type Proposal } from './proposal.ts';

/**
 * Lands proposals as decisions, all of them or none. Each replaces what stands on its id; where
 * several stand, it takes a row for each. Whoever decides at the same moment replaces the same ones,
 * so that both decisions stand and nothing is overwritten.
 */
export async function landDecisions(landing: Landing, decisions: Decisions, proposals: readonly Proposal[], by: string, nowMs: number): Promise<void> {
  const rows = proposals.flatMap((proposal): Row<'identity_mappings'>[] => {
    const { source, externalId, entity, reason } = proposal;
    const decided = decisions.get(keyOf(proposal));
    const standing = decided?.standing.map(({ mappingId }) => mappingId) ?? [null];
    return standing.map((replaced) => ({
      mapping_id: newId(),
      replaces_mapping_id: replaced,
      // Later than what it replaces, also where another machine's clock runs ahead.
      at: new Date(Math.max(nowMs, ...(decided?.standing.map(({ atMs }) => atMs + 1) ?? []))),
      source,
      external_id: externalId,
      entity_type: entity?.type ?? decided?.newest.entityType ?? entityTypesOf(source)[0] ?? 'staff',
      entity_id: entity?.id ?? null,
      decided_by: by,
      reason,
    }));
  });
  await landing.append('identity_mappings', rows);
}
