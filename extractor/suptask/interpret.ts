import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { Outcome } from '../landing/streams.ts';
import type { Redact } from '../secret.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { repairText } from './repair.ts';

/** How much of a refused or unreadable answer is kept. */
const EXCERPT_CHARACTERS = 300;

/** What an answer says of a ticket. `found` has the body to store in UTF-8, its sha-256 and its envelope. */
export type Interpretation =
  | { outcome: 'found'; payload: Buffer; payloadHash: string; envelope: Envelope }
  | { outcome: Exclude<Outcome, 'found' | 'unchanged'>; error: string };

/** The beginning of a text, on one line, repaired and redacted, without what would command a terminal, at most 300 characters. */
export function excerpt(text: string, redact: Redact): string {
  const line = redact(repairText(text)).replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.slice(0, EXCERPT_CHARACTERS).toWellFormed();
}

const utf8 = new TextDecoder();

/** Decides what an HTTP answer to `GET /ticket/{number}` means. Pure; throws nothing. */
export function interpret(number: number, status: number, body: Buffer, redact: Redact): Interpretation {
  const text = utf8.decode(body);
  if (status === 200) return interpretBody(number, body, text, redact);
  return { outcome: refusal(status), error: excerpt(`HTTP ${status} ${text}`, redact) };
}

function refusal(status: number): Exclude<Outcome, 'found' | 'unchanged'> {
  if (status === 404 || status === 410) return 'not_found';
  if (status === 403) return 'forbidden';
  if (status === 429) return 'rate_limited';
  // A whole number is never malformed, so 400 speaks of the header that carries the token.
  if (status === 401 || status === 400) return 'unauthorized';
  if (status >= 500) return 'server_error';
  return 'invalid_payload';
}

function interpretBody(number: number, body: Buffer, text: string, redact: Redact): Interpretation {
  const invalid = (why: string): Interpretation => ({
    outcome: 'invalid_payload',
    error: excerpt(`${why}: ${text}`, redact),
  });
  const clean = redact(repairText(text));
  let ticket: unknown;
  try {
    ticket = JSON.parse(clean);
  } catch {
    return invalid('not JSON');
  }
  const envelope = readEnvelope(ticket);
  if (!envelope) return invalid('a ticket without its number');
  if (envelope.number !== number) return invalid(`asked for ${number}, got ${envelope.number}`);
  const payload = clean === text && isPlainUtf8(body) ? body : Buffer.from(clean);
  const payloadHash = hash('sha256', payload);
  return { outcome: 'found', payload, payloadHash, envelope };
}

/** Whether a body is stored as it came: not where a byte order mark precedes it, or bytes in it are no text. */
function isPlainUtf8(body: Buffer): boolean {
  return body[0] !== 0xef && isUtf8(body);
}
