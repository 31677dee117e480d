import fc from 'fast-check';
import { isLong, seed } from './length.ts';

// `npm test` tries the same cases each time, so that it fails by what was changed; `npm run test:long` tries new ones.
fc.configureGlobal({ seed, ...(isLong ? { numRuns: 1_000 } : {}) });
