import { createRandom } from '../../../../extractor/simulator/random.ts';
import type { World } from '../../../../extractor/simulator/world.ts';

/** What the source sends of a change, or of a creation, to whoever receives. */
export interface Delivery {
  arrivesAt: number;
  /** The ticket as it was when it changed. */
  ticket: string;
}

const HOUR_MS = 3_600_000;

/** A delivery for each change of a world, as they arrive: some are lost, some come twice, some late and after newer ones. */
export function deliveriesOf(world: World, seed: number): Delivery[] {
  const random = createRandom(seed, 'deliveries');
  const changes = world.truth(world.horizon).tickets.flatMap(({ number, createdAt, events }) => [createdAt, ...events.map(({ at }) => at)].map((at) => ({ number, at })));
  const arrivals = changes.toSorted((a, b) => a.at - b.at).flatMap(({ number, at }) => {
    const ticket = JSON.stringify(world.ticket(number, at));
    const arrival = () => ({ arrivesAt: at + (random.chance(0.3) ? random.integer(1, 12 * HOUR_MS) : 0), ticket });
    return random.chance(0.2) ? [] : random.chance(0.2) ? [arrival(), arrival()] : [arrival()];
  });
  return arrivals.toSorted((a, b) => a.arrivesAt - b.arrivesAt);
}
