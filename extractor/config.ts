import { readFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { z } from 'zod';
import { SuptaskError } from './errors.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { Secret } from './secret.ts';

const DEFAULT_BASE_URL = 'https://public-api-prod.suptask.com/api/v2/public';

/** The documented default of the source: 100 requests in 15 minutes and token. */
const DEFAULT_RATE_LIMIT = 100;

const isLoopback = (url: URL) =>
  ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) || url.hostname.endsWith('.localhost');

const baseUrl = z
  .string()
  .transform((text, context) => {
    if (!URL.canParse(text)) {
      context.addIssue({ code: 'custom', message: 'is not an address, such as https://host/api/v2/public' });
      return z.NEVER;
    }
    return new URL(text.endsWith('/') ? text : `${text}/`);
  })
  .refine((url) => url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)), {
    message: 'must begin with https:// (plain http would send the token readably; only this machine itself may be http)',
  })
  .refine((url) => url.username === '' && url.password === '' && url.search === '' && url.hash === '', {
    message: 'must hold neither user, password, query nor fragment: the token has a setting of its own',
  });

const count = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number')
  .transform(Number);

const token = z
  .string()
  .trim()
  .min(1)
  .regex(/^[\x21-\x7e]+$/, 'must be one word of printable ASCII characters; copy it again without quotes or spaces')
  .transform((text) => new Secret(text));

/** What a caller has to know; it is made up here, so it may be asked to be long. */
const sharedSecret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{16,}$/, 'must be one word of 16 printable ASCII characters or more, such as openssl rand -hex 24 makes')
  .transform((text) => new Secret(text));

/** An address that is a secret itself, as those of incoming webhooks are. */
const secretAddress = z
  .string()
  .refine((text) => URL.canParse(text) && (new URL(text).protocol === 'https:' || isLoopback(new URL(text))), {
    message: 'must be an address that begins with https:// (only this machine itself may be http)',
  })
  .transform((text) => new Secret(text));

const environmentSchema = z.object({
  SUPTASK_API_BASE_URL: baseUrl.default(() => new URL(`${DEFAULT_BASE_URL}/`)),
  SUPTASK_API_TOKEN: token.optional(),
  SUPTASK_API_TOKEN_FILE: z.string().optional(),
  SUPTASK_API_AUTH_SCHEME: z
    .enum(['api_token', 'bearer'], { error: 'must be api_token or bearer' })
    .default('api_token'),
  SUPTASK_WORKSPACE: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
    .default('default'),
  SUPTASK_LANDING: z.string().default('landing'),
  SUPTASK_DUCKDB: z.string().default('suptask.duckdb'),
  SUPTASK_EXPORTS: z.string().default('exports'),
  SUPTASK_RATE_LIMIT: z
    .union([z.literal('none').transform(() => null), count.refine((n) => n > 0, 'must be above 0')], {
      error: 'must be a whole number of requests in 15 minutes, or none',
    })
    .default(DEFAULT_RATE_LIMIT),
  SUPTASK_RATE_RESERVE: count.default(0),
  SUPTASK_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('warn'),
  SUPTASK_HEARTBEAT_MINUTES: count.refine((n) => n > 0, 'must be above 0').default(5),
  SUPTASK_PROMISED_FRESHNESS_MINUTES: count.refine((n) => n > 0, 'must be above 0').default(360),
  SUPTASK_ALERT_WEBHOOK_URL: secretAddress.optional(),
  SUPTASK_ALERT_COMMAND: z.string().optional(),
  SUPTASK_WEBHOOK_SECRET: sharedSecret.optional(),
  SUPTASK_SERVE_TOKEN: sharedSecret.optional(),
});

type Environment = Record<string, string | undefined>;

/** How to reach the source. */
export interface SourceSettings {
  baseUrl: URL;
  token: Secret;
  authScheme: 'api_token' | 'bearer';
}

/** Where rows go: a folder, or a PostgreSQL address (which may hold a password). */
export type LandingAddress = { kind: 'parquet'; folder: string } | { kind: 'postgres'; url: Secret; shown: string };

/** Where the marts are read: the folder that they are published in, or the database that dbt builds them in. */
export type MartsAddress =
  | { kind: 'parquet'; folder: string }
  | { kind: 'postgres'; host: string; port: number; user: string; password: Secret; database: string };

/** Everything that the environment says, checked and typed. */
export interface Settings {
  source(): SourceSettings;
  secrets: Secret[];
  workspace: string;
  landing: LandingAddress;
  duckdb: string;
  exports: string;
  marts: MartsAddress;
  /** Requests in 15 minutes, or null where the account has no limit. Headers correct it. */
  rateLimit: number | null;
  rateReserve: number;
  logLevel: LogLevel;
  /** How often a heartbeat is to be seen. */
  heartbeatMinutes: number;
  /** How old the newest answer of the source may be. */
  promisedFreshnessMinutes: number;
  alerts: AlertChannels;
  /** What a webhook has to bring; null where none is asked for. */
  webhookSecret: Secret | null;
  /** The bearer token of callers over HTTP; null: there is no way in for them. */
  serveToken: Secret | null;
}

/** Whom to tell of an alert: each is optional. */
export interface AlertChannels {
  /** A Slack-compatible incoming webhook. */
  webhookUrl: Secret | null;
  /** A command line for the shell, which is given the alert on its standard input. */
  command: string | null;
}

/**
 * Reads the settings.
 * @throws SuptaskError `configuration.invalid` naming each wrong setting, never its value
 */
export function readSettings(environment: Environment): Settings {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name.startsWith('SUPTASK_') && value?.trim() !== ''),
  );
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new SuptaskError('configuration.invalid', faults.join('; '), 'Correct it in the environment or in .env (see .env.example).');
  }
  const values = parsed.data;
  const landing = readLandingAddress(values.SUPTASK_LANDING, 'SUPTASK_LANDING');
  const apiToken = values.SUPTASK_API_TOKEN ?? readTokenFile(values.SUPTASK_API_TOKEN_FILE);
  return {
    source: () => {
      if (!apiToken) {
        throw new SuptaskError(
          'configuration.missing',
          'There is no token: SUPTASK_API_TOKEN is not set.',
          'Make a token in SupTask and put it into the environment or into .env (cp .env.example .env). Without an account, try: npm run demo',
        );
      }
      return {
        baseUrl: values.SUPTASK_API_BASE_URL,
        token: apiToken,
        authScheme: values.SUPTASK_API_AUTH_SCHEME,
      };
    },
    secrets: [...(apiToken ? [apiToken] : []), ...secretsOf(environment)],
    workspace: values.SUPTASK_WORKSPACE,
    landing,
    duckdb: resolve(values.SUPTASK_DUCKDB),
    exports: resolve(values.SUPTASK_EXPORTS),
    marts: readMartsAddress(environment, values.SUPTASK_EXPORTS),
    rateLimit: values.SUPTASK_RATE_LIMIT,
    rateReserve: values.SUPTASK_RATE_RESERVE,
    logLevel: values.SUPTASK_LOG_LEVEL,
    heartbeatMinutes: values.SUPTASK_HEARTBEAT_MINUTES,
    promisedFreshnessMinutes: values.SUPTASK_PROMISED_FRESHNESS_MINUTES,
    alerts: { webhookUrl: values.SUPTASK_ALERT_WEBHOOK_URL ?? null, command: values.SUPTASK_ALERT_COMMAND ?? null },
    webhookSecret: values.SUPTASK_WEBHOOK_SECRET ?? null,
    serveToken: values.SUPTASK_SERVE_TOKEN ?? null,
  };
}

/** A file that a secret store lays down holds the token and nothing else. */
function readTokenFile(path: string | undefined): Secret | undefined {
  if (path === undefined) return undefined;
  try {
    return token.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new SuptaskError(
      'configuration.invalid',
      'SUPTASK_API_TOKEN_FILE names no file that holds a token and can be read.',
      'Check the path, that this user may read it, and that it holds the token and nothing else.',
    );
  }
}

/**
 * Every secret that the environment holds, of any profile, as it stands: the settings may be what
 * is wrong. The token of a file is not among them.
 */
export function secretsOf(environment: Environment): Secret[] {
  const set = Object.entries(environment).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()] as const] : []));
  const texts = set.flatMap(([name, value]) => {
    if (/^SUPTASK_(?:API_TOKEN|WEBHOOK_SECRET|SERVE_TOKEN)(?:__|$)/.test(name) || name === 'PGPASSWORD') return [value];
    if (name.startsWith('SUPTASK_ALERT_WEBHOOK_URL')) return [value, ...(URL.canParse(value) ? [new URL(value).pathname] : [])];
    if (name.startsWith('SUPTASK_LANDING')) return [...(/^postgres/i.test(value) ? [value] : []), ...passwordsIn(value).map((secret) => secret.reveal())];
    return [];
  });
  return texts.map((text) => new Secret(text));
}

/**
 * A folder, or a `postgres://` address; `name` is what to call the text in an error.
 * @throws SuptaskError `configuration.invalid` where it is neither
 */
export function readLandingAddress(text: string, name: string): LandingAddress {
  if (sep === '/' && text.includes('\\')) {
    throw new SuptaskError('configuration.invalid', `${name} has a backslash, which DuckDB takes for a slash.`, 'Name the folder without.');
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'parquet', folder: resolve(text) };
  if (!URL.canParse(text) || !/^postgres(ql)?:\/\//i.test(text)) {
    throw new SuptaskError(
      'configuration.invalid',
      `${name} is neither a folder nor a postgres:// address.`,
      'Set it to a folder such as landing, or to postgres://user@host:5432/database.',
    );
  }
  const url = new URL(text);
  if (decoded(url.username) === null || decoded(url.password) === null) {
    throw new SuptaskError(
      'configuration.invalid',
      `${name} has a % in its user or password that encodes nothing.`,
      'Write that % as %25.',
    );
  }
  return { kind: 'postgres', url: new Secret(text), shown: `postgres://${url.host}${url.pathname}` };
}

/** As profiles.yml has it: on DuckDB the published files, on PostgreSQL the tables. */
function readMartsAddress(environment: Environment, exports: string): MartsAddress {
  if (environment['DBT_TARGET'] !== 'postgres') return { kind: 'parquet', folder: resolve(exports) };
  const { PGHOST = 'localhost', PGPORT = '5432', PGUSER = 'postgres', PGPASSWORD = '', PGDATABASE = 'suptask' } = environment;
  return { kind: 'postgres', host: PGHOST, port: Number(PGPORT), user: PGUSER, password: new Secret(PGPASSWORD), database: PGDATABASE };
}

/** What a program that we start needs to know of the environment: neither token nor webhook. */
export function withoutTokens(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^SUPTASK_(?:API_TOKEN|ALERT_WEBHOOK_URL|WEBHOOK_SECRET|SERVE_TOKEN)/.test(name)));
}

/** The passwords in an address, as they stand there and decoded, of PostgreSQL also that in `?password=`; none where there is none. */
export function passwordsIn(address: string): Secret[] {
  if (!URL.canParse(address)) return [];
  const { password, searchParams } = new URL(address);
  return [password, decoded(password) ?? '', ...searchParams.getAll('password')].filter((text) => text !== '').map((text) => new Secret(text));
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
