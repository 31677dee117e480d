import { readSettings } from '../../../../extractor/config.ts';
import { createLog } from '../../../../extractor/log.ts';
import { createRedactor } from '../../../../extractor/secret.ts';
import type { Session } from '../../../../extractor/session.ts';
import { landingAddress, landingAt, type LandingKind } from '../../support/landing.ts';
import { type Source, TOKEN } from '../../support/source.ts';

/** A session of a test: on the source's clock, with a landing of its own. What is logged is kept in `logged`. */
export interface TestSession extends Session {
  address: string;
  environment: Record<string, string>;
  logged: string[];
}

/** What a command works with, against a simulated source. */
export async function sessionWith(source: Source, kind: LandingKind, environment: Record<string, string> = {}): Promise<TestSession> {
  const address = await landingAddress(kind);
  const set = { SUPTASK_API_BASE_URL: source.simulator.url, SUPTASK_API_TOKEN: TOKEN, SUPTASK_LANDING: address, SUPTASK_RATE_LIMIT: 'none', ...environment };
  const settings = readSettings(set);
  const redact = createRedactor(settings.secrets);
  const logged: string[] = [];
  const log = createLog('debug', redact, { write: (line: string) => logged.push(line) });
  const landing = await landingAt(address, source.clock, settings.workspace);
  return { settings, clock: source.clock, landing, redact, log, address, environment: set, logged };
}
