-- Data keys, wrapped by key management.
create table data_key (
  key_use    smallint      not null,
  generation integer       not null,
  made_at    timestamp(3) with time zone not null,
  wrapped    varchar(8192) not null,
  primary key (key_use, generation)
);

-- Sealed values are longer than what they seal.
alter table client alter column jwks set data type varchar(65536);
alter table client alter column certificate set data type varchar(65536);
alter table client alter column secret_hash set data type varchar(512);
alter table client alter column policy set data type varchar(65536);
alter table client alter column policy drop default;
alter table scope alter column description set data type varchar(2048);
alter table policy_version alter column document set data type varchar(1000000);
alter table policy_version alter column author set data type varchar(2048);
alter table foreign_issuer alter column document set data type varchar(400000);
alter table revocation alter column target set data type varchar(4096);
alter table revocation alter column actor set data type varchar(2048);
alter table approval alter column document set data type varchar(1000000);
alter table approval alter column subject set data type varchar(2048);
alter table approval alter column decided_by set data type varchar(2048);
alter table idempotency alter column answer set data type varchar(400000);

-- Who revoked is looked for by a blind index; the target never was looked for.
drop index revocation_target;
alter table revocation add column actor_index varchar(64) default '' not null;
create index revocation_actor on revocation (actor_index, reason);
