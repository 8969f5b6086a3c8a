package dev.postern.chassis.keys;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Makes and ends the keys of one class. The one thing that an owner of keys writes.
///
/// All methods are called on one thread, which also registers and may block for a while; none is called per request.
///
/// @param <K> a key with its material; never printed and never compared here
public interface KeySource<K> {
    /// The class, for example `relay-hpke`.
    String keyClass();

    /// What a retiring key is still held for.
    Retirement retirement();

    /// The next key to register: a new one, or for a class that is kept (wrapped) one that is stored and not registered
    /// yet. Asked again after a refusal, so a key that is stored must be stored before this returns.
    K next();

    /// Its id: 8 to 128 characters of `A-Z a-z 0-9 _ -`, never used twice.
    String keyId(K key);

    /// The public JWK; empty for a symmetric key, which registers none.
    Map<String, Object> publicJwk(K key);

    /// A key that the directory lists for this owner and that is not held here: made by another replica, or before a
    /// restart. Empty for keys that die with their process. Asked for compromised ones too: what is still stored
    /// is then [#moved] to [Fate#COMPROMISED], again until it is stored no more.
    default Optional<K> load(String keyId) {
        return Optional.empty();
    }

    /// Told once of each step of a key that is held. [Fate#DESTROYED] and [Fate#COMPROMISED] are the last word: the
    /// material must be forgotten on return, and what it signed or sealed ended.
    default void moved(K key, Fate fate) {}

    /// How many live things that a compromised key had signed or sealed have ended; empty while some may live. Asked
    /// after [Fate#COMPROMISED], again and again until it answers; the answer is part of the compromise's report.
    default OptionalInt endedWith(String keyId) {
        return OptionalInt.of(0);
    }

    /// What happens to keys that are held, in the order of their life.
    enum Fate {
        /// Listed: others know it; it is not to be used yet.
        PREPARED,
        /// The one to use for what is new.
        ACTIVE,
        /// Nothing new any more.
        RETIRING,
        /// Its time is over.
        DESTROYED,
        /// Somebody else may hold it.
        COMPROMISED
    }

    /// What a retiring key is held for.
    enum Retirement {
        /// Others check what it signed by its public part: the private one is forgotten at once.
        FORGOTTEN,
        /// It opens or checks what it sealed until it is destroyed.
        HELD
    }
}
