-- Who did what, when, to what, with which outcome. Rows are only ever added.
create table audit (
  id      bigint      primary key generated always as identity,
  at      timestamptz not null default now(),
  actor   text        not null,
  action  text        not null,
  subject text        not null,
  outcome text        not null,
  detail  text
);
