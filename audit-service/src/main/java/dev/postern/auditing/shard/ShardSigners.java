package dev.postern.auditing.shard;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;

/// One Ed25519 key per shard, held by key management.
public final class ShardSigners {

    private final KeyManagement keys;
    private final ShardFiles files;

    public ShardSigners(KeyManagement keys, ShardFiles files) {
        this.keys = keys;
        this.files = files;
    }

    NoteSigner signer(ShardName shard) {
        KeyName key = KeyName.signingEd25519("audit-log-" + shard);
        return new NoteSigner(
                NoteVerifier.of(files.origin(shard), keys.publicKey(key)), message -> keys.sign(key, message));
    }
}
