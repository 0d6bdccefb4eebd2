-- What a machine says of an app is found by all three, whichever index the planner takes: by app and region alone each
-- machine of a fleet that its statistics do not know yet was looked for among all that the region says of the app. Reports
-- wait for the moment that this takes.
-- contract: since 0.1 the new index begins with the columns of the old one
create index machine_app_app_machine on machine_app (app, region, machine);
drop index machine_app_app;
