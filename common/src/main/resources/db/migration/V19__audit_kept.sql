-- From which address; none where nobody called, as with what auto-deploy does.
alter table audit add column address text check (length(address) <= 100);

-- What was written stays as it is. Whoever owns the table could take the trigger away.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise restrict_violation using message = 'rows of audit are only ever added';
end $$;

create trigger audit_is_append_only before update or delete or truncate on audit
  for each statement execute function refuse_audit_change();
