import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { passwordsIn } from './config.ts';
import { SuptaskError } from './errors.ts';

type Environment = Record<string, string | undefined>;

/** Where profiles are written down, unless SUPTASK_CONFIG names another file. */
const CONFIG_FILE = 'suptask.json';

/** Settings that a profile does not take from the one without a name: a token belongs to one workspace. */
const NOT_SHARED = ['SUPTASK_API_TOKEN', 'SUPTASK_API_TOKEN_FILE', 'SUPTASK_WORKSPACE'];

/** Settings that are secrets themselves. */
const SECRET = ['SUPTASK_API_TOKEN', 'SUPTASK_ALERT_WEBHOOK_URL', 'SUPTASK_WEBHOOK_SECRET', 'SUPTASK_SERVE_TOKEN'];

const profileName = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'a profile has a name such as acme or acme_eu: small letters, digits, underscores');

const configSchema = z.strictObject({
  profiles: z.record(profileName, z.record(z.string().regex(/^SUPTASK_[A-Z_]+$/, 'a setting has a name such as SUPTASK_LANDING'), z.union([z.string(), z.number()]))),
});

type Config = z.infer<typeof configSchema>;

/**
 * Loads `.env` of the working folder, if there is one (what is set already wins), and then the
 * settings of the profile that SUPTASK_PROFILE names, so that dbt sees them too.
 * @throws SuptaskError `configuration.invalid`
 */
export function loadEnvironment(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const profile = process.env['SUPTASK_PROFILE'];
  if (!profile) return;
  for (const [name, value] of Object.entries(environmentOf(profile, process.env))) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/**
 * The environment of one profile: its own settings (`SUPTASK_LANDING__ACME`), else those that the
 * config file gives it, else those without a profile; but for the token, which is always its own.
 * @throws SuptaskError `configuration.invalid` where there is no such profile, or the file holds a secret
 */
export function environmentOf(profile: string, environment: Environment): Environment {
  const { profiles } = readConfig(environment);
  const suffix = `__${profile.toUpperCase()}`;
  const own = Object.entries(environment)
    .filter(([name, value]) => name.startsWith('SUPTASK_') && name.endsWith(suffix) && value?.trim())
    .map(([name, value]) => [name.slice(0, -suffix.length), value] as const);
  const written = Object.entries(profiles[profile] ?? {}).map(([name, value]) => [name, String(value)] as const);
  if (own.length + written.length === 0) {
    const known = profileNames(environment);
    throw invalid(`There is no profile ${profile}.`, known.length > 0 ? `Known are ${known.join(', ')}.` : `Set SUPTASK_API_TOKEN${suffix}, or write it into ${CONFIG_FILE}.`);
  }
  const notShared = Object.fromEntries(NOT_SHARED.map((name) => [name, undefined]));
  return { ...environment, ...notShared, SUPTASK_WORKSPACE: profile, ...Object.fromEntries(written), ...Object.fromEntries(own), SUPTASK_PROFILE: profile };
}

/** The profiles that the config file or a token of their own name, in order. */
export function profileNames(environment: Environment): string[] {
  const tokens = Object.keys(environment).flatMap((name) => /^SUPTASK_API_TOKEN(?:_FILE)?__([A-Z][A-Z0-9_]*)$/.exec(name)?.[1]?.toLowerCase() ?? []);
  return [...new Set([...Object.keys(readConfig(environment).profiles), ...tokens])].sort();
}

function readConfig(environment: Environment): Config {
  const path = environment['SUPTASK_CONFIG'] || CONFIG_FILE;
  if (!environment['SUPTASK_CONFIG'] && !existsSync(path)) return { profiles: {} };
  const parsed = configSchema.safeParse(readJson(path));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message}`);
    throw invalid(`${path} is not a list of profiles: ${faults.join('; ')}.`, 'Write {"profiles": {"acme": {"SUPTASK_LANDING": "landing-acme"}}}.');
  }
  for (const [profile, settings] of Object.entries(parsed.data.profiles)) {
    for (const [name, value] of Object.entries(settings)) {
      if (!SECRET.includes(name) && passwordsIn(String(value)).length === 0) continue;
      throw invalid(`${path} holds a secret: ${name} of the profile ${profile}.`, `Take it out, and set ${name}__${profile.toUpperCase()} in the environment or in .env.`);
    }
  }
  return parsed.data;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (thrown) {
    const why = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'it is no JSON';
    throw invalid(`The config file ${path} cannot be read: ${why}.`, 'Correct SUPTASK_CONFIG or the file.');
  }
}

function invalid(message: string, remedy: string): SuptaskError {
  return new SuptaskError('configuration.invalid', message, remedy);
}
