/** The speed that progress tells: of late, smooth, and untouched by what happens to the clock. */
import { describe, expect, test } from 'vitest';
import { makeRateMeter } from '../../src/cli/progress-rate.ts';

/** A meter that has seen `seconds` of a steady speed, and where that ended. */
function run(perSecond: number, seconds: number) {
  const meter = makeRateMeter();
  for (let at = 0; at <= seconds * 10; at += 1) meter.note((at / 10) * perSecond, at * 100);
  return { meter, done: seconds * perSecond, atMs: seconds * 1_000 };
}

describe('makeRateMeter', () => {
  test('knows nothing before time has passed', () => {
    const meter = makeRateMeter();
    meter.note(500, 0);
    meter.note(600, 10);
    expect(meter.perSecond()).toBeUndefined();
    meter.note(600, 100);
    expect(meter.perSecond()).toBeCloseTo(1_000);
  });

  test('a steady speed is told from the start, and stays', () => {
    expect(run(410, 0.2).meter.perSecond()).toBeCloseTo(410);
    expect(run(410, 100).meter.perSecond()).toBeCloseTo(410);
  });

  test('a new speed counts half after ten seconds, and all of it soon', () => {
    const { meter, done, atMs } = run(100, 600);
    for (let second = 1; second <= 10; second += 1) meter.note(done + second * 300, atMs + second * 1_000);
    expect(meter.perSecond()).toBeGreaterThan(190);
    expect(meter.perSecond()).toBeLessThan(210);
    for (let second = 11; second <= 100; second += 1) meter.note(done + second * 300, atMs + second * 1_000);
    expect(meter.perSecond()).toBeGreaterThan(299);
  });

  test('five at once every minute are five per minute, give or take, and never none', () => {
    const meter = makeRateMeter();
    const told: number[] = [];
    for (let minute = 0; minute < 10; minute += 1) {
      for (let call = 1; call <= 5; call += 1) meter.note(minute * 5 + call, minute * 60_000 + call * 1_000);
      told.push((meter.perSecond() ?? 0) * 60);
    }
    expect(Math.min(...told.slice(1))).toBeGreaterThan(4);
    expect(Math.max(...told.slice(1))).toBeLessThan(40);
  });

  test.each([
    ['set back by an hour', -3_600_000],
    ['set ahead by a day', 86_400_000],
  ])('a clock that is %s changes nothing', (_, jumpMs) => {
    const { meter, done, atMs } = run(410, 20);
    meter.note(done + 41, atMs + jumpMs);
    expect(meter.perSecond()).toBeCloseTo(410);
    meter.note(done + 82, atMs + jumpMs + 100);
    expect(meter.perSecond()).toBeCloseTo(410);
  });

  test('a count that falls is another count', () => {
    const { meter, atMs } = run(410, 20);
    meter.note(0, atMs + 100);
    expect(meter.perSecond()).toBeUndefined();
    meter.note(10, atMs + 1_100);
    expect(meter.perSecond()).toBeCloseTo(10);
  });
});
