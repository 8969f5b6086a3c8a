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
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.simple.JdbcClient;

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
                    String row = column == SealedColumn.POLICY_DOCUMENT || column == SealedColumn.POLICY_AUTHOR
                            ? "7"
                            : "row";
                    assertThat(seal.open(column, row, stored(jdbc, column, row)))
                            .contains(CANARY);
                }
            }
            assertThat(jdbc.sql("select count(*) from revocation where actor_index in (:actor)")
                            .param(
                                    "actor",
                                    seal.index(SealedColumn.REVOCATION_ACTOR).candidates(CANARY + " actor"))
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);
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
        assertThatExceptionOfType(TransientDataAccessResourceException.class)
                .isThrownBy(() -> seal.seal(SealedColumn.CLIENT_SECRET_HASH, "demo", "hash"));
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

    private static String stored(JdbcClient jdbc, SealedColumn column, String row) {
        return jdbc.sql("select %s from %s where cast(%s as varchar(128)) = ?"
                        .formatted(column.column(), column.table(), column.key()))
                .param(row)
                .query(String.class)
                .single();
    }

    private void writeInTheClear(JdbcClient jdbc) {
        OffsetDateTime later = clock.instant().plus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC);
        jdbc.sql("delete from scope").update();
        jdbc.sql("insert into scope (name, description, built_in, version) values ('row', ?, false, 1)")
                .param(CANARY + " scope")
                .update();
        // No client has three kinds of credentials: the rule is set aside for this test.
        jdbc.sql("alter table client drop constraint client_keys").update();
        jdbc.sql("""
                insert into client (client_id, tenant, auth_method, jwks, certificate, secret_hash, policy, updated_at)
                values ('row', 't', 'private_key_jwt', ?, ?, ?, ?, ?)
                """)
                .param(CANARY + " jwks")
                .param(CANARY + " certificate")
                .param(CANARY + " hash")
                .param(CANARY + " policy")
                .param(later)
                .update();
        jdbc.sql("""
                insert into policy_version (epoch, minimum_epoch, document, author, published_at)
                values (7, 1, ?, ?, ?)
                """)
                .param(CANARY + " document")
                .param(CANARY + " author")
                .param(later)
                .update();
        jdbc.sql("""
                insert into foreign_issuer (name, issuer, document, version, updated_at)
                values ('row', 'https://idp', ?, 1, ?)
                """).param(CANARY + " issuer").param(later).update();
        jdbc.sql("""
                insert into revocation (id, kind, target, revoked_at, forget_at, reason, actor)
                values ('row', 'subject', ?, ?, ?, 'leaver', ?)
                """)
                .param(CANARY + " target")
                .param(later)
                .param(later)
                .param(CANARY + " actor")
                .update();
        jdbc.sql("""
                insert into approval (id, kind, resource_id, expected, document, client, subject, state, requested_at,
                  expires_at, decided_by) values ('row', 'k', 'r', 0, ?, 'c', ?, 'approved', ?, ?, ?)
                """)
                .param(CANARY + " document")
                .param(CANARY + " subject")
                .param(later)
                .param(later)
                .param(CANARY + " decider")
                .update();
        jdbc.sql("insert into idempotency (digest, request, status, answer, version, expires_at)"
                        + " values ('row', 'r', 201, ?, 1, ?)")
                .param(CANARY + " answer")
                .param(later)
                .update();
    }
}
