package dev.postern.sts.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.postern.chassis.keys.GenerationKeys;
import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.KeyUse;
import dev.postern.sts.TestDatabase;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// What is stored is sealed, whatever was stored before; and the keys change under it.
final class SealingTest {
    private static final String CANARY = "canary.of.somebody@example.com";

    private final MutableClock clock = MutableClock.atNoon();
    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path directory = Path.of("");

    @Test
    void migrateWhenAnOlderVersionWroteInTheClearThenSealedAndGoneFromTheFile() throws IOException {
        Path file = directory.resolve("registry");
        try (HikariDataSource database = file(file)) {
            flyway(database).target("3").load().migrate();
            JdbcClient jdbc = JdbcClient.create(database);
            writeInTheClear(jdbc);
            assertThat(values(jdbc)).hasSize(SealedColumn.values().length).allMatch(value -> value.contains(CANARY));
        }
        assertThat(Files.readString(Path.of(file + ".mv.db"), StandardCharsets.ISO_8859_1))
                .contains(CANARY);

        try (HikariDataSource database = file(file)) {
            Flyway flyway = flyway(database).load();
            new SealingConfiguration().migrationStrategy(database).migrate(flyway);
            JdbcClient jdbc = JdbcClient.create(database);
            RegistrySeal seal = SealingForTests.seal(jdbc);
            for (SealedColumn column : SealedColumn.values()) {
                if (column != SealedColumn.IDEMPOTENT_ANSWER) {
                    assertThat(seal.open(column, row(column), stored(jdbc, column, row(column))))
                            .contains(CANARY);
                }
            }
            assertThat(actorsFound(jdbc, seal)).isEqualTo(1);
            // While the database is open, too.
            assertThat(Files.readString(Path.of(file + ".mv.db"), StandardCharsets.ISO_8859_1))
                    .doesNotContain(CANARY);
            // A second start changes nothing.
            new SealingConfiguration().migrationStrategy(database).migrate(flyway);
            assertThat(seal.open(
                            SealedColumn.APPROVAL_DOCUMENT, "row", stored(jdbc, SealedColumn.APPROVAL_DOCUMENT, "row")))
                    .contains(CANARY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"6", "7"})
    void startWhenTheLastOneDiedAfterSealingAndBeforeTheFormerPagesWentThenTheyGoNow(String reached)
            throws IOException {
        Path file = directory.resolve("registry");
        try (HikariDataSource database = file(file)) {
            flyway(database).target("3").load().migrate();
            writeInTheClear(JdbcClient.create(database));
        }
        Path crashed = directory.resolve("crashed");
        try (HikariDataSource database = file(file)) {
            // Flyway alone: nothing is dropped. An earlier version ended at 6 and had forgotten about it then.
            flyway(database).target(reached).load().migrate();
            // As a process leaves it that dies now: one that closes its database tidies up.
            Files.copy(Path.of(file + ".mv.db"), Path.of(crashed + ".mv.db"));
        }
        assertThat(Files.readString(Path.of(crashed + ".mv.db"), StandardCharsets.ISO_8859_1))
                .contains(CANARY);

        try (HikariDataSource database = file(crashed)) {
            Flyway flyway = flyway(database).load();
            new SealingConfiguration().migrationStrategy(database).migrate(flyway);
            assertThat(Files.readString(Path.of(crashed + ".mv.db"), StandardCharsets.ISO_8859_1))
                    .doesNotContain(CANARY);
            JdbcClient jdbc = JdbcClient.create(database);
            assertThat(jdbc.sql("select count(*) from former_pages")
                            .query(Long.class)
                            .single())
                    .as("is done once")
                    .isZero();
            assertThat(SealingForTests.seal(jdbc)
                            .open(
                                    SealedColumn.APPROVAL_DOCUMENT,
                                    "row",
                                    stored(jdbc, SealedColumn.APPROVAL_DOCUMENT, "row")))
                    .contains(CANARY);
        }
    }

    @Test
    void migrateWhenAnOlderReplicaWroteOnAfterTheSealingThenSealedAsWell() {
        DataSource source = TestDatabase.emptyPostgres();
        TestDatabase.flyway(source, "postgresql").target("6").load().migrate();
        JdbcClient jdbc = JdbcClient.create(source);
        writeInTheClear(jdbc);
        TestDatabase.flyway(source, "postgresql").load().migrate();
        RegistrySeal seal = SealingForTests.seal(jdbc);
        for (SealedColumn column : SealedColumn.values()) {
            if (column != SealedColumn.IDEMPOTENT_ANSWER) {
                assertThat(seal.open(column, row(column), stored(jdbc, column, row(column))))
                        .contains(CANARY);
            }
        }
        assertThat(actorsFound(jdbc, seal)).isEqualTo(1);
    }

    @Test
    void migrateWhenAnOlderReplicaIsAboutToCommitThenItsRowIsWaitedForAndSealed() throws Exception {
        DataSource source = TestDatabase.emptyPostgres();
        TestDatabase.flyway(source, "postgresql").target("6").load().migrate();
        try (Connection older = source.getConnection();
                ExecutorService starting = Executors.newSingleThreadExecutor()) {
            older.setAutoCommit(false);
            JdbcClient.create(new SingleConnectionDataSource(older, true))
                    .sql("insert into scope (name, description, built_in, version) values ('late', ?, false, 1)")
                    .param(CANARY)
                    .update();
            Future<?> migrated = starting.submit(
                    () -> TestDatabase.flyway(source, "postgresql").load().migrate());
            // Whether the lock was asked for before the commit or after it: no plain row is left.
            older.commit();
            migrated.get();
        }
        JdbcClient jdbc = JdbcClient.create(source);
        assertThat(SealingForTests.seal(jdbc)
                        .open(
                                SealedColumn.SCOPE_DESCRIPTION,
                                "late",
                                stored(jdbc, SealedColumn.SCOPE_DESCRIPTION, "late")))
                .isEqualTo(CANARY);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void writeWhenSomebodyWouldStoreAPlainValueThenTheDatabaseRefuses(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        JdbcClient jdbc = database.jdbc();
        writeAllSealed(jdbc, database.seal());
        for (SealedColumn column : SealedColumn.values()) {
            assertThatExceptionOfType(DataIntegrityViolationException.class)
                    .as(column.field())
                    .isThrownBy(() -> jdbc.sql("update %s set %s = ?".formatted(column.table(), column.column()))
                            .param("7")
                            .update());
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void openWhenMovedToAnotherRowOrColumnOrInTheClearThenRefused(TestDatabase.Kind kind) {
        RegistrySeal seal = kind.create().seal();
        String sealed = seal.seal(SealedColumn.CLIENT_SECRET_HASH, "demo", "hash");
        assertThat(seal.open(SealedColumn.CLIENT_SECRET_HASH, "demo", sealed)).isEqualTo("hash");
        assertThatIllegalStateException().isThrownBy(() -> seal.open(SealedColumn.CLIENT_SECRET_HASH, "other", sealed));
        assertThatIllegalStateException().isThrownBy(() -> seal.open(SealedColumn.CLIENT_JWKS, "demo", sealed));
        assertThatIllegalStateException().isThrownBy(() -> seal.open(SealedColumn.CLIENT_JWKS, "demo", "{}"));
        assertThatIllegalStateException().isThrownBy(() -> seal.open(SealedColumn.CLIENT_JWKS, "demo", null));
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void keysWhenOldThenSucceededEverythingSealedAgainAndTheOldDestroyed(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        JdbcClient jdbc = database.jdbc();
        KeyRing ring = RegistryKeys.open(SealingForTests.KEYS, jdbc, random, clock);
        RegistrySeal seal = new RegistrySeal(ring, random);
        // More than a page.
        for (int i = 0; i < 450; i++) {
            String name = "scope:%03d".formatted(i);
            jdbc.sql("insert into scope (name, description, built_in, version) values (?, ?, false, 1)")
                    .param(name)
                    .param(seal.seal(SealedColumn.SCOPE_DESCRIPTION, name, "about " + i))
                    .update();
        }
        try (RegistryKeys keys = new RegistryKeys(ring, seal, jdbc, Duration.ofDays(90), clock)) {
            clock.advance(Duration.ofDays(365 * 50));
            keys.tend();
            assertThat(ring.active(KeyUse.RECORDS)).isEqualTo(2);
            assertThat(values(jdbc))
                    .hasSizeGreaterThan(450)
                    .allMatch(value -> seal.isCurrent(SealedColumn.SCOPE_DESCRIPTION, value));
            // A replica that has not met the new key may still seal under the old one.
            assertThat(ring.generations(KeyUse.RECORDS)).containsExactly(1, 2);
            clock.advance(KeyRing.SEALS_FOR.plusMinutes(29));
            keys.tend();
            assertThat(ring.generations(KeyUse.RECORDS))
                    .as("with time to spare after the last replica that has not met it stops to seal")
                    .containsExactly(1, 2);
            clock.advance(Duration.ofMinutes(2));
            keys.tend();
            assertThat(ring.generations(KeyUse.RECORDS)).containsExactly(2);
        }
        assertThat(seal.open(
                        SealedColumn.SCOPE_DESCRIPTION,
                        "scope:449",
                        stored(jdbc, SealedColumn.SCOPE_DESCRIPTION, "scope:449")))
                .isEqualTo("about 449");
        assertThat(RegistryKeys.open(SealingForTests.KEYS, jdbc, random, clock).generations(KeyUse.RECORDS))
                .containsExactly(2);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void keysWhenTheDirectoryCallsOneCompromisedThenAllIsSealedAnewAndItIsGone(TestDatabase.Kind kind) {
        JdbcClient jdbc = kind.create().jdbc();
        KeyRing ring = RegistryKeys.open(SealingForTests.KEYS, jdbc, random, clock);
        // Another replica, which hears of it later.
        KeyRing other = RegistryKeys.open(SealingForTests.KEYS, jdbc, random, clock);
        RegistrySeal seal = new RegistrySeal(ring, random);
        RegistrySeal late = new RegistrySeal(other, random);
        describe(jdbc, seal, "scope:1");
        int before = values(jdbc).size();
        try (RegistryKeys keys = new RegistryKeys(ring, seal, jdbc, Duration.ofDays(90), clock);
                RegistryKeys others = new RegistryKeys(other, late, jdbc, Duration.ofDays(90), clock)) {
            GenerationKeys source = source(keys);
            GenerationKeys same = source(others);
            assertThat(source.next()).isEqualTo(1);
            source.moved(1, Fate.ACTIVE);
            source.moved(2, Fate.PREPARED);
            source.tend();
            assertThat(ring.active(KeyUse.RECORDS))
                    .as("a spare is not there yet")
                    .isEqualTo(1);

            source.moved(2, Fate.ACTIVE);
            source.moved(1, Fate.COMPROMISED);
            source.tend();
            assertThat(values(jdbc)).allMatch(value -> seal.isCurrent(SealedColumn.SCOPE_DESCRIPTION, value));
            describe(jdbc, late, "scope:late");
            assertThat(source.endedWith("registry-records-1")).isEmpty();

            clock.advance(Duration.ofSeconds(10));
            source.tend();
            assertThat(ring.generations(KeyUse.RECORDS)).containsExactly(2);
            assertThat(source.endedWith("registry-records-1")).hasValue(before + 1);

            // The last that the late one sealed before it heard.
            describe(jdbc, late, "scope:last");
            same.moved(1, Fate.COMPROMISED);
            same.moved(2, Fate.ACTIVE);
            same.tend();
            clock.advance(Duration.ofSeconds(10));
            same.tend();
            assertThat(other.generations(KeyUse.RECORDS)).containsExactly(2);
            assertThat(same.endedWith("registry-records-1")).isPresent();
        }
        RegistrySeal restarted = new RegistrySeal(RegistryKeys.open(SealingForTests.KEYS, jdbc, random, clock), random);
        for (String scope : List.of("scope:1", "scope:late", "scope:last")) {
            assertThat(restarted.open(
                            SealedColumn.SCOPE_DESCRIPTION, scope, stored(jdbc, SealedColumn.SCOPE_DESCRIPTION, scope)))
                    .isEqualTo("about " + scope);
        }
    }

    private GenerationKeys source(RegistryKeys keys) {
        return new GenerationKeys("vault-record", "registry-records", keys, Duration.ofSeconds(10), clock);
    }

    private static void describe(JdbcClient jdbc, RegistrySeal seal, String scope) {
        jdbc.sql("insert into scope (name, description, built_in, version) values (?, ?, false, 1)")
                .param(scope)
                .param(seal.seal(SealedColumn.SCOPE_DESCRIPTION, scope, "about " + scope))
                .update();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void sealWhenTheKeysWereNotLookedAtForTooLongThenTheRegistryIsAway(TestDatabase.Kind kind) {
        KeyRing ring = RegistryKeys.open(SealingForTests.KEYS, kind.create().jdbc(), random, clock);
        RegistrySeal seal = new RegistrySeal(ring, random);
        String sealed = seal.seal(SealedColumn.CLIENT_SECRET_HASH, "demo", "hash");
        clock.advance(KeyRing.SEALS_FOR.plusMillis(1));
        assertThatExceptionOfType(SealingUnavailable.class)
                .isThrownBy(() -> seal.seal(SealedColumn.CLIENT_SECRET_HASH, "demo", "hash"));
        assertThatExceptionOfType(SealingUnavailable.class)
                .isThrownBy(() -> seal.index(SealedColumn.REVOCATION_ACTOR).of("somebody"));
        assertThat(seal.open(SealedColumn.CLIENT_SECRET_HASH, "demo", sealed)).isEqualTo("hash");
        ring.refresh();
        assertThat(seal.seal(SealedColumn.CLIENT_SECRET_HASH, "demo", "hash")).isNotEqualTo(sealed);
    }

    @Test
    void openWhenAnEarlierVersionMadeAKeyForBackupsThenItIsGone() {
        try (HikariDataSource database = file(directory.resolve("registry"))) {
            flyway(database).target("5").load().migrate();
            JdbcClient jdbc = JdbcClient.create(database);
            jdbc.sql("insert into data_key (key_use, generation, made_at, wrapped)"
                            + " select 3, generation, made_at, wrapped from data_key where key_use = 1")
                    .update();
            assertThatIllegalStateException().isThrownBy(() -> SealingForTests.seal(jdbc));
            flyway(database).load().migrate();
            assertThat(SealingForTests.seal(jdbc)).isNotNull();
        }
    }

    @Test
    void propertiesWhenTheKeyWouldChangeTooOftenThenRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SealingProperties(Duration.ofMinutes(1)))
                .withMessage("postern.sts.sealing.rotate-after is at least two hours");
    }

    private static HikariDataSource file(Path file) {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl("jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
        source.setUsername("postern");
        source.setPassword("");
        return source;
    }

    private static org.flywaydb.core.api.configuration.FluentConfiguration flyway(HikariDataSource source) {
        return TestDatabase.flyway(source, "h2");
    }

    /// Every sealed value of the database.
    private static List<String> values(JdbcClient jdbc) {
        List<String> values = new ArrayList<>();
        for (SealedColumn column : SealedColumn.values()) {
            values.addAll(jdbc.sql("select %s from %s where %s is not null"
                            .formatted(column.column(), column.table(), column.column()))
                    .query(String.class)
                    .list());
        }
        return values;
    }

    /// The row of that column in [#writeInTheClear].
    private static String row(SealedColumn column) {
        return column == SealedColumn.POLICY_DOCUMENT || column == SealedColumn.POLICY_AUTHOR ? "7" : "row";
    }

    private static long actorsFound(JdbcClient jdbc, RegistrySeal seal) {
        return jdbc.sql("select count(*) from revocation where actor_index in (:actor)")
                .param("actor", seal.index(SealedColumn.REVOCATION_ACTOR).candidates(CANARY + " actor"))
                .query(Long.class)
                .single();
    }

    private static String stored(JdbcClient jdbc, SealedColumn column, String row) {
        return jdbc.sql("select %s from %s where cast(%s as varchar(128)) = ?"
                        .formatted(column.column(), column.table(), column.key()))
                .param(row)
                .query(String.class)
                .single();
    }

    private void writeInTheClear(JdbcClient jdbc) {
        write(jdbc, (_, text) -> text);
    }

    private void writeAllSealed(JdbcClient jdbc, RegistrySeal seal) {
        write(jdbc, (column, text) -> seal.seal(column, row(column), text));
    }

    private void write(JdbcClient jdbc, BiFunction<SealedColumn, String, String> form) {
        OffsetDateTime later = clock.instant().plus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC);
        jdbc.sql("delete from scope").update();
        jdbc.sql("insert into scope (name, description, built_in, version) values ('row', ?, false, 1)")
                .param(form.apply(SealedColumn.SCOPE_DESCRIPTION, CANARY + " scope"))
                .update();
        // No client has three kinds of credentials: the rule is set aside for this test.
        jdbc.sql("alter table client drop constraint client_keys").update();
        jdbc.sql("""
                insert into client (client_id, tenant, auth_method, jwks, certificate, secret_hash, policy, updated_at)
                values ('row', 't', 'private_key_jwt', ?, ?, ?, ?, ?)
                """)
                .param(form.apply(SealedColumn.CLIENT_JWKS, CANARY + " jwks"))
                .param(form.apply(SealedColumn.CLIENT_CERTIFICATE, CANARY + " certificate"))
                .param(form.apply(SealedColumn.CLIENT_SECRET_HASH, CANARY + " hash"))
                .param(form.apply(SealedColumn.CLIENT_POLICY, CANARY + " policy"))
                .param(later)
                .update();
        jdbc.sql("""
                insert into policy_version (epoch, minimum_epoch, document, author, published_at)
                values (7, 1, ?, ?, ?)
                """)
                .param(form.apply(SealedColumn.POLICY_DOCUMENT, CANARY + " document"))
                .param(form.apply(SealedColumn.POLICY_AUTHOR, CANARY + " author"))
                .param(later)
                .update();
        jdbc.sql("""
                insert into foreign_issuer (name, issuer, document, version, updated_at)
                values ('row', 'https://idp', ?, 1, ?)
                """)
                .param(form.apply(SealedColumn.ISSUER_DOCUMENT, CANARY + " issuer"))
                .param(later)
                .update();
        jdbc.sql("""
                insert into revocation (id, kind, target, revoked_at, forget_at, reason, actor)
                values ('row', 'subject', ?, ?, ?, 'leaver', ?)
                """)
                .param(form.apply(SealedColumn.REVOCATION_TARGET, CANARY + " target"))
                .param(later)
                .param(later)
                .param(form.apply(SealedColumn.REVOCATION_ACTOR, CANARY + " actor"))
                .update();
        jdbc.sql("""
                insert into approval (id, kind, resource_id, expected, document, client, subject, state, requested_at,
                  expires_at, decided_by) values ('row', 'k', 'r', 0, ?, 'c', ?, 'approved', ?, ?, ?)
                """)
                .param(form.apply(SealedColumn.APPROVAL_DOCUMENT, CANARY + " document"))
                .param(form.apply(SealedColumn.APPROVAL_SUBJECT, CANARY + " subject"))
                .param(later)
                .param(later)
                .param(form.apply(SealedColumn.APPROVAL_DECIDER, CANARY + " decider"))
                .update();
        jdbc.sql("insert into idempotency (digest, request, status, answer, version, expires_at)"
                        + " values ('row', 'r', 201, ?, 1, ?)")
                .param(form.apply(SealedColumn.IDEMPOTENT_ANSWER, CANARY + " answer"))
                .param(later)
                .update();
    }
}
