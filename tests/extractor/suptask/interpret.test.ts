import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRedactor, Secret } from '../../../extractor/secret.ts';
import { excerpt, interpret } from '../../../extractor/suptask/interpret.ts';

const TOKEN = 'token-of-the-tests';
const redact = createRedactor([new Secret(TOKEN)]);
const read = (status: number, body: string | Buffer) => {
  const answer = interpret(42, status, Buffer.from(body), redact);
  return 'payload' in answer ? { ...answer, payload: answer.payload.toString() } : answer;
};
const ticket = '{ "ticketNumber": "42",\n "status": "Open", "later": 1e400, "x": "\\u00e9" }';

describe('an answer to a read', () => {
  it('is the ticket: its text to the letter, the hash of it, and its envelope', () => {
    const payloadHash = createHash('sha256').update(ticket).digest('hex');
    const envelope = { number: 42, teamId: null, status: 'Open', updatedAtMs: null, createdAtMs: null };
    expect(read(200, ticket)).toEqual({ outcome: 'found', payload: ticket, payloadHash, envelope });
  });

  it('is repaired and redacted before it is hashed, so that the hash is that of what is stored', () => {
    const answer = read(200, `{"ticketNumber":42,"a":"\\u0000","b":"said ${TOKEN}"}`);
    const payload = '{"ticketNumber":42,"a":"\\uFFFD","b":"said [redacted]"}';
    expect(answer).toMatchObject({ payload, payloadHash: createHash('sha256').update(payload).digest('hex') });
  });

  it('reads past a byte order mark and bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFF{"ticketNumber":42,"a":"'), Buffer.from([0xff, 0xc3]), Buffer.from('"}')]);
    expect(read(200, bytes)).toMatchObject({ outcome: 'found', payload: '{"ticketNumber":42,"a":"\uFFFD\uFFFD"}' });
  });

  it.each<[number, string]>([
    [404, 'not_found'],
    [410, 'not_found'],
    [403, 'forbidden'],
    [429, 'rate_limited'],
    [401, 'unauthorized'],
    [400, 'unauthorized'],
    [500, 'server_error'],
    [502, 'server_error'],
    [599, 'server_error'],
    [201, 'invalid_payload'],
    [204, 'invalid_payload'],
    [301, 'invalid_payload'],
    [418, 'invalid_payload'],
  ])('with status %d is %s, with the beginning of what it said', (status, outcome) => {
    expect(read(status, '{"message":  "no"}')).toEqual({ outcome, error: `HTTP ${status} {"message": "no"}` });
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'not JSON:'],
    ['a page', '<html>', 'not JSON: <html>'],
    ['a ticket cut off', ticket.slice(0, 20), 'not JSON: { "ticketNumber": "4'],
    ['a list', '[]', 'a ticket without its number: []'],
    ['a ticket without number', '{"status":"Open"}', 'a ticket without its number: {"status":"Open"}'],
    ['another ticket', '{"ticketNumber":43}', 'asked for 42, got 43: {"ticketNumber":43}'],
  ])('that is %s is an invalid payload', (_, body, error) => {
    expect(read(200, body)).toEqual({ outcome: 'invalid_payload', error });
  });
});

describe('the excerpt of an answer', () => {
  it('is one line of at most 300 characters, without half a character at its end', () => {
    expect(excerpt('a\n\t b  c ', redact)).toBe('a b c');
    expect(excerpt('\u001B[2Jgone \u009B31mred\u0007', redact)).toBe('[2Jgone 31mred');
    const long = excerpt(`${'x'.repeat(299)}😀${'y'.repeat(50)}`, redact);
    expect(long).toBe(`${'x'.repeat(299)}\uFFFD`);
    expect(excerpt('x'.repeat(10_000), redact)).toHaveLength(300);
  });

  it('is redacted before it is cut, so that no part of the token is left at the end', () => {
    expect(excerpt(`${'x'.repeat(290)}${TOKEN}`, redact)).toBe(`${'x'.repeat(290)}[redacted]`);
    expect(excerpt(`${'x'.repeat(295)}${TOKEN}`, redact)).toBe(`${'x'.repeat(295)}[reda`);
  });
});
