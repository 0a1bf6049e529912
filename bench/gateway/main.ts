/** `npm run bench:gateway`: what recovery costs and what is held. What is measured: `bench/README.md`. */
import { runBenchmark } from '../figures/run-benchmark.js';
import { readOptions } from './options.js';
import { runScenarios } from './run-scenarios.js';

await runBenchmark((closers, progress) => runScenarios(readOptions(process.argv.slice(2)), closers, progress));
