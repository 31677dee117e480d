const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A duration for people, in its two largest units: `45 s`, `3 min 20 s`, `5 h 15 min`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms / SECOND_MS)) * SECOND_MS;
  if (whole < MINUTE_MS) return `${whole / SECOND_MS} s`;
  if (whole < HOUR_MS) return pair(whole, MINUTE_MS, 'min', SECOND_MS, 's');
  if (whole < DAY_MS) return pair(whole, HOUR_MS, 'h', MINUTE_MS, 'min');
  return pair(whole, DAY_MS, 'd', HOUR_MS, 'h');
}

function pair(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeUnit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`;
}
