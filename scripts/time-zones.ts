/** `npm run time-zones`: writes seeds/reference/time_zone_offsets.csv for the zones of business_calendars.csv. */
import { readFileSync, writeFileSync } from 'node:fs';
import { calendarsPath, offsetsOf, offsetsPath } from './time-zone-offsets.ts';

writeFileSync(offsetsPath, offsetsOf(readFileSync(calendarsPath, 'utf8')));
