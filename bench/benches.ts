/** A bench: a program of this folder that prints tables, or with `--json` a result. */
export interface Bench {
  /** As in `npm run bench -- NAME`, and of what is recorded. */
  name: string;
  /** As in `npm run bench:PROGRAM`, and of its file. */
  program: string;
  /** What is given to it in the short form, in which it takes seconds; null where it has none. */
  short: string[] | null;
  /** What is given to it in the full form, beside its defaults. */
  full: string[];
}

/** Every bench, in the order in which they are run. */
export const benches: readonly Bench[] = [
  { name: 'extract', program: 'extract', short: ['--tickets', '5000', '--rounds', '3', '--no-peers'], full: [] },
  { name: 'memory', program: 'memory', short: ['--most', '20000'], full: [] },
  { name: 'start-up', program: 'start-up', short: ['--reads', '20000', '--rounds', '3'], full: [] },
  { name: 'rate-limit', program: 'rate-limit', short: ['--days', '5', '--seeds', '1'], full: [] },
  { name: 'planner', program: 'planner', short: ['--demo', '--from', '2026-10-25'], full: ['--demo'] },
  { name: 'planner-speed', program: 'planner-speed', short: ['--tickets', '100000'], full: [] },
  { name: 'serve', program: 'serve', short: ['--deliveries', '64', '--rounds', '1'], full: [] },
  { name: 'models', program: 'models', short: ['--tickets', '5000', '--engine', 'duckdb', '--rounds', '1'], full: ['--changes', '1000', '100000'] },
  { name: 'models-of-a-million', program: 'models', short: null, full: ['--engine', 'duckdb', '--tickets', '1000000', '--changes', '1000', '100000'] },
  { name: 'models-on-spark', program: 'models', short: null, full: ['--engine', 'spark', '--tickets', '4000'] },
];
