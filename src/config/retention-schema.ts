/** The keys below `retention`: how long what is past its use is kept. */
import { z } from 'zod';
import { strict } from './strict-object.ts';

const days = (kept: number, sentence: string) =>
  z.int().nonnegative().max(36_500).default(kept).describe(`${sentence}, days; 0 keeps them for ever.`);

export const retentionSchema = strict({
  runsDays: days(400, 'How long runs, their steps and the ledger of downloads are kept'),
  plansDays: days(400, 'How long settled plans are kept, with what they changed and what LiveVox answered'),
  quarantineDays: days(90, 'How long rows that could not be used are kept, with their raw text'),
  sweepsDays: days(400, 'How long sweeps are kept, and the differences they found'),
  deadLettersDays: days(400, 'How long resolved dead letters are kept'),
  suppressionsDays: days(0, 'How long the clocks of stops that have arrived or ended are kept'),
  removedSourcesDays: days(14, 'How long the last reading of a system of record is kept that is no longer configured'),
}).describe('How long what is past its use is kept; lvsync retention deletes it.');
