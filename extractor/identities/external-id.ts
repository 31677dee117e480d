import { SuptaskError } from '../errors.ts';

export type EntityType = 'staff' | 'partner';

/** An id of another system: of a Slack user or channel, a ticket, … */
export interface ExternalId {
  source: string;
  externalId: string;
}

/** Kinds of ids whose form tells what they are, and whose they can be. A source that is not here may be anybody's. */
const KINDS: readonly { source: string; form: RegExp; example: string; entityTypes: readonly EntityType[] }[] = [
  { source: 'slack_user', form: /^[UW][A-Z0-9]{4,20}$/, example: 'U024BE7LH', entityTypes: ['staff'] },
  { source: 'slack_channel', form: /^[CG][A-Z0-9]{4,20}$/, example: 'C024BE91L', entityTypes: ['partner'] },
  { source: 'suptask_ticket', form: /^[^\s:]+:[1-9]\d{0,8}$/, example: 'T02ABC:42', entityTypes: ['staff', 'partner'] },
  { source: 'google_workspace_user', form: /^[^\s@]+@[^\s@]+$|^\d{5,30}$/, example: 'ana@example.com', entityTypes: ['staff'] },
];

const EXAMPLES = KINDS.slice(0, 3).map(({ source, example }) => `${example} (${source})`).join(', ');

/** One text for one id, to find it by. */
export function keyOf({ source, externalId }: ExternalId): string {
  return `${source} ${externalId}`;
}

/** Whose an id of this source can be. */
export function entityTypesOf(source: string): readonly EntityType[] {
  return KINDS.find((kind) => kind.source === source)?.entityTypes ?? ['staff', 'partner'];
}

/**
 * What an id is: of the source that is named, else of the one that its form tells.
 * @throws SuptaskError `usage.invalid` where it is none
 */
export function readExternalId(text: string, source?: string): ExternalId {
  const externalId = text.trim();
  const named = source?.trim().toLowerCase();
  if (externalId === '') throw invalid('The id is empty.', `Name one, such as ${EXAMPLES}.`);
  if (named === undefined || named === '') {
    const kind = KINDS.slice(0, 3).find(({ form }) => form.test(externalId));
    if (kind) return { source: kind.source, externalId };
    throw invalid(`${externalId} is neither a Slack user, a Slack channel nor a ticket.`, `Those look like ${EXAMPLES}; an id of another kind needs its source (--source).`);
  }
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(named)) throw invalid(`${source} is no source of ids.`, 'A source is a word such as slack_user or google_workspace_user.');
  const kind = KINDS.find((known) => known.source === named);
  if (kind && !kind.form.test(externalId)) throw invalid(`${externalId} is no ${named}.`, `One looks like ${kind.example}.`);
  return { source: named, externalId };
}

/** A mistake of whoever typed it. */
export function invalid(message: string, remedy: string): SuptaskError {
  return new SuptaskError('usage.invalid', message, remedy);
}
