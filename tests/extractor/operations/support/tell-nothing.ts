// Holds the right to tell of the alerts of a workspace until it is killed: node tell-nothing.ts LANDING WORKSPACE
import { systemClock } from '../../../../extractor/clock.ts';
import { readSettings } from '../../../../extractor/config.ts';
import { openLanding } from '../../../../extractor/landing/open.ts';

const [address = '', workspace = ''] = process.argv.slice(2);
const landing = await openLanding(readSettings({ SUPTASK_LANDING: address, SUPTASK_WORKSPACE: workspace }), systemClock);
if (await landing.tryTelling()) process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
