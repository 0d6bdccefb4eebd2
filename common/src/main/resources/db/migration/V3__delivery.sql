-- A webhook delivery that was accepted; a redelivery finds itself here.
create table delivery (
  forge       text        not null check (forge in ('github', 'gitlab', 'gitea', 'bitbucket')),
  id          text        not null check (length(id) between 1 and 200),
  app         text        not null references app (name),
  job         bigint      not null references job (id),
  received_at timestamptz not null default now(),
  primary key (forge, id)
);
-- A commit that pushes go on from and that was not pushed yet: when it comes, it goes ahead of them.
create table awaited_commit (
  app        text not null references app (name),
  commit_sha text not null,
  primary key (app, commit_sha)
);
