import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../extractor/config.ts';
import { SuptaskError } from '../../../extractor/errors.ts';

const TOKEN = 'token-of-the-tests';

function faultOf(environment: Record<string, string>): SuptaskError {
  try {
    readSettings(environment).source();
  } catch (thrown) {
    if (thrown instanceof SuptaskError) return thrown;
    throw thrown;
  }
  throw new Error('there was no fault');
}

describe('the settings', () => {
  it('have a default each, but for the token', () => {
    const settings = readSettings({ SUPTASK_API_TOKEN: TOKEN });
    expect(settings).toMatchObject({
      workspace: 'default',
      landing: { kind: 'parquet', folder: resolve('landing') },
      duckdb: resolve('suptask.duckdb'),
      exports: resolve('exports'),
      rateLimit: 100,
      rateReserve: 0,
    });
    expect(settings.source()).toMatchObject({ authScheme: 'api_token' });
    expect(settings.source().baseUrl.href).toBe('https://public-api-prod.suptask.com/api/v2/public/');
  });

  it('that are empty or blank count as missing, as in a copied .env.example', () => {
    const settings = readSettings({ SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: '', SUPTASK_RATE_LIMIT: ' ' });
    expect(settings).toMatchObject({ landing: { kind: 'parquet' }, rateLimit: 100 });
  });

  it.each(['https://host/api/v2/public', 'https://host/api/v2/public/'])('take the address %s', (address) => {
    expect(readSettings({ SUPTASK_API_TOKEN: TOKEN, SUPTASK_API_BASE_URL: address }).source().baseUrl.pathname).toBe('/api/v2/public/');
  });

  it.each(['http://127.0.0.1:8787/x', 'http://localhost/x', 'http://[::1]:1/x', 'http://suptask.localhost/x'])(
    'let plain http go to this machine itself: %s',
    (address) => {
      expect(readSettings({ SUPTASK_API_TOKEN: TOKEN, SUPTASK_API_BASE_URL: address }).source().baseUrl.protocol).toBe('http:');
    },
  );

  it('take the token without the white space around it, and no limit', () => {
    const settings = readSettings({ SUPTASK_API_TOKEN: ` ${TOKEN}\n`, SUPTASK_API_AUTH_SCHEME: 'bearer', SUPTASK_RATE_LIMIT: 'none' });
    expect([settings.source().token.reveal(), settings.source().authScheme, settings.rateLimit]).toEqual([TOKEN, 'bearer', null]);
  });

  it('know a landing in PostgreSQL, and show it without user and password', () => {
    const { landing, secrets } = readSettings({ SUPTASK_LANDING: 'postgres://me:s%40crets@host:5433/tickets' });
    expect(landing).toMatchObject({ kind: 'postgres', shown: 'postgres://host:5433/tickets' });
    expect(secrets.map((secret) => secret.reveal())).toContain('s@crets');
    expect(inspect(landing, { depth: 9 })).not.toContain('crets');
  });
});

describe('a setting that is wrong', () => {
  it.each<[string, string, string]>([
    ['SUPTASK_API_BASE_URL', 'not an address', 'is not an address'],
    ['SUPTASK_API_BASE_URL', 'http://wrong.example/api', 'must begin with https://'],
    ['SUPTASK_API_BASE_URL', 'http://127.0.0.1.wrong.example/api', 'must begin with https://'],
    ['SUPTASK_API_BASE_URL', 'ftp://wrong.example/api', 'must begin with https://'],
    ['SUPTASK_API_BASE_URL', 'https://wrong:wrong@host/api', 'neither user, password'],
    ['SUPTASK_API_BASE_URL', 'https://host/api?token=wrong', 'query'],
    ['SUPTASK_API_TOKEN', 'wrong token', 'must be one word'],
    ['SUPTASK_API_TOKEN', 'wröng', 'must be one word'],
    ['SUPTASK_API_TOKEN', 'wrong\r\nX-Other: 1', 'must be one word'],
    ['SUPTASK_API_AUTH_SCHEME', 'wrong', 'must be api_token or bearer'],
    ['SUPTASK_WORKSPACE', 'wrong/place', 'must be 1 to 64 letters'],
    ['SUPTASK_RATE_LIMIT', 'wrong', 'or none'],
    ['SUPTASK_RATE_LIMIT', '0', 'must be above 0'],
    ['SUPTASK_RATE_RESERVE', '-7wrong', 'must be a whole number'],
    ['SUPTASK_LANDING', 's3://wrong/place', 'neither a folder nor a postgres:// address'],
    ['SUPTASK_LANDING', 'postgres://wrong host/x', 'neither a folder nor a postgres:// address'],
    ['SUPTASK_LANDING', 'back\\wrong', 'has a backslash'],
    ['SUPTASK_LANDING', 'postgres://me:100%wrong@host/x', 'encodes nothing'],
  ])('%s=%j is named, its value is not', (name, value, message) => {
    const fault = faultOf({ SUPTASK_API_TOKEN: TOKEN, [name]: value });
    expect(fault).toMatchObject({ code: 'configuration.invalid', exitCode: 3 });
    expect(fault.message).toContain(name);
    expect(fault.message).toContain(message);
    expect(inspect(fault, { depth: 9 })).not.toMatch(/wr[oö]ng[^.]*$/m);
    expect(`${fault.message} ${fault.remedy}`).not.toMatch(/wr[oö]ng/);
  });

  it('is named with every other one', () => {
    const { message } = faultOf({ SUPTASK_API_BASE_URL: 'x', SUPTASK_RATE_LIMIT: 'x' });
    expect(message).toMatch(/SUPTASK_API_BASE_URL .*; SUPTASK_RATE_LIMIT /);
  });

  it('does not matter to who needs no source; a missing token does to who does', () => {
    const settings = readSettings({});
    expect(() => settings.source()).toThrow(SuptaskError);
    expect(faultOf({})).toMatchObject({ code: 'configuration.missing', exitCode: 3, message: expect.stringContaining('SUPTASK_API_TOKEN is not set') });
  });
});
