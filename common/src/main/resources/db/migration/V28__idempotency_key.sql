-- What a caller sent under a key of its own choice, and what was answered: the same key gets the same answer, without
-- the work being done again. A row is written in the transaction of that work, so neither is there without the other.
create table idempotency_key (
  caller       text        not null check (length(caller) between 1 and 200),
  key          text        not null check (length(key) between 1 and 200),
  -- of the method, the address and the body
  digest       text        not null check (length(digest) = 64),
  status       int         check (status between 200 and 399),
  content_type text        check (length(content_type) <= 200),
  -- null where there was none, or it must not be kept
  body         text        check (octet_length(body) <= 65536),
  kept         boolean     not null default true,
  created_at   timestamptz not null default now(),
  primary key (caller, key)
);
create index idempotency_key_created on idempotency_key (created_at);
