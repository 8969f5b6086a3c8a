package dev.postern.sts.sealing;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.envelope.BlindIndex;
import dev.postern.kms.envelope.FieldSeal;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.NotOpened;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// Seals and opens what the registry keeps. A value that does not open is never read as if it were plain text.
///
/// Safe for any thread; asks key management for nothing, but for a data key that another replica has just made. While
/// that cannot be had, or the data keys could not be looked at for too long, the registry counts as away:
/// [SealingUnavailable].
public final class RegistrySeal {
    private final KeyRing keys;
    private final FieldSeal seal;

    public RegistrySeal(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.seal = new FieldSeal(keys, random);
    }

    public String seal(SealedColumn column, String row, String text) {
        try {
            return seal.sealText(column.place(row), text);
        } catch (KeyManagementException e) {
            throw new SealingUnavailable(e);
        }
    }

    /// The inverse of [#seal].
    ///
    /// @throws IllegalStateException if it was altered, moved, or sealed under a key that is gone
    public String open(SealedColumn column, String row, @Nullable String sealed) {
        if (sealed == null) {
            throw new IllegalStateException(column + " of a row is missing");
        }
        try {
            return seal.openText(column.place(row), sealed);
        } catch (NotOpened e) {
            throw new IllegalStateException("the registry was damaged: " + column + " does not open", e);
        } catch (KeyManagementException e) {
            throw new SealingUnavailable(e);
        }
    }

    public @Nullable String openNullable(SealedColumn column, String row, @Nullable String sealed) {
        return sealed == null ? null : open(column, row, sealed);
    }

    /// Finds values of a column by equality.
    public RegistryIndex index(SealedColumn column) {
        return new RegistryIndex(new BlindIndex(keys, SealedColumn.STORE, column.field()));
    }

    boolean isCurrent(SealedColumn column, String sealed) {
        try {
            return seal.isCurrent(sealed);
        } catch (NotOpened e) {
            throw new IllegalStateException("the registry was damaged: " + column + " is not sealed", e);
        }
    }
}
