/** The three classes of SupTask's statuses; every custom status is active. */
export type StatusClass = 'open' | 'active' | 'closed';

/** The class by which a ticket is planned. What analysts see is the models' matter (seeds/reference). */
export function statusClassOf(status: string | null): StatusClass {
  const name = status?.trim().toLowerCase();
  return name === 'closed' ? 'closed' : name === 'open' ? 'open' : 'active';
}
