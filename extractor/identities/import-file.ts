import { type CsvLine, type Fault } from './csv-file.ts';
import { type Decisions } from './decisions.ts';
import { type EntityType, readExternalId } from './external-id.ts';
import { createJudge, findMeant, type Permission, type Proposal } from './proposal.ts';
import { type Register } from './register.ts';
import { SuptaskError } from '../errors.ts';

/** What a file says, judged: to be landed as a whole where it has no fault. */
export interface JudgedFile {
  proposals: Proposal[];
  /** Rows that say what stands already. */
  unchanged: number;
  /** Rows that name nobody: left to be filled in. */
  leftBlank: number;
  /** What cannot be: an unknown person, an id that is none. */
  faults: Fault[];
  /** What contradicts what is known. */
  refusals: Fault[];
}

/** The columns that a file must have. */
export const REQUIRED_COLUMNS = ['external_id', 'entity_id'] as const;

/** Judges the rows of a file in their order; `reason` is for those that give none. */
export function judgeFile(
  lines: readonly CsvLine[],
  register: Register,
  decisions: Decisions,
  permission: Permission,
  reason: string | undefined,
): JudgedFile {
  const judged: JudgedFile = { proposals: [], unchanged: 0, leftBlank: 0, faults: [], refusals: [] };
  const judge = createJudge(register, decisions, permission);
  for (const { line, cells } of lines) {
    if (cells['entity_id'] === '') {
      judged.leftBlank += 1;
      continue;
    }
    const proposal = toProposal(cells, register, reason);
    if ('what' in proposal) {
      judged.faults.push({ line, what: proposal.what });
      continue;
    }
    const judgement = judge(proposal);
    if (judgement.kind === 'decide') judged.proposals.push(...judgement.proposals);
    else if (judgement.kind === 'unchanged') judged.unchanged += 1;
    else judged.refusals.push({ line, what: `${judgement.why} ${judgement.remedy}` });
  }
  return judged;
}

function toProposal(cells: CsvLine['cells'], register: Register, reason: string | undefined): Proposal | { what: string } {
  try {
    const { external_id: id = '', entity_id: wanted = '', source, entity_type: type } = cells;
    const external = readExternalId(id, source);
    if (type && type !== 'staff' && type !== 'partner') return { what: `${type} is no entity_type; it is staff or partner` };
    const entity = findMeant(register, external.source, wanted, type ? (type as EntityType) : undefined);
    if ('why' in entity) return { what: entity.why };
    const why = cells['reason'] || reason;
    if (!why) return { what: 'it gives no reason, neither in a column reason nor by --reason' };
    return { ...external, entity: { type: entity.type, id: entity.id }, reason: why };
  } catch (thrown) {
    if (thrown instanceof SuptaskError) return { what: thrown.message.replace(/\.$/, '') };
    throw thrown;
  }
}
