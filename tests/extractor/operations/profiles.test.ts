import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../extractor/config.ts';
import { environmentOf, profileNames } from '../../../extractor/profiles.ts';
import { temporaryFolder } from '../support/folder.ts';

function written(config: unknown): { SUPTASK_CONFIG: string } {
  const path = join(temporaryFolder(), 'profiles.json');
  writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config));
  return { SUPTASK_CONFIG: path };
}

describe('a profile', () => {
  const environment = () => ({
    ...written({ profiles: { acme: { SUPTASK_LANDING: 'landing-acme', SUPTASK_RATE_LIMIT: 50, SUPTASK_API_AUTH_SCHEME: 'bearer' }, globex: {} } }),
    SUPTASK_API_TOKEN: 'token-of-nobody',
    SUPTASK_WORKSPACE: 'nobody',
    SUPTASK_RATE_LIMIT: '90',
    SUPTASK_EXPORTS: 'everyone',
    SUPTASK_API_TOKEN__ACME: 'token-of-acme',
    SUPTASK_RATE_LIMIT__ACME: '40',
    SUPTASK_API_TOKEN__INITECH: 'token-of-initech',
  });

  it('takes its own settings first, then the file’s, then everyone’s', () => {
    const settings = readSettings(environmentOf('acme', environment()));
    expect(settings).toMatchObject({ workspace: 'acme', rateLimit: 40, landing: { folder: expect.stringMatching(/landing-acme$/) }, exports: expect.stringMatching(/everyone$/) });
    expect([settings.source().token.reveal(), settings.source().authScheme]).toEqual(['token-of-acme', 'bearer']);
  });

  it('is never given the token of another one', () => {
    const settings = readSettings(environmentOf('initech', { ...environment(), SUPTASK_API_TOKEN__INITECH: undefined, SUPTASK_RATE_LIMIT__INITECH: '9' }));
    expect(() => settings.source()).toThrow('SUPTASK_API_TOKEN is not set');
  });

  it('keeps its secrets from being printed, and those of the others', () => {
    const texts = readSettings(environmentOf('acme', environment())).secrets.map((secret) => secret.reveal());
    expect(texts).toEqual(expect.arrayContaining(['token-of-acme', 'token-of-initech']));
  });

  it('is known by the file or by its token', () => {
    expect(profileNames(environment())).toEqual(['acme', 'globex', 'initech']);
    expect(() => environmentOf('umbrella', environment())).toThrow('There is no profile umbrella.');
  });
});

describe('a config file', () => {
  it.each<[string, unknown, string]>([
    ['a token', { profiles: { acme: { SUPTASK_API_TOKEN: 'wrong' } } }, 'holds a secret: SUPTASK_API_TOKEN of the profile acme'],
    ['a webhook', { profiles: { acme: { SUPTASK_ALERT_WEBHOOK_URL: 'https://wrong' } } }, 'holds a secret: SUPTASK_ALERT_WEBHOOK_URL'],
    ['a password in an address', { profiles: { acme: { SUPTASK_LANDING: 'postgres://me:wrong@host/db' } } }, 'holds a secret: SUPTASK_LANDING'],
    ['a password in an address’s query', { profiles: { acme: { SUPTASK_LANDING: 'postgres://me@host/db?password=wrong' } } }, 'holds a secret: SUPTASK_LANDING'],
    ['no profiles', { acme: {} }, 'is not a list of profiles'],
    ['a strange name', { profiles: { 'Acme!': {} } }, 'a profile has a name such as acme'],
    ['a strange setting', { profiles: { acme: { token: 'wrong' } } }, 'a setting has a name such as'],
    ['no JSON', '{', 'cannot be read'],
  ])('with %s is refused, and its values are not told', (_, config, message) => {
    const read = () => profileNames(written(config));
    expect(read).toThrow(message);
    expect(read).not.toThrow(/wrong/);
  });

  it('that is named and not there is told', () => {
    expect(() => profileNames({ SUPTASK_CONFIG: '/nowhere/profiles.json' })).toThrow('ENOENT');
  });
});

describe('a token in a file', () => {
  it('is read, and the file that holds none is named', () => {
    const path = join(temporaryFolder(), 'token');
    writeFileSync(path, ' token-of-the-file\n');
    const settings = readSettings({ SUPTASK_API_TOKEN_FILE: path });
    expect(settings.source().token.reveal()).toBe('token-of-the-file');
    expect(settings.secrets.map((secret) => secret.reveal())).toContain('token-of-the-file');
    writeFileSync(path, 'two words');
    expect(() => readSettings({ SUPTASK_API_TOKEN_FILE: path })).toThrow('SUPTASK_API_TOKEN_FILE names no file');
  });
});
