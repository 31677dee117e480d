/** Whether the proofs run in their long form, as `npm run test:long` asks for; `npm test` runs the short one. */
export const isLong = process.env['SUPTASK_TESTS'] === 'long';

/** The seed of everything that the proofs leave to chance. `npm run test:long` prints it and takes it. */
export const seed = Number(process.env['SUPTASK_TESTS_SEED'] ?? 1);

/** One of two figures, by the form that runs. */
export function byLength<T>(short: T, long: T): T {
  return isLong ? long : short;
}
