import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRedactor, Secret } from '../../../extractor/secret.ts';

const VALUE = 'pa$$/w+ör"d\\1';
const secret = new Secret(VALUE);

describe('a secret', () => {
  it.each<[string, () => string]>([
    ['a template', () => `${String(secret)}, ${(secret as unknown as string)}`],
    ['a sum', () => 'token ' + (secret as unknown as string)],
    ['a join', () => [secret].join()],
    ['JSON', () => JSON.stringify({ nested: [{ secret }] })],
    ['inspect', () => inspect(secret)],
    ['inspect of what holds it, hidden parts shown', () => inspect({ a: [{ secret }] }, { showHidden: true, depth: 9 })],
    ['a format', () => format('%s %o %O %j', secret, secret, secret, secret)],
    ['an error that names it', () => new Error(`no entry with ${String(secret)}`, { cause: secret }).message],
    ['a spread', () => JSON.stringify(Object.assign({}, secret))],
    ['its own names', () => JSON.stringify(Object.getOwnPropertyNames(secret))],
    ['a clone', () => inspect(structuredClone(secret))],
  ])('does not show in %s', (_, print) => {
    expect(print()).not.toContain('w+');
  });

  it('is told to who asks for it by name', () => {
    expect(secret.reveal()).toBe(VALUE);
  });
});

describe('the redactor', () => {
  const redact = createRedactor([secret, new Secret('second-one'), new Secret('second-one-longer'), new Secret('')]);

  it.each<[string, string]>([
    ['as it is', VALUE],
    ['in JSON', JSON.stringify(VALUE).slice(1, -1)],
    ['in JSON with its slashes escaped', JSON.stringify(VALUE).slice(1, -1).replaceAll('/', '\\/')],
    ['in an address', encodeURIComponent(VALUE)],
    ['in base64', Buffer.from(VALUE).toString('base64')],
  ])('finds a secret spelled %s', (_, spelling) => {
    expect(redact(`a ${spelling} b ${spelling}`)).toBe('a [redacted] b [redacted]');
  });

  it('leaves no rest of a longer secret that begins with a shorter one', () => {
    expect(redact('second-one-longer, second-one')).toBe('[redacted], [redacted]');
  });

  it('lets everything else stand', () => {
    const text = '{"a": "second", "b": "[x]", "$&": "one"}';
    expect(redact(text)).toBe(text);
    expect(createRedactor([new Secret('ab'), new Secret('')])('abc')).toBe('abc');
  });

  it('takes a secret for what it is, not for a pattern', () => {
    expect(createRedactor([new Secret('.*$&')])('abc .*$& x')).toBe('abc [redacted] x');
  });
});
