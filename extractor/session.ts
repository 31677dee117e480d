import { systemClock, type Clock } from './clock.ts';
import { readSettings, type Settings } from './config.ts';
import type { Landing } from './landing/landing.ts';
import { openLanding } from './landing/open.ts';
import { createLog, type Log } from './log.ts';
import { loadEnvironment } from './profiles.ts';
import { createRedactor, type Redact } from './secret.ts';

/** What a command works with. */
export interface Session {
  settings: Settings;
  clock: Clock;
  landing: Landing;
  redact: Redact;
  log: Log;
}

/** The settings of the environment, `.env` and the profile. */
export function settingsFromEnvironment(): Settings {
  loadEnvironment();
  return readSettings(process.env);
}

/** Opens the landing that the settings name, does something with it, and closes it whatever happens. */
export async function withSession<T>(settings: Settings, work: (session: Session) => Promise<T>): Promise<T> {
  const clock = systemClock;
  const redact = createRedactor(settings.secrets);
  const log = createLog(settings.logLevel, redact);
  const landing = await openLanding(settings, clock);
  try {
    return await work({ settings, clock, landing, redact, log });
  } finally {
    await landing.close();
  }
}

/** Aborted by the first SIGINT or SIGTERM; a second one ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    controller.abort(new Error(`stopped by ${name}`));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return controller.signal;
}
