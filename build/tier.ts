import { command } from './exit.ts';
import { ready } from './launch.ts';
import { type Tier, tiers } from './tiers.ts';

/** `tsx build/tier.ts NAME [ARGUMENT …]`: one tier alone, with what it needs made ready first. */
await command(import.meta.url, async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const tier: Tier | undefined = (tiers as Record<string, Tier>)[name];
  if (tier === undefined) throw new Error(`no such tier: ${name} (there are ${Object.keys(tiers).join(', ')})`);
  const env = tier.needsApp ? await ready('tests') : process.env;
  return env !== null && (await tier.run(args, env)).failed === 0 ? 0 : 1;
});
