package dev.postern.kms;

import dev.postern.kms.KeyManagementException.Reason;
import java.util.List;
import java.util.Optional;

/// The wrapping keys of one service, rotated together: each is brought to the same version, and whatever lies under
/// any of them is wrapped anew. A key that was never used is left alone: it will be made with its first value.
///
/// Guarantee: each step may be repeated, by this process or another replica, and none loses anything that
/// [Wrapped#renew] has moved.
public final class WrappingVersions {
    private final KeyManagement kms;
    private final List<Wrapped> wrapped;

    /// @param wrapped one for each wrapping key
    public WrappingVersions(KeyManagement kms, List<Wrapped> wrapped) {
        this.kms = kms;
        this.wrapped = List.copyOf(wrapped);
    }

    /// Of whichever key has the highest; at least 1.
    public int newest() {
        return wrapped.stream()
                .flatMap(it -> versions(it.wrapping()).stream())
                .mapToInt(KeyVersions::newest)
                .max()
                .orElse(1);
    }

    /// Rotates each key until it has this version.
    public void advanceTo(int version) {
        for (Wrapped it : wrapped) {
            Optional<KeyVersions> versions = versions(it.wrapping());
            while (versions.isPresent() && versions.get().newest() < version) {
                versions = Optional.of(kms.rotate(it.wrapping()));
            }
        }
    }

    /// Moves every value to the newest version; says how many were moved.
    public int renew() {
        return wrapped.stream().mapToInt(Wrapped::renew).sum();
    }

    /// Destroys every older version, of the keys that have a newer one.
    public void destroyBefore(int oldest) {
        for (Wrapped it : wrapped) {
            versions(it.wrapping()).ifPresent(versions -> {
                var _ = kms.destroyBefore(it.wrapping(), Math.min(oldest, versions.newest()));
            });
        }
    }

    private Optional<KeyVersions> versions(KeyName key) {
        try {
            return Optional.of(kms.versions(key));
        } catch (KeyManagementException e) {
            if (e.reason() == Reason.UNKNOWN_KEY) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
