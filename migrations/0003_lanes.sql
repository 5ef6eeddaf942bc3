-- Lanes shared by all processes: when each request of a lane may start, and the session they share.
-- Logged, not unlogged: after a crash of the server the pauses that LiveVox asked for, the learnt limits and the starts of the last
-- window must still be there, or the limit would be broken just when everybody starts again. Bookings do not wait for the disk
-- (synchronous_commit off), so a crash forgets at most the last half second of them.
-- Locks: creates new objects only. Five million rows: nothing to rewrite. Old workers may still run; they book no slots.

create table sync.lane_slots (
  lane text primary key,
  slots timestamptz[] not null default '{}',
  blocked_until timestamptz,
  learnt_starts integer check (learnt_starts > 0),
  learnt_per_ms bigint check (learnt_per_ms > 0),
  learnt_at timestamptz,
  learnt_until timestamptz
) with (fillfactor = 50);
comment on table sync.lane_slots is 'When the requests of each lane start: the slots that all processes have booked.';
comment on column sync.lane_slots.lane is 'Address of the API, client code, user and vendor method.';
comment on column sync.lane_slots.slots is 'The last booked starts, oldest first, by the database''s clock.';
comment on column sync.lane_slots.blocked_until is 'End of the pause that LiveVox asked for; nothing starts before it.';
comment on column sync.lane_slots.learnt_starts is 'Starts per learnt window, learnt from a 429; in force while the config sets no limit.';
comment on column sync.lane_slots.learnt_per_ms is 'Length of the learnt window with its guard, milliseconds.';
comment on column sync.lane_slots.learnt_at is 'When it was learnt last.';
comment on column sync.lane_slots.learnt_until is 'When it is forgotten.';

create table sync.sessions (
  name text primary key,
  sealed text not null,
  replaced_at timestamptz not null default now()
);
comment on table sync.sessions is 'The LiveVox sessions that all processes share.';
comment on column sync.sessions.name is 'Address of the API, client code, user, and a fingerprint of the access token.';
comment on column sync.sessions.sealed is 'The session id, encrypted with a key made of access token and password (AES-256-GCM).';
comment on column sync.sessions.replaced_at is 'When a login last put it there.';

-- Books the lane's next slot; gives the wait until it and the time it was reckoned from, milliseconds; beyond p_max_wait_ms it books nothing.
-- Without windows of the caller the learnt one holds. The row's lock puts the callers in order.
create function sync.book_slot(
  p_lane text, p_starts integer[], p_per_ms bigint[], p_max_wait_ms double precision, p_kept integer,
  out wait_ms double precision, out at_ms double precision
)
language plpgsql as $$
declare
  held sync.lane_slots;
  at timestamptz;
  slot timestamptz;
  booked integer;
begin
  perform set_config('synchronous_commit', 'off', true);
  select * into held from sync.lane_slots where lane = p_lane for update;
  if not found then
    insert into sync.lane_slots (lane) values (p_lane) on conflict do nothing;
    select * into held from sync.lane_slots where lane = p_lane for update;
  end if;
  at := clock_timestamp();
  booked := cardinality(held.slots);
  -- Nobody waits that long: the clock was set back, and what was booked by the old one says nothing.
  if held.slots[booked] > at + greatest(p_max_wait_ms, 600000) * interval '1 millisecond' then
    held.slots := '{}';
    booked := 0;
  end if;
  if cardinality(p_starts) = 0 and held.learnt_until > at then
    p_starts := array[held.learnt_starts];
    p_per_ms := array[held.learnt_per_ms];
  end if;
  slot := greatest(at, held.blocked_until, held.slots[booked]);
  for i in 1 .. cardinality(p_starts) loop
    if booked >= p_starts[i] then
      slot := greatest(slot, held.slots[booked - p_starts[i] + 1] + p_per_ms[i] * interval '1 millisecond');
    end if;
  end loop;
  if slot <= at + p_max_wait_ms * interval '1 millisecond' then
    update sync.lane_slots
       set slots = held.slots[greatest(1, booked + 2 - p_kept) : booked] || slot
     where lane = p_lane;
  end if;
  wait_ms := ceil(extract(epoch from slot - at) * 1000);
  at_ms := extract(epoch from at) * 1000;
end
$$;
comment on function sync.book_slot is 'Books the next slot of a lane: never more than so many starts in any window.';
