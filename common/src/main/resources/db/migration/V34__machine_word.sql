-- Of a machine's words the one that it counted highest is the last: how long a report travels must not decide.
alter table machine add column sequence bigint not null default 0;
