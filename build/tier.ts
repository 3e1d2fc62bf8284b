import { ready } from './launch.ts';
import { type Tier, tiers } from './tiers.ts';

/** `tsx build/tier.ts NAME [ARGUMENT …]`: one tier alone, with what it needs made ready first. */
const [name = '', ...args] = process.argv.slice(2);
const tier: Tier | undefined = (tiers as Record<string, Tier>)[name];
if (tier === undefined) throw new Error(`no such tier: ${name} (there are ${Object.keys(tiers).join(', ')})`);
const env = tier.needsApp ? await ready({ tests: true }) : process.env;
const count = env === null ? { failed: 1 } : await tier.run(args, env);
process.exitCode = count.failed === 0 ? 0 : 1;
