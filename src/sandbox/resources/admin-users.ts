/**
 * `/sandbox/users`: who may log in, and with which role. A role given here shows in a session that lives after five
 * minutes of the sandbox's clock, in a new one at once; the same user and token get the session that lives.
 */
import { z } from 'zod';
import { type Answer, errorCodes, json, Refusal } from '../answer.ts';
import type { Exchange } from '../router.ts';
import { roles, type SandboxUser } from '../session-book.ts';
import { parseBody } from '../wire/parse-body.ts';
import type { World } from '../world.ts';

const userBody = z.strictObject({ role: z.enum(roles) });

/** `GET /sandbox/users` */
export function listUsers({ world }: Exchange): Answer {
  return json({ users: world.users.map((user) => toView(world, user)) });
}

/** `PUT /sandbox/users/{userName}`: gives the user another role. */
export function putUser({ world, params, body }: Exchange): Answer {
  const { role } = parseBody(userBody, body);
  const user = world.users.find(({ userName }) => userName === params['userName']);
  if (user === undefined) throw new Refusal(404, errorCodes.notFound, 'No such user');
  world.sessions.giveRole(user, role);
  return json(toView(world, user));
}

function toView({ sessions }: World, user: SandboxUser): Pick<SandboxUser, 'userName' | 'role'> {
  return { userName: user.userName, role: sessions.roleGiven(user) };
}
