package dev.postern.chassis.keys;

/// Keys that are numbered generations in one place, each made when it is first needed: versions of wrapping keys, or
/// the data keys of a store. The newest seals; older ones open until they are ended.
///
/// Called by one thread at a time. Whatever is thrown means: not done, ask again; so each must do no harm when it is
/// done twice, or by several replicas at once.
public interface Generations {
    /// The one that seals. At least 1.
    int newest();

    /// Makes generations until one of this number, or a higher one, seals; costs little where that is so.
    void advanceTo(int generation);

    /// Seals anew under the newest whatever is under an older one. On return nothing is, but for what was being
    /// written meanwhile.
    ///
    /// @return how much was
    int renew();

    /// Ends every generation below this one, for good.
    void endBefore(int oldest);
}
