package dev.postern.test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A small S3 server of our own, for what other test servers leave out: it keeps versions, honours `If-None-Match`,
/// takes locks and legal holds with an object and after it, as in S3 only together with a checksum, never shortens a
/// lock of mode COMPLIANCE, and deletes no version that is locked. Lists come in pages of 20.
///
/// It wants the header of a signature (version 4) with the right key id, region and service, and every checksum to be
/// right. Not S3: it does not compute the signature, knows one key and no policies, and forgets everything at its end.
public final class StrictS3 implements AutoCloseable {
    public static final String KEY_ID = "AKIATEST";
    public static final String SECRET = "the-secret-of-the-test";
    public static final String REGION = "us-east-1";

    private static final int PAGE = 20;
    private static final Pattern MODE = Pattern.compile("<Mode>([A-Z]+)</Mode>");
    private static final Pattern UNTIL = Pattern.compile("<RetainUntilDate>([^<]+)</RetainUntilDate>");
    private static final Pattern STATUS = Pattern.compile("<Status>(ON|OFF)</Status>");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Clock clock = Clock.systemUTC();
    private final Map<String, Bucket> buckets = new HashMap<>();
    private Predicate<String> refused = _ -> false;

    private static final class Bucket {
        private final boolean lockable;
        private final TreeMap<String, List<Version>> objects = new TreeMap<>();

        private Bucket(boolean lockable) {
            this.lockable = lockable;
        }

        private @Nullable Version current(String key) {
            List<Version> versions = objects.getOrDefault(key, List.of());
            Version last = versions.isEmpty() ? null : versions.getLast();
            return last == null || last.content == null ? null : last;
        }

        private void add(String key, Version version) {
            objects.computeIfAbsent(key, _ -> new ArrayList<>()).add(version);
        }
    }

    private static final class Version {
        /// None: a mark that the object is hidden.
        private final byte @Nullable [] content;

        private @Nullable String mode;
        private @Nullable Instant until;
        private boolean held;

        private Version(byte @Nullable [] content) {
            this.content = content;
        }
    }

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        private Refused(int status, String code) {
            super(code);
            this.status = status;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Written once, never compared.
    private record Answer(int status, byte[] body) {
        private static final Answer DONE = new Answer(200, new byte[0]);

        private static Answer xml(int status, String text) {
            return new Answer(
                    status, ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8));
        }
    }

    private StrictS3(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /// On a free port of the loopback interface.
    public static StrictS3 start() throws IOException {
        return new StrictS3(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /// Plain HTTP, buckets in the path.
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Makes a bucket, with versions.
    public synchronized void create(String bucket, boolean lockable) {
        buckets.put(bucket, new Bucket(lockable));
    }

    /// As a policy does it: who asks for something that matches gets 403.
    ///
    /// @param requests method, a space, and path with query, for example `PUT /bucket/key?legal-hold`
    public synchronized void refuse(Predicate<String> requests) {
        refused = requests;
    }

    /// The names of what is not hidden.
    public synchronized List<String> names(String bucket) {
        Bucket of = bucket(bucket);
        return of.objects.keySet().stream()
                .filter(key -> of.current(key) != null)
                .toList();
    }

    /// Returns once there is an object of this name.
    public synchronized void await(String bucket, String key) throws InterruptedException {
        while (bucket(bucket).current(key) == null) {
            wait();
        }
    }

    /// Of the current version.
    public synchronized byte[] content(String bucket, String key) {
        byte[] content = version(bucket, key).content;
        return content == null ? new byte[0] : content.clone();
    }

    /// As somebody who has another way in does it: a new version.
    public synchronized void put(String bucket, String key, byte[] content) {
        bucket(bucket).add(key, new Version(content.clone()));
    }

    /// How often an object was written, hidden versions included.
    public synchronized long versions(String bucket, String key) {
        return bucket(bucket).objects.getOrDefault(key, List.of()).stream()
                .filter(version -> version.content != null)
                .count();
    }

    /// Until when the current version is locked in mode COMPLIANCE.
    public synchronized Optional<Instant> lockedUntil(String bucket, String key) {
        Version version = version(bucket, key);
        return "COMPLIANCE".equals(version.mode) ? Optional.ofNullable(version.until) : Optional.empty();
    }

    /// Whether the current version is under a legal hold.
    public synchronized boolean held(String bucket, String key) {
        return version(bucket, key).held;
    }

    private Bucket bucket(String name) {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw new IllegalArgumentException("no bucket " + name);
        }
        return bucket;
    }

    private Version version(String bucket, String key) {
        Version version = bucket(bucket).current(key);
        if (version == null) {
            throw new IllegalArgumentException("no object " + key);
        }
        return version;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                authenticate(exchange);
                byte[] body = body(exchange);
                synchronized (this) {
                    answer = answer(exchange, body);
                    notifyAll();
                }
            } catch (Refused refused) {
                answer = Answer.xml(
                        refused.status,
                        "<Error><Code>" + refused.getMessage() + "</Code><Message>no</Message></Error>");
            }
            exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
            if (answer.body.length > 0) {
                exchange.getResponseBody().write(answer.body);
            }
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private static void authenticate(HttpExchange exchange) throws Refused {
        boolean signed = header(exchange, "Authorization")
                        .matches("AWS4-HMAC-SHA256 Credential=" + KEY_ID + "/[0-9]{8}/" + REGION
                                + "/s3/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}")
                && !header(exchange, "X-Amz-Date").isEmpty()
                && !header(exchange, "X-Amz-Content-Sha256").isEmpty();
        if (!signed) {
            throw new Refused(403, "AccessDenied");
        }
    }

    /// What was sent, out of its chunks, with its checksum checked.
    private static byte[] body(HttpExchange exchange) throws IOException, Refused {
        byte[] sent = exchange.getRequestBody().readAllBytes();
        String checksum = header(exchange, "X-Amz-Checksum-Crc32");
        byte[] content = sent;
        if (header(exchange, "X-Amz-Content-Sha256").startsWith("STREAMING-")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int at = 0;
            int length = -1;
            while (length != 0) {
                int end = lineEnd(sent, at);
                String line = new String(sent, at, end - at, StandardCharsets.US_ASCII);
                length = Integer.parseInt(line.replaceFirst(";.*", ""), 16);
                out.write(sent, end + 2, length);
                at = end + 2 + length + (length == 0 ? 0 : 2);
            }
            content = out.toByteArray();
            String trailer = new String(sent, at, sent.length - at, StandardCharsets.US_ASCII);
            checksum = trailer.lines()
                    .filter(line -> line.startsWith("x-amz-checksum-crc32:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        }
        if (!checksum.isEmpty() && !checksum.equals(crc32(content))) {
            throw new Refused(400, "BadDigest");
        }
        boolean locks = !header(exchange, "X-Amz-Object-Lock-Mode").isEmpty();
        if (locks && checksum.isEmpty() && header(exchange, "Content-MD5").isEmpty()) {
            throw new Refused(400, "InvalidRequest");
        }
        return content;
    }

    private static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private static String crc32(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return Base64.getEncoder()
                .encodeToString(Arrays.copyOfRange(
                        ByteBuffer.allocate(Long.BYTES).putLong(crc.getValue()).array(), 4, 8));
    }

    private Answer answer(HttpExchange exchange, byte[] body) throws Refused {
        if (refused.test(exchange.getRequestMethod() + " " + exchange.getRequestURI())) {
            throw new Refused(403, "AccessDenied");
        }
        String path = exchange.getRequestURI().getPath().substring(1);
        int slash = path.indexOf('/');
        Bucket bucket = buckets.get(slash < 0 ? path : path.substring(0, slash));
        if (bucket == null) {
            throw new Refused(404, "NoSuchBucket");
        }
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        String key = slash < 0 ? "" : path.substring(slash + 1);
        if (key.isEmpty()) {
            return query.containsKey("object-lock") ? lockConfiguration(bucket) : list(bucket, query);
        }
        return switch (exchange.getRequestMethod()) {
            case "GET" ->
                query.containsKey("retention")
                        ? retention(found(bucket, key))
                        : new Answer(
                                200,
                                Optional.ofNullable(found(bucket, key).content).orElseThrow());
            case "DELETE" -> delete(bucket, key, query);
            case "PUT" -> put(exchange, bucket, key, query, body);
            default -> throw new Refused(405, "MethodNotAllowed");
        };
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&")) {
            int equals = part.indexOf('=');
            query.put(
                    equals < 0 ? part : part.substring(0, equals),
                    equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    private static Answer lockConfiguration(Bucket bucket) throws Refused {
        if (!bucket.lockable) {
            throw new Refused(404, "ObjectLockConfigurationNotFoundError");
        }
        return Answer.xml(
                200,
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>");
    }

    private static Answer list(Bucket bucket, Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("continuation-token", "");
        List<String> keys = bucket.objects.keySet().stream()
                .filter(key -> key.startsWith(prefix) && key.compareTo(after) > 0 && bucket.current(key) != null)
                .limit(PAGE + 1)
                .toList();
        boolean more = keys.size() > PAGE;
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>" + more + "</IsTruncated>");
        List<String> page = keys.subList(0, Math.min(PAGE, keys.size()));
        page.forEach(key -> xml.append("<Contents><Key>").append(key).append("</Key></Contents>"));
        if (more) {
            xml.append("<NextContinuationToken>").append(page.getLast()).append("</NextContinuationToken>");
        }
        return Answer.xml(200, xml.append("</ListBucketResult>").toString());
    }

    private static Version found(Bucket bucket, String key) throws Refused {
        Version version = bucket.current(key);
        if (version == null) {
            throw new Refused(404, "NoSuchKey");
        }
        return version;
    }

    private static Answer retention(Version version) throws Refused {
        if (version.until == null) {
            throw new Refused(404, "NoSuchObjectLockConfiguration");
        }
        return Answer.xml(
                200,
                "<Retention><Mode>" + version.mode + "</Mode><RetainUntilDate>" + version.until
                        + "</RetainUntilDate></Retention>");
    }

    /// Without a version's id the object is hidden; ids are places in the list of versions.
    private Answer delete(Bucket bucket, String key, Map<String, String> query) throws Refused {
        String id = query.get("versionId");
        if (id == null) {
            bucket.add(key, new Version(null));
            return new Answer(204, new byte[0]);
        }
        List<Version> versions = bucket.objects.getOrDefault(key, List.of());
        Version version = versions.get(Integer.parseInt(id));
        Instant until = version.until;
        if (version.held || (until != null && until.isAfter(clock.instant()))) {
            throw new Refused(403, "AccessDenied");
        }
        versions.remove(version);
        return new Answer(204, new byte[0]);
    }

    private Answer put(HttpExchange exchange, Bucket bucket, String key, Map<String, String> query, byte[] body)
            throws Refused {
        if (query.containsKey("retention")) {
            String text = new String(body, StandardCharsets.UTF_8);
            return lock(bucket, found(bucket, key), value(MODE, text), value(UNTIL, text));
        }
        if (query.containsKey("legal-hold")) {
            if (!bucket.lockable) {
                throw new Refused(400, "InvalidRequest");
            }
            found(bucket, key).held =
                    value(STATUS, new String(body, StandardCharsets.UTF_8)).equals("ON");
            return Answer.DONE;
        }
        if (header(exchange, "If-None-Match").equals("*") && bucket.current(key) != null) {
            throw new Refused(412, "PreconditionFailed");
        }
        Version version = new Version(body);
        String mode = header(exchange, "X-Amz-Object-Lock-Mode");
        if (!mode.isEmpty()) {
            var _ = lock(bucket, version, mode, header(exchange, "X-Amz-Object-Lock-Retain-Until-Date"));
        }
        version.held = header(exchange, "X-Amz-Object-Lock-Legal-Hold").equals("ON");
        bucket.add(key, version);
        return Answer.DONE;
    }

    private static String value(Pattern pattern, String text) throws Refused {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new Refused(400, "MalformedXML");
        }
        return matcher.group(1);
    }

    private Answer lock(Bucket bucket, Version version, String mode, String date) throws Refused {
        Instant until = Instant.parse(date);
        if (!bucket.lockable || !until.isAfter(clock.instant())) {
            throw new Refused(400, "InvalidRequest");
        }
        Instant before = version.until;
        boolean shorter = before != null
                && "COMPLIANCE".equals(version.mode)
                && (until.isBefore(before) || !mode.equals("COMPLIANCE"));
        if (shorter) {
            throw new Refused(403, "AccessDenied");
        }
        version.mode = mode;
        version.until = until;
        return Answer.DONE;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
