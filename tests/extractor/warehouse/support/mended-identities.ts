import { vi } from 'vitest';
import { readDecisions, type Decisions } from '../../../../extractor/identities/decisions.ts';
import { landDecisions } from '../../../../extractor/identities/land.ts';
import { createLanding, type LandingStore } from '../../../../extractor/landing/landing.ts';
import { createCast, type StaffMember } from '../../../../extractor/simulator/cast.ts';
import { SimulatedClock } from '../../../../extractor/simulator/clock.ts';
import type { TicketTruth } from '../../../../extractor/simulator/truth.ts';
import { identities } from '../../identities/support/command-line.ts';
import type { DuckDbWarehouse } from './warehouse.ts';

const { staff, staffBySlackId } = createCast();

const member = (identity: StaffMember['identity']): StaffMember => {
  const found = staff.find((one) => one.identity === identity);
  if (found === undefined) throw new Error(`nobody is ${identity}`);
  return found;
};

/** A Slack user whom no list has, and whom an operator first took for somebody else. */
export const mistaken = {
  slackUserId: member('unlisted').slackUserIds[0],
  rightly: member('unlisted').staffId,
  wrongly: member('by_email').staffId,
} as const;

/** Lands the operator's mistake. */
export async function landMistake(store: LandingStore, atMs: number): Promise<void> {
  const landing = createLanding(store, 'default', new SimulatedClock(atMs));
  const entity = { type: 'staff', id: mistaken.wrongly } as const;
  await landDecisions(landing, new Map(), [{ source: 'slack_user', externalId: mistaken.slackUserId, entity, reason: 'looked like her' }], 'ana', atMs);
}

/** What was typed, in order, to mend what the first build could not tell, and what was answered. */
export interface Mended {
  commands: string[];
  answers: string[];
  decisions: Decisions;
}

/** Mends the identities of the demo as docs/identities.md tells it; between its commands there is a build. */
export async function mendIdentities({ exports }: DuckDbWarehouse, store: LandingStore, landing: string, atMs: number): Promise<Mended> {
  const mended: Pick<Mended, 'commands' | 'answers'> = { commands: [], answers: [] };
  const type = async (...words: string[]) => {
    mended.commands.push(`suptask identities ${words.join(' ')}`);
    mended.answers.push(await identities(...words));
  };
  for (const [name, value] of Object.entries({ SUPTASK_PROFILE: '', SUPTASK_LANDING: landing, SUPTASK_EXPORTS: exports, DBT_TARGET: 'duckdb' })) vi.stubEnv(name, value);
  vi.useFakeTimers({ toFake: ['Date'], now: atMs });
  try {
    await type('list');
    await type('suggest');
    await type('accept', '--min-confidence', '0.9');
    await type('explain', mistaken.slackUserId);
    await type('map', mistaken.slackUserId, mistaken.rightly, '--replace', '--reason', 'asked his team lead');
    return { ...mended, decisions: await readDecisions(createLanding(store, 'default', new SimulatedClock(atMs))) };
  } finally {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  }
}

/** How a requester must come out. */
export interface Outcome {
  outcome: string;
  staff_id: string | null;
  reason: string | null;
}

/** What is true of a requester, as far as it can be known from the given tables, the ticket and what was decided (staff by Slack id). */
export function trueOutcome({ requester }: TicketTruth, decided: ReadonlyMap<string, string>): Outcome {
  const { slackUserId, kind, staffId } = requester;
  const resolved = (id: string | null): Outcome => ({ outcome: 'resolved', staff_id: id, reason: null });
  const unresolved = (reason: string): Outcome => ({ outcome: 'unresolved', staff_id: null, reason });
  const decision = slackUserId === null ? undefined : decided.get(slackUserId);
  if (decision !== undefined) return resolved(decision);
  if (kind === 'guest' || kind === 'connect' || kind === 'bot') return { outcome: 'not_staff', staff_id: null, reason: null };
  if (slackUserId === null) return staffId === null ? unresolved('blank') : resolved(staffId);
  const reasons: Partial<Record<StaffMember['identity'], string>> = { shared_email: 'ambiguous_email', deactivated: 'deactivated', unmapped: 'unmapped', unlisted: 'unmapped' };
  const identity = staffBySlackId.get(slackUserId)?.identity;
  const reason = identity && reasons[identity];
  return reason ? unresolved(reason) : resolved(staffId);
}
