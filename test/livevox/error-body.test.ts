import { describe, expect, it } from 'vitest';
import { isDownload, parseErrorBody, toReply, toRetryAfterMs } from '../../src/livevox/error-body.ts';
import type { WholeAnswer } from '../../src/livevox/http.ts';
import type { ReplyKind } from '../../src/livevox/reply.ts';

const options = { now: new Date('2026-11-20T12:00:00Z'), redact: (text: string) => text };
const answer = (status: number, text: string | undefined, head: Partial<WholeAnswer> = {}): WholeAnswer => ({
  kind: 'whole',
  status,
  text,
  ...head,
});

describe('parseErrorBody', () => {
  it.each([
    [
      'code and message',
      '{"code": 202, "message": "Missing required field"}',
      { code: '202', message: 'Missing required field' },
    ],
    ['errorCode and errorMessage', '{"errorCode": 202, "errorMessage": "Bad"}', { code: '202', message: 'Bad' }],
    ['errorCode and message', '{"errorCode":"202","message":"Bad"}', { code: '202', message: 'Bad' }],
    [
      'code, Request Id and Message',
      '{"code": 403, "Request Id": "1-66ebf497", "Message": "Access denied"}',
      { code: '403', message: 'Access denied' },
    ],
    ['an array', '[{"code": 42, "message": "x"}]', { code: '42', message: 'x' }],
    [
      'the broken array of the overview',
      '{[{"code": 42, "message": "Unable: 88mph."}',
      { code: '42', message: 'Unable: 88mph.' },
    ],
    [
      'XML with code first',
      '<?xml version="1.0"?>\n<ErrorResponse xmlns="http://api.livevox.com/fault/v3.0" code="42" message="a &amp; b"/>',
      { code: '42', message: 'a & b' },
    ],
    ['XML with message first', '<ErrorResponse message="x" code="202"/>', { code: '202', message: 'x' }],
    ['plain text', 'upstream timed out', { message: 'upstream timed out' }],
    ['control characters and line breaks', '{"code":1,"message":"a\\u0000b\\n  c"}', { code: '1', message: 'a b c' }],
  ])('reads %s', (_, text, expected) => {
    expect(parseErrorBody(text)).toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['an HTML page', '<html><body>Bad gateway</body></html>'],
    ['a country with a code of its own', '{"code": "UK", "name": "United Kingdom"}'],
    ['"no value" in the vendor\'s ways', '{"code": "null", "message": ""}'],
  ])('finds no error in %s', (_, text) => {
    expect(parseErrorBody(text)?.code).toBeUndefined();
  });

  it('cuts endless words', () => {
    expect(parseErrorBody(`{"code":1,"message":"${'x'.repeat(5000)}"}`)?.message).toHaveLength(301);
  });
});

describe('toReply', () => {
  it.each<[string, number, string | undefined, ReplyKind]>([
    ['200 with a message', 200, '{"message":"Successfully updated contacts 3"}', 'done'],
    ['204 without a body', 204, '', 'done'],
    ['200 with a code of success', 200, '{"code": 200, "message": "OK"}', 'done'],
    ['202 with an error code', 202, '{"code":202,"message":"Contact already exists!"}', 'refused'],
    ['202 with the words alone', 202, '{"message":"Contact already exists!"}', 'refused'],
    ['202 without a word', 202, '', 'unreadable'],
    ['200 with errorCode', 200, '{"errorCode":"202","errorMessage":"x"}', 'refused'],
    ['200 with a broken error array', 200, '{[{"code": 42, "message": "x"}', 'refused'],
    ['200 with an XML error', 200, '<ErrorResponse message="x"/>', 'refused'],
    ['200 with an HTML page', 200, '<!doctype html><p>welcome', 'unreadable'],
    ['200 with a body beyond all bounds', 200, undefined, 'unreadable'],
    ['400', 400, '{"code":202,"message":"Contact already exists!"}', 'refused'],
    ['409', 409, '', 'refused'],
    ['413', 413, '', 'refused'],
    ['301', 301, '', 'redirected'],
    ['401', 401, '', 'session_refused'],
    ['403', 403, '', 'forbidden'],
    ['404', 404, '', 'not_found'],
    ['408', 408, '', 'failed'],
    ['429', 429, '', 'limited'],
    ['500', 500, '{[{"code": 42}', 'failed'],
    ['502', 502, '<html>', 'failed'],
    ['503', 503, '', 'unavailable'],
  ])('takes %s (%i) for what it is', (_, status, text, kind) => {
    expect(toReply(answer(status, text), options).kind).toBe(kind);
  });

  it('tells a request that left from one that did not', () => {
    expect(toReply({ kind: 'none', left: true, reason: 'reset' }, options)).toEqual({ kind: 'lost', message: 'reset' });
    expect(toReply({ kind: 'none', left: false, reason: 'refused' }, options).kind).toBe('unreachable');
  });

  it('keeps the vendor code and words of a refusal', () => {
    const date = new Date('2026-11-20T11:59:00Z');
    expect(toReply(answer(400, '{"code":202,"message":"Missing required field"}', { date }), options)).toEqual({
      kind: 'refused',
      code: '202',
      message: 'HTTP 400, code 202: Missing required field',
      httpStatus: 400,
      serverDate: date,
    });
  });
});

describe('toRetryAfterMs', () => {
  it.each([
    ['seconds', '7', 7000],
    ['a date, by the server clock', 'Fri, 20 Nov 2026 12:01:30 GMT', 30_000],
    ['a date in the past', 'Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['nonsense', 'soon', undefined],
    ['nothing', undefined, undefined],
  ])('reads %s', (_, retryAfter, expected) => {
    const head = { status: 503, retryAfter, date: new Date('2026-11-20T12:01:00Z') };
    expect(toRetryAfterMs(head, options.now)).toBe(expected);
  });
});

describe('isDownload', () => {
  it.each([
    ['text/csv', true],
    ['application/octet-stream', true],
    [undefined, true],
    ['application/json', false],
    ['text/html; charset=utf-8', false],
    ['application/xml', false],
  ])('content type %s: %s', (contentType, expected) => {
    expect(isDownload({ status: 200, contentType })).toBe(expected);
    expect(isDownload({ status: 500, contentType })).toBe(false);
  });
});
