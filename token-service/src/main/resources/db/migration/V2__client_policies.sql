-- Single use is remembered by Redis, for all replicas together.
drop table if exists used_once;

alter table client drop constraint client_keys;
update client set auth_method = 'workload' where auth_method = 'tls_client_auth';

alter table client add column certificate varchar(16384);
alter table client add column secret_hash varchar(128);
-- A client document's policy members; {} has their defaults.
alter table client add column policy      varchar(16384) default '{}' not null;
alter table client add column status      varchar(16) default 'enabled' not null;
alter table client add column version     bigint default 1 not null;

alter table client add constraint client_keys check (
  (auth_method = 'private_key_jwt') = (jwks is not null)
  and (auth_method in ('tls_client_auth', 'self_signed_tls_client_auth')) = (certificate is not null)
  and (auth_method = 'client_secret_basic') = (secret_hash is not null));
alter table client add constraint client_status check (status in ('enabled', 'disabled'));

-- One row: rises with every change to any client, so that replicas know when to read again.
create table client_changes (
  only_row smallint not null primary key check (only_row = 1),
  changes  bigint   not null
);
insert into client_changes (only_row, changes) values (1, 1);

-- What of the bootstrap file was applied last, so that a later start does not undo what administrators did since.
create table bootstrap_client (
  client_id varchar(64) not null primary key,
  digest    varchar(64) not null
);
-- Until now every client came from the file.
insert into bootstrap_client (client_id, digest) select client_id, '' from client;
