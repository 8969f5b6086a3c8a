package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.envelope.KeyShelf;
import dev.postern.kms.envelope.KeyUse;
import dev.postern.kms.envelope.WrappedKey;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The registry's wrapped data keys, in the registry: its replicas share them.
final class JdbcKeyShelf implements KeyShelf {
    private final JdbcClient jdbc;

    JdbcKeyShelf(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<WrappedKey> read() {
        return jdbc.sql("select key_use, generation, made_at, wrapped from data_key")
                .query((row, _) -> new WrappedKey(
                        KeyUse.ofCode(row.getInt("key_use"))
                                .orElseThrow(() -> new IllegalStateException("data_key has an unknown use")),
                        row.getInt("generation"),
                        row.getObject("made_at", OffsetDateTime.class).toInstant(),
                        Base64.getDecoder().decode(row.getString("wrapped"))))
                .list();
    }

    @Override
    public boolean add(WrappedKey key) {
        try {
            jdbc.sql("insert into data_key (key_use, generation, made_at, wrapped) values (?, ?, ?, ?)")
                    .param(key.use().code())
                    .param(key.generation())
                    .param(key.madeAt().atOffset(ZoneOffset.UTC))
                    .param(Base64.getEncoder().encodeToString(key.wrapped()))
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    /// Not within a transaction, as a request has one: were it rolled back, the key would be where it was, and its
    /// ring would take it for moved.
    @Override
    public boolean replace(WrappedKey seen, byte[] wrapped) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new KeyManagementException(
                    KeyManagementException.Reason.UNAVAILABLE,
                    "A data key of the registry is about to be moved to a new version of its wrapping key.");
        }
        return jdbc.sql("update data_key set wrapped = ? where key_use = ? and generation = ? and wrapped = ?")
                        .param(Base64.getEncoder().encodeToString(wrapped))
                        .param(seen.use().code())
                        .param(seen.generation())
                        .param(Base64.getEncoder().encodeToString(seen.wrapped()))
                        .update()
                == 1;
    }

    @Override
    public void withdraw(WrappedKey added) {
        jdbc.sql("delete from data_key where key_use = ? and generation = ? and wrapped = ?")
                .param(added.use().code())
                .param(added.generation())
                .param(Base64.getEncoder().encodeToString(added.wrapped()))
                .update();
    }

    @Override
    public void destroy(KeyUse use, int generation) {
        jdbc.sql("delete from data_key where key_use = ? and generation = ?")
                .param(use.code())
                .param(generation)
                .update();
    }
}
