import { Command, CommanderError } from 'commander';

/** Every command, with what it is for; only the one that is called is loaded. */
const commands: Record<string, { summary: string; load: () => Promise<Command> }> = {
  check: {
    summary: 'test address, token, landing and warehouse, and say what to do',
    load: async () => (await import('./commands/check.ts')).checkCommand(),
  },
  diagnose: {
    summary: 'try the edge cases that matter against the source, without changing anything',
    load: async () => (await import('./commands/diagnose.ts')).diagnoseCommand(),
  },
  sync: {
    summary: 'read what is most worth reading now',
    load: async () => (await import('./commands/sync.ts')).syncCommand(),
  },
  backfill: {
    summary: 'read the tickets of a range of numbers',
    load: async () => (await import('./commands/backfill.ts')).backfillCommand(),
  },
  status: {
    summary: 'say what was read, what is left, and what fails',
    load: async () => (await import('./commands/status.ts')).statusCommand(),
  },
  plan: {
    summary: 'say what would be read next, and why',
    load: async () => (await import('./commands/plan.ts')).planCommand(),
  },
  heartbeat: {
    summary: 'see whether the source answers, and tell of alerts that opened or closed',
    load: async () => (await import('./commands/heartbeat.ts')).heartbeatCommand(),
  },
  alerts: {
    summary: 'list the open alerts, acknowledge one, or send a test alert',
    load: async () => (await import('./commands/alerts.ts')).alertsCommand(),
  },
  errors: {
    summary: 'list the newest failures, or show all that is known of one',
    load: async () => (await import('./commands/errors.ts')).errorsCommand(),
  },
  retry: {
    summary: 'let the next sync read these numbers first',
    load: async () => (await import('./commands/retry.ts')).retryCommand(),
  },
  identities: {
    summary: 'see who could not be matched to staff, and say who it is',
    load: async () => (await import('./commands/identities.ts')).identitiesCommand(),
  },
  land: {
    summary: 'copy the landing log from or to another place',
    load: async () => (await import('./commands/land.ts')).landCommand(),
  },
  forget: {
    summary: 'take a person out of the landing log',
    load: async () => (await import('./commands/forget.ts')).forgetCommand(),
  },
  compact: {
    summary: 'merge the many small files of the landing folder',
    load: async () => (await import('./commands/compact.ts')).compactCommand(),
  },
  pipeline: {
    summary: 'sync, build and publish in one, as a scheduler would',
    load: async () => (await import('./commands/pipeline.ts')).pipelineCommand(),
  },
  smoke: {
    summary: 'run the first sequence of a rollout, against the source or a simulated one',
    load: async () => (await import('./commands/smoke.ts')).smokeCommand(),
  },
  ready: {
    summary: 'print the go/no-go list of a rollout with its evidence',
    load: async () => (await import('./commands/ready.ts')).readyCommand(),
  },
  demo: {
    summary: 'let a simulated workspace live, extract it, build the marts and show them',
    load: async () => (await import('./commands/demo.ts')).demoCommand(),
  },
  serve: {
    summary: 'receive webhooks, and answer callers over HTTP',
    load: async () => (await import('./commands/serve.ts')).serveCommand(),
  },
  simulate: {
    summary: 'serve a stand-in for SupTask on this machine',
    load: async () => (await import('./commands/simulate.ts')).simulateCommand(),
  },
};

const EXAMPLES = `
Settings come from the environment or from .env; see .env.example.

Examples:
  $ npm run demo          the whole way on a simulated workspace, without an account
  $ suptask check         is everything set up?
  $ suptask sync          read one rate window's worth, then: npm run dbt -- build`;

const program = new Command('suptask')
  .description('Lands SupTask tickets, one read at a time, for dbt to make marts of.')
  .addHelpText('after', EXAMPLES)
  .exitOverride();

try {
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = process.argv[2] === name ? await load() : new Command(name);
    program.addCommand(command.summary(summary).exitOverride());
  }
  await program.parseAsync();
} catch (thrown) {
  const isAnswered = thrown instanceof CommanderError && thrown.exitCode === 0;
  if (!isAnswered) await (await import('./operations/report-error.ts')).endWithError(thrown, process.argv.includes('--json'));
}
