/** Loaded before a process (`node --import`): its clock begins at TEST_CLOCK_STARTS_AT and goes on from there; timers are as they were. */
const RealDate = Date;
const shiftMs = RealDate.parse(process.env.TEST_CLOCK_STARTS_AT) - RealDate.now();

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + shiftMs] : parts));
  }

  static now() {
    return RealDate.now() + shiftMs;
  }
};
