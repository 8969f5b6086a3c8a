package dev.postern.auditing.shard;

import dev.postern.audit.root.RootEntry;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.kms.Wrapped;
import dev.postern.kms.WrappedSets;
import dev.postern.tlog.note.CosignatureSigner;
import dev.postern.tlog.note.CosignatureVerifier;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.note.NoteVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// One Ed25519 key per shard, and one for the root log, and beside each an ML-DSA-44 key where these are wanted: born
/// here, kept wrapped by the key management and bound to its
/// public half, unwrapped
/// once before the shard is opened. No checkpoint waits for the key management, which may be a network away.
///
/// Guarantee: a key is made only for a shard that has none. One that was lost or altered stops the start. A shard
/// whose key an earlier release made inside the key management goes on with that one.
public final class ShardSigners implements Wrapped {
    private static final KeyName WRAPPING = KeyName.wrapping("audit-log");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final String FIRST = "Ed25519";
    private static final String SECOND = "ML-DSA-44";
    private static final String SECOND_SUFFIX = "-mldsa44";
    private static final JsonMapper JSON = JsonMapper.shared();

    private record Kept(String open, String key) {
        @Override
        public String toString() {
            return "Kept[hidden]";
        }
    }

    private final KeyManagement keys;
    private final WrappedSets sets;
    private final ShardFiles files;
    private final Clock clock;
    private final SecureRandom random;
    private final SecondKey second;

    /// Whether logs have a second key, ML-DSA-44.
    public enum SecondKey {
        NONE,
        ML_DSA_44
    }

    public ShardSigners(KeyManagement keys, WrappedSets sets, ShardFiles files, Clock clock, SecureRandom random) {
        this(keys, sets, files, clock, random, SecondKey.NONE);
    }

    public ShardSigners(
            KeyManagement keys,
            WrappedSets sets,
            ShardFiles files,
            Clock clock,
            SecureRandom random,
            SecondKey second) {
        this.second = second;
        this.keys = keys;
        this.sets = sets;
        this.files = files;
        this.clock = clock;
        this.random = random;
    }

    /// The signer of a shard; its key is made now if the shard has none.
    ///
    /// @throws KeyManagementException if key management or its wrapped sets cannot be used: ask again
    public NoteSigner signer(ShardName shard) {
        KeyName inside = KeyName.signingEd25519(name(shard.value()));
        if (isKnown(inside)) {
            return new NoteSigner(
                    NoteVerifier.of(files.origin(shard), keys.publicKey(inside)),
                    message -> keys.sign(inside, message),
                    second(shard.value(), files.origin(shard)));
        }
        return wrapped(shard.value(), files.origin(shard));
    }

    /// The signer of the root log, likewise.
    public NoteSigner rootSigner() {
        return wrapped(RootEntry.LOG, files.rootOrigin());
    }

    private NoteSigner wrapped(String log, String origin) {
        KeyPair pair = pair(log, FIRST);
        return new NoteSigner(
                NoteVerifier.of(origin, pair.getPublic()),
                message -> sign(pair.getPrivate(), FIRST, message),
                second(log, origin));
    }

    private Optional<CosignatureSigner> second(String log, String origin) {
        if (second == SecondKey.NONE) {
            return Optional.empty();
        }
        KeyPair pair = pair(log + SECOND_SUFFIX, SECOND);
        return Optional.of(new CosignatureSigner(
                CosignatureVerifier.of(origin, pair.getPublic()), message -> sign(pair.getPrivate(), SECOND, message)));
    }

    private KeyPair pair(String log, String algorithm) {
        Optional<byte[]> kept = sets.read(name(log));
        return kept.isPresent() ? restore(log, algorithm, kept.get()) : create(log, algorithm);
    }

    private boolean isKnown(KeyName key) {
        try {
            var _ = keys.versions(key);
            return true;
        } catch (KeyManagementException e) {
            if (e.reason() == Reason.UNKNOWN_KEY) {
                return false;
            }
            throw e;
        }
    }

    private KeyPair create(String log, String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(new NamedParameterSpec(algorithm), random);
            KeyPair pair = generator.generateKeyPair();
            byte[] pkcs8 = pair.getPrivate().getEncoded();
            String open = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
            byte[] wrapped = keys.wrap(WRAPPING, pkcs8, context(log, open));
            Arrays.fill(pkcs8, (byte) 0);
            if (!sets.replace(name(log), null, set(open, wrapped))) {
                throw lost(log, null);
            }
            return pair;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519 and ML-DSA", e);
        }
    }

    @Override
    public KeyName wrapping() {
        return WRAPPING;
    }

    /// The keys of closed shards as well, and those of shards that have no file yet: this week's and the next one's.
    @Override
    public int renew() {
        try {
            Set<ShardName> shards = new TreeSet<>(files.shards());
            shards.add(ShardName.at(clock.instant()));
            shards.add(ShardName.at(clock.instant().plus(WEEK)));
            return Stream.concat(Stream.of(RootEntry.LOG), shards.stream().map(ShardName::value))
                    .mapToInt(log -> renew(log) + renew(log + SECOND_SUFFIX))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int renew(String log) {
        Optional<byte[]> set = sets.read(name(log));
        try {
            return set.isPresent() && renew(log, set.get(), JSON.readValue(set.get(), Kept.class)) ? 1 : 0;
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw lost(log, e);
        }
    }

    private boolean renew(String log, byte[] set, Kept kept) {
        byte[] wrapped = Base64.getDecoder().decode(kept.key());
        Optional<byte[]> renewed = keys.renewed(WRAPPING, wrapped, context(log, kept.open()));
        return renewed.isPresent() && sets.replace(name(log), set, set(kept.open(), renewed.get()));
    }

    private KeyPair restore(String log, String algorithm, byte[] set) {
        try {
            Kept kept = JSON.readValue(set, Kept.class);
            byte[] wrapped = Base64.getDecoder().decode(kept.key());
            byte[] pkcs8 = keys.unwrap(WRAPPING, wrapped, context(log, kept.open()));
            KeyFactory factory = KeyFactory.getInstance(algorithm);
            PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            Arrays.fill(pkcs8, (byte) 0);
            PublicKey open = factory.generatePublic(
                    new X509EncodedKeySpec(Base64.getDecoder().decode(kept.open())));
            var _ = renew(log, set, kept);
            return new KeyPair(open, key);
        } catch (JacksonException | GeneralSecurityException | IllegalArgumentException | NullPointerException e) {
            throw lost(log, e);
        }
    }

    private KeyManagementException lost(String log, @Nullable Exception cause) {
        String sentence = "The key of the audit log " + log + " in " + sets.placeOf(name(log))
                + " does not open, or is another process's: restore it from a backup.";
        return cause == null
                ? new KeyManagementException(Reason.NOT_AUTHENTIC, sentence)
                : new KeyManagementException(Reason.NOT_AUTHENTIC, sentence, cause);
    }

    private byte[] sign(PrivateKey key, String algorithm, byte[] message) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key, random);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519 and ML-DSA", e);
        }
    }

    private static byte[] set(String open, byte[] wrapped) {
        return JSON.writeValueAsBytes(new Kept(open, Base64.getEncoder().encodeToString(wrapped)));
    }

    private static byte[] context(String log, String open) {
        return (name(log) + "|" + open).getBytes(StandardCharsets.US_ASCII);
    }

    private static String name(String log) {
        return "audit-log-" + log;
    }
}
