import type { Landing, Scalar } from '../landing/landing.ts';
import { type EntityType, type ExternalId, keyOf } from './external-id.ts';

/** One decision of a person, as it was landed. */
export interface Decision extends ExternalId {
  mappingId: string;
  replacesMappingId: string | null;
  atMs: number;
  entityType: EntityType;
  /** Null: nobody any longer. */
  entityId: string | null;
  decidedBy: string;
  reason: string | null;
}

/** What was decided on one id. The warehouse has the same by int_identity_decisions; a test holds them equal. */
export interface DecidedId {
  /** Every decision, oldest first. */
  history: readonly Decision[];
  /** Those that no other has replaced; several, where people decided at once. */
  standing: readonly Decision[];
  /** Those that stand disagree: the id is nobody's until somebody replaces them all. */
  isConflicting: boolean;
  /** The newest of those that stand. */
  newest: Decision;
}

/** What was decided, by the key of the id. */
export type Decisions = ReadonlyMap<string, DecidedId>;

const COLUMNS = ['mapping_id', 'replaces_mapping_id', 'at', 'source', 'external_id', 'entity_type', 'entity_id', 'decided_by', 'reason'] as const;

/** All decisions of the landing log, through whichever connection they came. */
export async function readDecisions(landing: Landing): Promise<Decisions> {
  const decisions: Decision[] = [];
  for await (const chunk of landing.read({ stream: 'identity_mappings', columns: COLUMNS, orderBy: ['at', 'mapping_id'], workspace: null })) {
    decisions.push(...chunk.map(toDecision));
  }
  return settle(decisions);
}

/** Decisions, oldest first, by the id that they speak of, and which of them stand. */
export function settle(decisions: readonly Decision[]): Decisions {
  const replaced = new Set(decisions.map(({ replacesMappingId }) => replacesMappingId));
  const settled = new Map<string, DecidedId>();
  for (const [key, history] of Map.groupBy(decisions, keyOf)) {
    const standing = history.filter(({ mappingId }) => !replaced.has(mappingId));
    const newest = standing.at(-1);
    if (newest === undefined) continue;
    const isConflicting = new Set(standing.map(({ entityType, entityId }) => entityId && `${entityType}:${entityId}`)).size > 1;
    settled.set(key, { history, standing, isConflicting, newest });
  }
  return settled;
}

function toDecision(values: readonly Scalar[]): Decision {
  const [mappingId, replacesMappingId, atMs, source, externalId, entityType, entityId, decidedBy, reason] = values as [
    string, string | null, number, string, string, EntityType, string | null, string, string | null,
  ];
  return { mappingId, replacesMappingId, atMs, source, externalId, entityType, entityId, decidedBy, reason };
}
