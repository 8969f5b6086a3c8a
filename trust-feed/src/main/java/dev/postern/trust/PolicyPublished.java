package dev.postern.trust;

/// A policy set comes into force.
///
/// @param epoch its version; a later one replaces an earlier one
/// @param minimumEpoch tokens that were issued under an older one no longer count
/// @param policySetJson the whole set, at most 256 Ki characters; not read here
public record PolicyPublished(long epoch, long minimumEpoch, String policySetJson) implements TrustChange {
    public static final int MAX_LENGTH = 256 * 1024;

    public PolicyPublished {
        if (epoch < 1 || minimumEpoch < 0 || minimumEpoch > epoch) {
            throw new IllegalArgumentException("a policy demands no newer tokens than it can have issued");
        }
        if (policySetJson.isBlank() || policySetJson.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a policy set has 1 to 262144 characters");
        }
    }

    @Override
    public String toString() {
        return "PolicyPublished[epoch=" + epoch + ", minimumEpoch=" + minimumEpoch + "]";
    }
}
