package dev.postern.auditing.s3;

import dev.postern.tlog.tile.EntryBundle;
import dev.postern.tlog.tile.Tile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The objects of one bucket below a prefix.
///
/// Guarantee: a write that returns was acknowledged by the server; every answer has a largest size and a longest time.
/// Any refusal is an `IOException` that names S3's error code, and neither key nor content. Any thread may use it.
public final class S3Bucket implements AutoCloseable {
    /// The largest bundle there can be, and one octet more.
    private static final int LONGEST = Tile.FULL * (Short.BYTES + EntryBundle.MAX_ENTRY) + 1;

    private static final int PART = 1 << 16;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ATTEMPT = Duration.ofSeconds(30);
    private static final Duration CALL = Duration.ofSeconds(90);
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final S3Client client;
    private final Place place;
    private final Duration longest;

    /// Which bucket.
    ///
    /// @param endpoint of a server that speaks S3; none for AWS' own
    /// @param prefix   of all names, empty or with a slash at its end
    public record Place(
            String bucket, String region, @Nullable URI endpoint, String prefix) {}

    private S3Bucket(S3Client client, Place place, Duration longest) {
        this.client = client;
        this.place = place;
        this.longest = longest;
    }

    /// Nothing is asked yet. Region and credentials come from the arguments alone, never from the files of AWS.
    public static S3Bucket open(Place place, S3Credentials credentials) {
        return open(place, credentials, CALL);
    }

    /// As [#open(Place, S3Credentials)].
    ///
    /// @param longest of one call, and of reading one answer
    static S3Bucket open(Place place, S3Credentials credentials, Duration longest) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(place.region()))
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(ATTEMPT))
                .overrideConfiguration(configuration -> configuration
                        .defaultProfileFile(ProfileFile.aggregator().build())
                        .apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(longest));
        if (place.endpoint() != null) {
            builder.endpointOverride(place.endpoint()).forcePathStyle(true);
        }
        return new S3Bucket(builder.build(), place, longest);
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private static <T> T calling(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (AwsServiceException e) {
            String code = Optional.ofNullable(e.awsErrorDetails())
                    .map(details -> " " + details.errorCode())
                    .orElse("");
            throw new IOException("S3 answers " + e.statusCode() + code, e);
        } catch (SdkException e) {
            throw new IOException("S3 cannot be reached: " + e.getMessage(), e);
        }
    }

    /// Asks whether objects of this bucket can be locked.
    ///
    /// @throws IOException with what to do, when they cannot
    public void requireObjectLock() throws IOException {
        boolean enabled = calling(() -> {
            try {
                return client.getObjectLockConfiguration(request -> request.bucket(place.bucket()))
                                .objectLockConfiguration()
                                .objectLockEnabled()
                        == ObjectLockEnabled.ENABLED;
            } catch (AwsServiceException e) {
                if (e.statusCode() == NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
        if (!enabled) {
            throw new IOException(
                    "the bucket " + place.bucket() + " does not exist, or has no Object Lock: make one with"
                            + " aws s3api create-bucket --object-lock-enabled-for-bucket, and name it in postern.audit.copy.bucket");
        }
    }

    /// The current version of an object.
    ///
    /// @throws IOException also when it is larger than any file of a log, or comes too slowly
    public Optional<byte[]> read(String name) throws IOException {
        return calling(() -> {
            try (ResponseInputStream<GetObjectResponse> in =
                    client.getObject(request -> request.bucket(place.bucket()).key(key(name)))) {
                return Optional.of(content(name, in));
            } catch (NoSuchKeyException _) {
                return Optional.empty();
            }
        });
    }

    /// The time-outs of a call end with the answer's header.
    private byte[] content(String name, ResponseInputStream<GetObjectResponse> in) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] part = new byte[PART];
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
            content.write(part, 0, read);
            if (content.size() >= LONGEST) {
                in.abort();
                throw new IOException(name + " is too long for a file of a log");
            }
            if (System.nanoTime() - end > 0) {
                in.abort();
                throw new IOException("S3 takes longer than " + longest.toSeconds() + " s to send " + name);
            }
        }
        return content.toByteArray();
    }

    /// Makes an object unless there is one of this name.
    ///
    /// @param lock none: it is not locked
    /// @return whether it was made
    public boolean make(String name, byte[] content, Optional<ObjectLock> lock) throws IOException {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(place.bucket()).key(key(name)).ifNoneMatch("*");
        lock.ifPresent(how -> request.objectLockMode(
                        ObjectLockMode.fromValue(how.mode().name()))
                .objectLockRetainUntilDate(how.until())
                .objectLockLegalHoldStatus(status(how.held())));
        return calling(() -> {
            try {
                var _ = client.putObject(request.build(), RequestBody.fromBytes(content));
                return true;
            } catch (AwsServiceException e) {
                if (e.statusCode() == PRECONDITION_FAILED) {
                    return false;
                }
                throw e;
            }
        });
    }

    /// Makes an object, or a new version of it. Not locked.
    public void replace(String name, byte[] content) throws IOException {
        var _ = calling(() -> client.putObject(
                request -> request.bucket(place.bucket()).key(key(name)), RequestBody.fromBytes(content)));
    }

    /// Hides an object; its versions stay, and those that are locked cannot go.
    public void hide(String name) throws IOException {
        var _ = calling(() ->
                client.deleteObject(request -> request.bucket(place.bucket()).key(key(name))));
    }

    /// Sees to it that the current version of an object is locked so long at least: a longer lock stays as it is.
    public void lock(String name, ObjectLock.Mode mode, Instant until) throws IOException {
        if (lockedUntil(name).filter(end -> !end.isBefore(until)).isPresent()) {
            return;
        }
        var _ = calling(() -> client.putObjectRetention(request -> request.bucket(place.bucket())
                .key(key(name))
                .retention(retention -> retention
                        .mode(ObjectLockRetentionMode.fromValue(mode.name()))
                        .retainUntilDate(until))));
    }

    private Optional<Instant> lockedUntil(String name) throws IOException {
        return calling(() -> {
            try {
                return Optional.ofNullable(client.getObjectRetention(request ->
                                        request.bucket(place.bucket()).key(key(name)))
                                .retention())
                        .map(ObjectLockRetention::retainUntilDate);
            } catch (AwsServiceException e) {
                if (e.statusCode() == NOT_FOUND) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /// Puts the current version of an object under a legal hold, or takes the hold off.
    public void hold(String name, boolean held) throws IOException {
        var _ = calling(() -> client.putObjectLegalHold(
                request -> request.bucket(place.bucket()).key(key(name)).legalHold(hold -> hold.status(status(held)))));
    }

    private static ObjectLockLegalHoldStatus status(boolean held) {
        return held ? ObjectLockLegalHoldStatus.ON : ObjectLockLegalHoldStatus.OFF;
    }

    /// The names of all objects that begin so, in order.
    public List<String> list(String beginning) throws IOException {
        return calling(() ->
                client
                        .listObjectsV2Paginator(
                                request -> request.bucket(place.bucket()).prefix(key(beginning)))
                        .contents()
                        .stream()
                        .map(S3Object::key)
                        .map(key -> key.substring(place.prefix().length()))
                        .toList());
    }

    private String key(String name) {
        return place.prefix() + name;
    }

    /// For messages: no credentials.
    @Override
    public String toString() {
        return "s3://" + place.bucket() + "/" + place.prefix();
    }

    @Override
    public void close() {
        client.close();
    }
}
