import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/livevox/reply.ts';
import { parseCount, toWriteAnswer } from '../../src/livevox/write-answer.ts';

const context = { method: 'Bulk Update Contact', origin: 'https://api.livevox.com' };

describe('parseCount', () => {
  it.each([
    ['Successfully updated contacts 3', 3],
    ['3 contacts created', 3],
    ['Successfully updated contacts 0', 0],
    ['Successfully updated contacts', undefined],
    ['2 of 3 updated', undefined],
  ])('%s: %s', (words, count) => {
    expect(parseCount(words)).toBe(count);
  });
});

describe('toWriteAnswer', () => {
  it.each<[string, Reply, object]>([
    ['204 without a body', { kind: 'done', httpStatus: 204, body: undefined }, { kind: 'accepted', httpStatus: 204 }],
    [
      'the count in prose',
      { kind: 'done', httpStatus: 200, body: { message: 'Successfully updated contacts 3' } },
      { kind: 'accepted', httpStatus: 200, reportedRows: 3, message: 'Successfully updated contacts 3' },
    ],
    [
      'the count as bare text',
      { kind: 'done', httpStatus: 200, body: 'Successfully updated contacts 3' },
      { kind: 'accepted', httpStatus: 200, reportedRows: 3, message: 'Successfully updated contacts 3' },
    ],
    [
      'a text that says nothing',
      { kind: 'done', httpStatus: 200, body: 'welcome' },
      { kind: 'unknown', httpStatus: 200, reason: 'HTTP 200 with a text that is no answer' },
    ],
    [
      'an error code in a 202',
      { kind: 'refused', httpStatus: 202, code: '202', message: 'HTTP 202: Contact already exists!' },
      { kind: 'refused', httpStatus: 202, code: '202', message: 'HTTP 202: Contact already exists!' },
    ],
    [
      '404',
      { kind: 'not_found', httpStatus: 404, message: 'HTTP 404' },
      { kind: 'refused', httpStatus: 404, message: 'HTTP 404' },
    ],
    [
      '500',
      { kind: 'failed', httpStatus: 500, message: 'HTTP 500' },
      { kind: 'unknown', httpStatus: 500, reason: 'HTTP 500' },
    ],
    ['a reset', { kind: 'lost', message: 'other side closed' }, { kind: 'unknown', reason: 'other side closed' }],
  ])('%s', (_, reply, expected) => {
    expect(toWriteAnswer(reply, context)).toEqual(expected);
  });

  it('an error of a write quotes nothing the vendor said', () => {
    const reply: Reply = { kind: 'forbidden', httpStatus: 403, message: 'HTTP 403: MF1234 is not yours' };
    expect(() => toWriteAnswer(reply, context)).toThrow(
      'LiveVox does not let this user call "Bulk Update Contact" (HTTP 403): give it the role; a change shows after 5 minutes',
    );
  });
});
