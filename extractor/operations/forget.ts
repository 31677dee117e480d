import { createHash } from 'node:crypto';
import { newId } from '../ids.ts';
import { SuptaskError } from '../errors.ts';
import type { FoundText, TextPattern } from '../landing/found-text.ts';
import type { Session } from '../session.ts';
import { underLease } from '../sync/lease.ts';
import { currentUser } from '../sync/operator-requests.ts';

/** What stands where a person stood. */
export const FORGOTTEN = '[forgotten]';

/** Shorter than this a text says nobody, and would be found everywhere. */
const FEWEST_CHARACTERS = 5;

/** How many rows carried each identifier. */
export type ForgetReport = Record<string, number>;

/**
 * Takes a person out of the landing log: every text of every stream in which one of these identifiers
 * stands (a Slack id, an e-mail address, a name) is rewritten. How much is to be rewritten is landed
 * first, so that a crash at any point leaves a row that says so, and a second call does the rest.
 * @throws SuptaskError `usage.invalid` for what identifies nobody, `lease.held` while a run is under way
 */
export async function forget({ landing, clock }: Session, identifiers: readonly string[], reason: string | null): Promise<ForgetReport> {
  for (const identifier of identifiers) refuseWhatIsNobody(identifier);
  return await underLease(landing, clock, async (lost) => {
    const report: ForgetReport = {};
    for (const identifier of identifiers) {
      const { core, exactly } = patternsOf(identifier);
      const found = await landing.findTexts(core);
      const changed = found.flatMap((place): FoundText[] => {
        const text = place.text.replaceAll(exactly, FORGOTTEN);
        return text === place.text ? [] : [{ ...place, text }];
      });
      report[identifier] = new Set(changed.map(({ stream, id }) => `${stream} ${id}`)).size;
      lost.throwIfAborted();
      if (changed.length === 0) continue;
      await landing.append('redactions', [
        { redaction_id: newId(), at: new Date(clock.now()), external_id_hash: hashOf(identifier), rows: report[identifier], by: currentUser(), reason },
      ]);
      await landing.replaceTexts(changed);
    }
    return report;
  });
}

/** What a `redactions` row calls an identifier: sha-256 of it in small letters, hexadecimal. */
export function hashOf(identifier: string): string {
  return createHash('sha256').update(identifier.toLowerCase()).digest('hex');
}

function refuseWhatIsNobody(identifier: string): void {
  if (identifier.trim().length >= FEWEST_CHARACTERS && identifier === identifier.trim() && !/["\\\p{Cc}]/u.test(identifier)) return;
  throw new SuptaskError(
    'usage.invalid',
    `What identifies a person has at least ${FEWEST_CHARACTERS} characters, and neither quotes nor backslashes.`,
    'Give a Slack id (U0123ABCD), an e-mail address or a full name, each as one argument.',
  );
}

/**
 * An identifier as a database finds it (`core`, wherever it stands), and as it is taken out
 * (`exactly`: not as a part of another word or address). An address is found with any tag after a
 * plus; letters beyond ASCII are found written as JSON escapes, too.
 */
export function patternsOf(identifier: string): { core: TextPattern; exactly: RegExp } {
  const isAddress = /^[^@\s]+@[^@\s]+$/.test(identifier);
  const [local = '', domain = ''] = identifier.split('@');
  const core = isAddress ? `${spelled(local)}([+][^@ "]*)?@${spelled(domain)}` : spelled(identifier);
  const joined = isAddress ? String.raw`[\p{L}\p{N}._%+-]` : String.raw`[\p{L}\p{N}_]`;
  // In JSON a letter may be the end of an escape: in "\nada@example.com" no n stands before ada.
  const before = String.raw`(?<=^|(?!${joined})[\s\S]|\\[bfnrt]|\\u[0-9a-fA-F]{4})`;
  const after = String.raw`(?![\p{L}\p{N}_]|[.-][\p{L}\p{N}])`;
  return { core, exactly: new RegExp(`${before}(?:${core})${after}`, 'giu') };
}

/** A text as a pattern, character by character: what has a meaning in patterns stands for itself. */
function spelled(text: string): string {
  return Array.from(text, (character) => {
    if (character > '\u007F') return `(${character}|${jsonEscapes(character)})`;
    if ('[]^'.includes(character)) return `\\${character}`;
    return '.*+?(){}|$'.includes(character) ? `[${character}]` : character;
  }).join('');
}

/** A character as JSON may write it, as a pattern. */
function jsonEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, place) => `[\\\\]u${character.charCodeAt(place).toString(16).padStart(4, '0')}`).join('');
}
