import type { OpenAlert } from '../operations/alerts/announce.ts';
import { formatTime } from '../output/format.ts';

/** Open alerts for people: what is so since when, what to do, and who takes care of it. */
export function describeAlerts(alerts: readonly OpenAlert[]): string {
  if (alerts.length === 0) return 'No alert is open.';
  return alerts.map(describeAlert).join('\n\n');
}

function describeAlert({ key, what, remedy, openedAtMs, acknowledged, toldOn }: OpenAlert): string {
  const told = openedAtMs === null ? 'not told yet: suptask heartbeat does' : `since ${formatTime(openedAtMs)}, told on ${toldOn.join(', ')}`;
  const seen = acknowledged === null ? '' : `\n  seen by ${acknowledged.by} at ${formatTime(acknowledged.atMs)}${acknowledged.note ? `: ${acknowledged.note}` : ''}`;
  return `${acknowledged === null ? 'OPEN' : 'seen'}  ${key}  (${told})\n  ${what}\n  To do: ${remedy}${seen}`;
}
