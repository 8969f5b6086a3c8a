package dev.postern.sts.admin;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.document.Documents;
import dev.postern.sts.sealing.RegistryIndex;
import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealedColumn;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;

/// Lets a caller repeat a POST without doing it twice: `Idempotency-Key`.
///
/// Guarantee: for 24 hours the same caller, address, key and body give the first status and version again, and the
/// first body unless it was longer than 64 KiB (then `{}`: it is read at the address of what was made), on every
/// replica; with another body they are refused; while the first is still at work, repeats are told to wait. A request
/// that failed frees its key. Without the header nothing is remembered. Non-guarantee: a process that dies at work
/// leaves its key taken for a minute, and whether its change happened is for the caller to look up.
final class Idempotency {

    private static final Duration KEPT = Duration.ofHours(24);
    private static final Duration AT_WORK = Duration.ofMinutes(1);
    private static final int MAX_STORED = 65_536;
    private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");

    private static final Problem AT_WORK_ALREADY = new Problem(
            409, "in-progress", "A request with this Idempotency-Key is being worked on: repeat it shortly.");
    private static final Problem OTHER_BODY = new Problem(
            422, "idempotency-key-reused", "This Idempotency-Key was used for another request: choose a new one.");

    private record Stored(
            String request,
            @Nullable Integer status,
            @Nullable String answer,
            @Nullable Long version) {}

    private final JdbcClient jdbc;
    private final RegistrySeal seal;
    private final RegistryIndex digests;
    private final Clock clock;

    Idempotency(JdbcClient jdbc, RegistrySeal seal, Clock clock) {
        this.jdbc = jdbc;
        this.seal = seal;
        this.digests = seal.index(SealedColumn.IDEMPOTENT_ANSWER);
        this.clock = clock;
    }

    /// The answer of `work`, or of the request that this one repeats.
    Answer once(HttpServletRequest request, AdminCaller caller, String body, Supplier<Answer> work) {
        Optional<String> key = key(request);
        if (key.isEmpty()) {
            return work.get();
        }
        String digest = digest(caller.actor(), request.getRequestURI(), key.get());
        String sent = digest(request.getMethod(), request.getRequestURI(), body);
        if (!claim(digest, sent)) {
            return repeated(digest, sent);
        }
        try {
            Answer answer = work.get();
            store(digest, answer);
            return answer;
        } catch (RuntimeException e) {
            free(digest);
            throw e;
        }
    }

    private static Optional<String> key(HttpServletRequest request) {
        List<String> keys = Collections.list(request.getHeaders("Idempotency-Key"));
        if (keys.size() > 1 || !keys.stream().allMatch(KEY.asMatchPredicate())) {
            throw new ProblemException(
                    Problem.MALFORMED,
                    List.of(new InvalidMember("", "Idempotency-Key is one text of 1 to 128 printable characters.")));
        }
        return keys.stream().findFirst();
    }

    private boolean claim(String digest, String sent) {
        OffsetDateTime now = at(clock.instant());
        jdbc.sql("delete from idempotency where expires_at <= ?").param(now).update();
        try {
            jdbc.sql("insert into idempotency (digest, request, expires_at) values (?, ?, ?)")
                    .param(digest)
                    .param(sent)
                    .param(at(clock.instant().plus(AT_WORK)))
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    private Answer repeated(String digest, String sent) {
        Stored stored = jdbc.sql("select request, status, answer, version from idempotency where digest = ?")
                .param(digest)
                .query((row, _) -> new Stored(
                        row.getString("request"),
                        row.getObject("status", Integer.class),
                        row.getString("answer"),
                        row.getObject("version", Long.class)))
                .optional()
                .orElseThrow(() -> new ProblemException(AT_WORK_ALREADY, Map.of("Retry-After", "1")));
        if (!stored.request().equals(sent)) {
            throw new ProblemException(OTHER_BODY);
        }
        if (stored.status() == null || stored.answer() == null) {
            throw new ProblemException(AT_WORK_ALREADY, Map.of("Retry-After", "1"));
        }
        Map<String, Object> body = Documents.JSON.readValue(
                seal.open(SealedColumn.IDEMPOTENT_ANSWER, digest, stored.answer()),
                new TypeReference<Map<String, Object>>() {});
        Long version = stored.version();
        return new Answer(stored.status(), body, version == null ? OptionalLong.empty() : OptionalLong.of(version));
    }

    private void store(String digest, Answer answer) {
        String body = Documents.JSON.writeValueAsString(answer.body());
        jdbc.sql("update idempotency set status = ?, answer = ?, version = ?, expires_at = ? where digest = ?")
                .param(answer.status())
                // What a repeat of a huge answer would need is read again by its own address.
                .param(seal.seal(SealedColumn.IDEMPOTENT_ANSWER, digest, body.length() <= MAX_STORED ? body : "{}"))
                .param(answer.version().isPresent() ? answer.version().getAsLong() : null)
                .param(at(clock.instant().plus(KEPT)))
                .param(digest)
                .update();
    }

    private void free(String digest) {
        jdbc.sql("delete from idempotency where digest = ?").param(digest).update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /// Keyed: what was sent cannot be guessed from what is stored.
    private String digest(String... parts) {
        StringBuilder joined = new StringBuilder();
        for (String part : parts) {
            joined.append(part.length()).append(':').append(part);
        }
        return digests.of(joined.toString());
    }
}
