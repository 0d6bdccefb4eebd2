-- The role that KEDA counts builds with: it reads what it counts, and nothing else. Give it a password: \password slipway_scaler
create role slipway_scaler login connection limit 5;
alter role slipway_scaler set default_transaction_read_only = on;
alter role slipway_scaler set statement_timeout = '5s';
grant select (worker, failure, pool, replicated_at, status) on job to slipway_scaler;
