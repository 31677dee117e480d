import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCast } from '../../../extractor/simulator/cast.ts';
import { parseCsv } from '../../../extractor/simulator/csv.ts';
import { identitySeeds } from '../../../extractor/simulator/seeds.ts';

const cast = createCast();

describe('the given tables', () => {
  it.each(Object.keys(identitySeeds()))('%s in seeds/identities is what the cast says', (name) => {
    const committed = readFileSync(new URL(`../../../seeds/identities/${name}`, import.meta.url), 'utf8');
    expect(committed, 'run: suptask simulate --write-seeds seeds/identities').toBe(identitySeeds()[name]);
  });

  it('map nobody whose tickets are to be resolved otherwise, or not at all', () => {
    const mapped = new Set(parseCsv(identitySeeds()['entity_external_ids.csv'] ?? '').map(({ cells }) => cells[1]));
    for (const member of cast.staff) {
      const expected = member.identity === 'mapped' || member.identity === 'former';
      expect(mapped.has(member.staffId), member.name).toBe(expected);
    }
  });
});

describe('the cast', () => {
  it('gives each Slack id and channel to one bearer', () => {
    const ids = [
      ...cast.staff.flatMap(({ slackUserIds }) => slackUserIds),
      ...cast.outsiders.map(({ slackUserId }) => slackUserId),
      ...cast.channels.map(({ channelId }) => channelId),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has exactly two colleagues who share an address', () => {
    const sharers = cast.staff.filter(({ email }, _, all) => all.filter((other) => other.email === email).length > 1);
    expect(sharers.map(({ identity }) => identity)).toEqual(['shared_email', 'shared_email']);
  });

  it('lets only mapped members of staff answer tickets', () => {
    const agents = cast.queues.flatMap(({ agents: ofQueue }) => ofQueue);
    expect(new Set(agents).size).toBe(12);
    expect(agents.every(({ identity }) => identity === 'mapped')).toBe(true);
  });
});
