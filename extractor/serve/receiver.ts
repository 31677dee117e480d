import { systemClock } from '../clock.ts';
import type { Settings } from '../config.ts';
import { openLanding } from '../landing/open.ts';
import { createLog } from '../log.ts';
import { createRedactor } from '../secret.ts';
import { readSourceOffsetMs } from '../sync/state.ts';
import { Intake } from './intake.ts';
import { type DeliveryCounts, DELIVERY_RESULTS } from './metrics.ts';
import { Operations } from './operations.ts';
import { createRouter } from './router.ts';
import { type RunningServer, startServer } from './server.ts';

/** Deliveries become part of the log, and thereby of plans and builds, after this at the latest. */
const ROLL_EVERY_MS = 60_000;

/** How often it is asked how far the source's clock is from this machine's. */
const LEARN_OFFSET_EVERY_ROLLS = 15;

export interface ReceiverOptions {
  host: string;
  port: number;
  /** After this a request that is still being sent is cut off. */
  longestRequestMs?: number;
}

export interface Receiver {
  readonly url: string;
  readonly deliveries: Readonly<DeliveryCounts>;
  /** Lands what has come, ends the runs that were asked for here, and frees the port. */
  end(): Promise<void>;
}

/**
 * Starts receiving webhooks for the landing that the settings name.
 * @throws SuptaskError where the landing or the port cannot be had, or another process receives for this workspace
 */
export async function startReceiver(settings: Settings, options: ReceiverOptions): Promise<Receiver> {
  const clock = systemClock;
  const redact = createRedactor(settings.secrets);
  const log = createLog(settings.logLevel, redact);
  const counts = Object.fromEntries(Object.keys(DELIVERY_RESULTS).map((result) => [result, 0])) as DeliveryCounts;
  const operations = new Operations();
  const intake = await Intake.open(() => openLanding(settings, clock), log);
  let offsetMs = 0;
  const learnOffset = async () => {
    try {
      offsetMs = await intake.read(readSourceOffsetMs);
    } catch (thrown) {
      log.warn({ err: thrown }, "The source's clock is not known; the last that was known of it counts.");
    }
  };
  let server: RunningServer;
  try {
    await learnOffset();
    const { webhookSecret, serveToken } = settings;
    const answer = createRouter({ intake, operations, clock, redact, counts, webhookSecret, serveToken, sourceMs: (localMs) => localMs + offsetMs });
    server = await startServer({ ...options, log, answer });
  } catch (thrown) {
    await intake.close();
    throw thrown;
  }

  let rolls = 0;
  const timer = setInterval(() => {
    rolls += 1;
    void intake.roll();
    if (rolls % LEARN_OFFSET_EVERY_ROLLS === 0) void learnOffset();
  }, ROLL_EVERY_MS);

  return {
    url: server.url,
    deliveries: counts,
    async end() {
      clearInterval(timer);
      await Promise.all([server.end(), operations.end()]);
      await intake.roll();
      await intake.close();
    },
  };
}
