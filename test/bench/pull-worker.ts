/**
 * One process of the bench of the pull: `pull-worker.js JOB`, JOB as JSON. `serve` serves the files of a folder until its standard input
 * ends, and says its address; the others do their work once and print what came of it, with the most memory the process ever had.
 * Each loads only what it needs, so that the memory of one is not the memory of all.
 */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { CompetitorJob } from './pull/competitors.ts';
import type { OursJob } from './pull/ours.ts';

export type Job = OursJob | CompetitorJob | { readonly kind: 'serve'; readonly folder: string };

const job = JSON.parse(process.argv[2] ?? '') as Job;

switch (job.kind) {
  case 'serve':
    serve(job.folder);
    break;
  case 'landing':
  case 'pull':
    report(await (await import('./pull/ours.ts')).runOurs(job));
    break;
  default:
    report({ rows: await (await import('./pull/competitors.ts')).runCompetitor(job) });
}

function report(facts: object): void {
  process.stdout.write(`${JSON.stringify({ ...facts, peakRssMb: process.resourceUsage().maxRSS / 1024 })}\n`);
}

function serve(folder: string): void {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/csv');
    createReadStream(join(folder, basename(request.url ?? '')), { highWaterMark: 256 * 1024 }).pipe(response);
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  process.stdin.resume();
  process.stdin.once('close', () => process.exit(0));
}
