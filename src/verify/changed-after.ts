/**
 * Whether somebody else surely changed a contact after our last write to it: the difference between overtaken, which is green, and altered,
 * which is not. Pure. Both times are LiveVox's: modifyDate, and the Date header of its answer (whole seconds). What is not
 * sure is no: a change of our own user, a time without its day's hour, an answer that never came.
 */
import { startOfDay, toLocalDate } from '../contact/index.ts';

/** What the mirror shows of the contact's last change. */
export type LastChange = {
  /** The earliest instant its modifyDate can mean; null: none. */
  readonly at: Date | null;
  readonly user: string | null;
};

/** Our last write to the contact, of all change sets. */
export type OwnWrite = {
  /** LiveVox's clock in the answer; null when one of the answers did not come, or did not say. */
  readonly serverDate: Date | null;
  /** The same by our clock: when it was answered, else sent. */
  readonly sentAt: Date;
};

export type ChangedAfterInput = {
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** The user we write as. */
  readonly ownUser: string;
};

/** The header leaves out the fraction of its second, and its clock need not be that of the database. */
const graceMs = 5_000;
/** A request without an answer may have been at work in LiveVox for long after it was sent. */
const unansweredMs = 3_600_000;

/** True only when it is sure. */
export function isChangedAfter(change: LastChange, own: OwnWrite, input: ChangedAfterInput): boolean {
  const { timeZone } = input;
  if (change.at === null || isSameUser(change.user, input.ownUser)) return false;
  const { serverDate, sentAt } = own;
  const latest = new Date(serverDate === null ? sentAt.getTime() + unansweredMs : serverDate.getTime() + graceMs);
  if (serverDate !== null && !isDayAlone(change.at, timeZone)) return change.at > latest;
  return toLocalDate(change.at, timeZone) > toLocalDate(latest, timeZone);
}

function isSameUser(user: string | null, ownUser: string): boolean {
  return user !== null && user.trim().toLowerCase() === ownUser.trim().toLowerCase();
}

/** A modifyDate that is a day alone is read as its first instant. */
function isDayAlone(at: Date, timeZone: string): boolean {
  return startOfDay(toLocalDate(at, timeZone), timeZone).getTime() === at.getTime();
}
