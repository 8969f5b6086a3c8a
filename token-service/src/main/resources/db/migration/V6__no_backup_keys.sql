-- Keys for sealed backups, which nothing ever used. With a command that makes them they will be made.
delete from data_key where key_use = 3;
