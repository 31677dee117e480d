import { Command } from 'commander';
import { type Clock, systemClock } from '../clock.ts';
import type { Settings } from '../config.ts';
import { toSuptaskError } from '../errors.ts';
import { createLog } from '../log.ts';
import { type Heartbeat, heartbeat } from '../operations/heartbeat.ts';
import { createRedactor } from '../secret.ts';
import { interruption, settingsFromEnvironment, withSession } from '../session.ts';
import { describeAlerts } from './alert-text.ts';

const EXAMPLES = `
It sends a request only where the landing log shows no answer of the last minutes. What it finds is
landed, and whoever is set up to be told hears of each alert once when it opens and once when it
closes: SUPTASK_ALERT_WEBHOOK_URL, SUPTASK_ALERT_COMMAND.

Examples:
  $ suptask heartbeat              what a scheduler runs every 5 minutes
  $ suptask heartbeat --follow     as a service; every SUPTASK_HEARTBEAT_MINUTES`;

interface HeartbeatOptions {
  follow?: true;
  json?: true;
}

/** `suptask heartbeat`: is the source there, and is there anything that someone should know? */
export function heartbeatCommand(): Command {
  return new Command('heartbeat')
    .description('see whether the source answers, and tell of alerts that opened or closed')
    .option('--follow', 'go on and on, until SIGINT or SIGTERM')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ follow, json }: HeartbeatOptions) => {
      const settings = settingsFromEnvironment();
      const answer = (beat: Heartbeat) => void process.stdout.write(`${json ? JSON.stringify(answerOf(beat)) : describe(beat, settings.workspace)}\n`);
      if (follow) return await beatOnAndOn(settings, answer, interruption());
      const beat = await withSession(settings, (session) => heartbeat(session, process.env));
      answer(beat);
      process.exitCode = beat.failure?.exitCode ?? 0;
    });
}

/**
 * A heartbeat that cannot be had is told and does not end the service: the next one may be well. So each
 * has a session of its own: a database that was away takes no rows by the connection of before.
 */
export async function beatOnAndOn(settings: Settings, answer: (beat: Heartbeat) => void, signal: AbortSignal, clock: Pick<Clock, 'sleep'> = systemClock): Promise<void> {
  while (!signal.aborted) {
    try {
      answer(await withSession(settings, (session) => heartbeat(session, process.env)));
    } catch (thrown) {
      const { code, message, remedy } = toSuptaskError(thrown);
      createLog(settings.logLevel, createRedactor(settings.secrets)).error({ code, remedy }, message);
    }
    await clock.sleep(settings.heartbeatMinutes * 60_000, signal).catch(() => undefined);
  }
}

function answerOf({ ok, basis, failure, alerts }: Heartbeat) {
  return { ok, asked: basis === 'asked', basis, code: failure?.code ?? null, message: failure?.message ?? null, remedy: failure?.remedy ?? null, alerts: alerts.open };
}

const RESTS_ON: Record<Heartbeat['basis'], string> = {
  asked: 'one ticket was read',
  answered_just_now: 'a sync was answered just now',
  window_used_up: 'the rate window is used up, so nothing was read; the last read of a sync was answered',
};

function describe({ ok, basis, failure, alerts }: Heartbeat, workspace: string): string {
  const first = ok ? `${workspace} is well: ${RESTS_ON[basis]}.` : `${workspace} is not well: ${failure?.message}\nTo do: ${failure?.remedy}`;
  return alerts.open.length === 0 ? first : `${first}\n\n${describeAlerts(alerts.open)}`;
}
