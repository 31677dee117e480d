import { once } from 'node:events';
import { Command, Option } from 'commander';
import { RunningClock, SimulatedClock, type SimulatorClock } from '../simulator/clock.ts';
import { collectFault, durationMs, rateLimit, speed, timeMs, wholeNumber } from '../simulator/command-options.ts';
import { FAULT_NAMES, faultsNamed } from '../simulator/faults.ts';
import { ReplayError } from '../simulator/replay-rows.ts';
import { replayWorld } from '../simulator/replay.ts';
import { writeIdentitySeeds } from '../simulator/seeds.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { createWorld, type World } from '../simulator/world.ts';

/** What stands in for a token where none is set; it opens nothing but a simulator. */
const DEMO_TOKEN = 'demo-token';

interface SimulateOptions {
  port: number;
  seed: number;
  tickets: number;
  days: number;
  start: number;
  speed: number;
  rateLimit: number | null;
  window: number;
  events?: string;
  token?: string;
  fault: string[];
  writeSeeds?: string;
  writeLanding?: string;
  json?: true;
}

const EXAMPLES = `
The clock begins at --start and runs at --speed; with --speed 0 it moves only when told:
  GET  /simulator/clock                            what time it is
  POST /simulator/clock {"to": "2026-08-01T00:00:00Z"} or {"advanceSeconds": 3600}
  GET  /simulator/truth                            what truly happened until now

Examples:
  $ suptask simulate                               2,000 tickets in 120 days, in real time
  $ suptask simulate --speed 3600 --fault demo     an hour each second, with a few broken tickets
  $ suptask simulate --events incidents.csv --rate-limit none --speed 0
  $ suptask simulate --write-seeds seeds/identities
  $ suptask simulate --tickets 1000000 --days 365 --write-landing big/landing`;

/** `suptask simulate`: serves a simulated SupTask until it is interrupted. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('serve a stand-in for SupTask: a world of tickets on a clock of its own')
    .option('--port <number>', 'port on 127.0.0.1, 0 for any free one', wholeNumber(0, 65_535), 8787)
    .option('--seed <number>', 'the same seed makes the same world', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--tickets <count>', 'tickets at the end of the world', wholeNumber(1, 10_000_000), 2_000)
    .option('--days <count>', 'days until nothing happens any more', wholeNumber(1, 3_650), 120)
    .addOption(
      new Option('--start <time>', 'where the clock and the world begin, ISO 8601')
        .argParser(timeMs)
        .default(Date.UTC(2026, 6, 6), '2026-07-06T00:00:00Z; with --events, the first row'),
    )
    .option('--speed <number>', 'simulated seconds a real second; 0: the clock moves only when told', speed, 1)
    .option('--rate-limit <count>', 'requests a window, or none', rateLimit, 100)
    .addOption(
      new Option('--window <duration>', 'length of the rate window: 90s, 15m or 1h')
        .argParser(durationMs)
        .default(15 * 60_000, '15m'),
    )
    .option('--events <file>', 'replay this event log (CSV: ticket_number,at,status,archived,…) instead')
    .option('--token <token>', `the token to accept (default: SUPTASK_API_TOKEN, else ${DEMO_TOKEN})`)
    .addOption(
      new Option('--fault <name...>', `switch on faults: ${FAULT_NAMES.join(', ')}`)
        .argParser(collectFault)
        .default([], 'none'),
    )
    .option('--write-seeds <folder>', 'write the given tables of the simulated company there, and end')
    .option('--write-landing <folder>', 'write the landing log of the world there, as if it had been read without a rate limit, and end')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: SimulateOptions, command: Command) => {
      if (options.writeSeeds !== undefined) return writeSeeds(options.writeSeeds, options.json === true);
      if (options.writeLanding !== undefined) {
        const { writeLanding } = await import('./write-landing.ts');
        return await writeLanding(options.writeLanding, { ...options, startsAt: options.start }, command);
      }
      const world = worldFor(options, command);
      const begin = options.events === undefined || isGiven(command, 'start') ? options.start : world.startsAt;
      const clock = options.speed === 0 ? new SimulatedClock(begin) : new RunningClock(begin, options.speed);
      const simulator = await serve(options, world, clock, command);
      tellAddress(options, simulator, world, clock);
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      await simulator.close();
    });
}

function worldFor(options: SimulateOptions, command: Command): World {
  if (options.events === undefined) {
    return createWorld({ seed: options.seed, tickets: options.tickets, days: options.days, startsAt: options.start });
  }
  try {
    return replayWorld(options.events);
  } catch (error) {
    if (error instanceof ReplayError) return command.error(`error: ${options.events}, ${error.message}`, { exitCode: 2 });
    const reason = error instanceof Error ? error.message : String(error);
    return command.error(`error: the event log cannot be read: ${reason}`, { exitCode: 2 });
  }
}

async function serve(options: SimulateOptions, world: World, clock: SimulatorClock, command: Command): Promise<Simulator> {
  try {
    return await startSimulator({
      world,
      clock,
      token: tokenOf(options),
      port: options.port,
      rateLimit: options.rateLimit === null ? null : { requests: options.rateLimit, windowMs: options.window },
      faults: faultsNamed(options.fault, options.seed, world.newestNumber(world.horizon)),
      control: true,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
      return command.error(`error: port ${options.port} cannot be had (${error.code}); try --port 0`, { exitCode: 2 });
    }
    throw error;
  }
}

function tellAddress(options: SimulateOptions, simulator: Simulator, world: World, clock: SimulatorClock): void {
  const iso = (ms: number) => new Date(ms).toISOString();
  if (options.json === true) {
    const answer = { url: simulator.url, pid: process.pid, now: iso(clock.now()), horizon: iso(world.horizon) };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    return;
  }
  const token = options.token === undefined && process.env['SUPTASK_API_TOKEN'] === undefined ? DEMO_TOKEN : '<the token>';
  process.stdout.write(
    [
      `A simulated SupTask answers at ${simulator.url}`,
      `Its clock shows ${iso(clock.now())}; the newest ticket is ${world.newestNumber(clock.now())}, nothing happens after ${iso(world.horizon)}.`,
      '',
      'In another terminal:',
      `  export SUPTASK_API_BASE_URL=${simulator.url}`,
      `  export SUPTASK_API_TOKEN=${token}`,
      '  npx suptask check && npx suptask sync',
      '',
      'To move its clock on by a day:',
      `  curl -d '{"advanceSeconds": 86400}' ${new URL('/simulator/clock', simulator.url).href}`,
      '',
      'Ctrl-C ends it.',
      '',
    ].join('\n'),
  );
}

function writeSeeds(folder: string, asJson: boolean): void {
  const files = writeIdentitySeeds(folder);
  process.stdout.write(asJson ? `${JSON.stringify({ files })}\n` : `Written:\n${files.map((file) => `  ${file}\n`).join('')}`);
}

function tokenOf(options: SimulateOptions): string {
  return options.token ?? (process.env['SUPTASK_API_TOKEN'] || DEMO_TOKEN);
}

function isGiven(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) === 'cli';
}
