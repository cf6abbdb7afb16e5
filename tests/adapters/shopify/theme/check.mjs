// Runs Shopify's linter over the extension named on the command line; its findings are the exit status.
import { resolve } from 'node:path';
import { check } from '@shopify/theme-check-node';

const found = await check(resolve(process.argv[2]));
for (const one of found) console.log(`${one.uri}:${one.start.line + 1}: ${one.check}: ${one.message}`);
console.log(found.length ? `${found.length} faults` : 'The theme block is sound.');
process.exitCode = found.length ? 1 : 0;
