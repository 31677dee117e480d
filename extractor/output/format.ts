/** A count for people: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A time for people, to the second, in UTC: `2026-11-21 14:30:05 UTC`. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A time for people, to the minute, in UTC: `2026-11-21 14:30 UTC`. */
export function formatMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
