/** A bench: a file of this folder that prints tables, or with `--json` a result. */
export interface Bench {
  /** As in `npm run bench:NAME`, and of the file. */
  name: string;
  /** What is given to it in the short form, in which it takes seconds. */
  short: string[];
  /** What is given to it in the full form, beside its defaults. */
  full: string[];
}

/** Every bench, in the order in which they are run. */
export const benches: readonly Bench[] = [
  { name: 'extract', short: ['--tickets', '5000', '--rounds', '3', '--no-peers'], full: [] },
  { name: 'memory', short: ['--most', '20000'], full: [] },
  { name: 'start-up', short: ['--reads', '20000', '--rounds', '3'], full: [] },
  { name: 'rate-limit', short: ['--days', '5', '--seeds', '1'], full: [] },
  { name: 'planner', short: ['--demo', '--from', '2026-10-25'], full: ['--demo'] },
  { name: 'planner-speed', short: ['--tickets', '100000'], full: [] },
  { name: 'serve', short: ['--deliveries', '64', '--rounds', '1'], full: [] },
  { name: 'models', short: ['--tickets', '5000', '--engine', 'duckdb', '--rounds', '1'], full: [] },
];
