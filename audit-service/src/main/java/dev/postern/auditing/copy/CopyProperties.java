package dev.postern.auditing.copy;

import dev.postern.auditing.s3.ObjectLock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the log is copied to. Without a bucket it is not.
///
/// @param bucket          an S3 bucket with Object Lock
/// @param region          of the bucket
/// @param endpoint        of another server than AWS' own, in HTTPS; in HTTP on this machine only
/// @param prefix          of all names in the bucket, with a slash at its end
/// @param credentialsFile access key id and secret access key, a line each
/// @param mode            of the locks: `COMPLIANCE`, or `GOVERNANCE` for trials
/// @param pause           between two looks at what was published
/// @param behindBound     a copy that lacks something for longer is an alarm
@ConfigurationProperties("postern.audit.copy")
public record CopyProperties(
        String bucket,
        @Nullable String region,
        @Nullable URI endpoint,
        @DefaultValue("") String prefix,
        @Nullable Path credentialsFile,
        @DefaultValue("COMPLIANCE") ObjectLock.Mode mode,
        @DefaultValue("1m") Duration pause,
        @DefaultValue("15m") Duration behindBound) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{2,32}");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,63}/){0,8}");
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration LONGEST = Duration.ofHours(1);

    public CopyProperties {
        require(BUCKET.matcher(bucket).matches(), "postern.audit.copy.bucket is the name of an S3 bucket");
        require(
                region != null && REGION.matcher(region).matches(),
                "postern.audit.copy.region is the bucket's region, for example eu-central-1: set it");
        require(
                endpoint == null || isSafe(endpoint),
                "postern.audit.copy.endpoint is an address in HTTPS without a path; leave it out for AWS");
        require(
                PREFIX.matcher(prefix).matches(),
                "postern.audit.copy.prefix is empty, or names with a slash after each: postern/");
        require(
                credentialsFile != null,
                "postern.audit.copy.credentials-file is a file with the access key id on its first line and the secret"
                        + " access key on its second: set it");
        require(
                pause.isPositive() && pause.compareTo(LONGEST) <= 0,
                "postern.audit.copy.pause is positive, and an hour at most");
        require(
                behindBound.compareTo(pause.multipliedBy(2)) >= 0,
                "postern.audit.copy.behind-bound is at least twice postern.audit.copy.pause");
    }

    private static void require(boolean is, String sentence) {
        if (!is) {
            throw new IllegalArgumentException(sentence);
        }
    }

    private static boolean isSafe(URI endpoint) {
        String host = endpoint.getHost();
        String path = endpoint.getPath();
        boolean bare =
                host != null && endpoint.getUserInfo() == null && (path == null || path.isEmpty() || path.equals("/"));
        return bare
                && ("https".equals(endpoint.getScheme())
                        || ("http".equals(endpoint.getScheme()) && HERE.contains(host)));
    }
}
