package dev.postern.rotation.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random lives of many keys of all classes, with a clock that also jumps: what must hold after every single step.
final class RandomLivesTest {
    private static final int STEPS = 4_000;
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private final Map<String, KeyState> ended = new HashMap<>();
    private KeyRing ring = KeyRing.EMPTY;
    private Instant now = START;
    private final List<KeyClass> classes = List.of(KeyClass.values());
    private int count;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void invariantsHoldWhateverHappens(long seed) {
        Random random = new Random(seed);
        Attendance attendance = new Attendance(START);
        List<Holder> holders = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            holders.add(new Holder(URI.create("spiffe://postern.local/service/s-" + i % 3), "i-" + i));
        }
        Schedule schedule = new Schedule(Map.of(), List.of(Blackout.parse("SAT-SUN 00:00-06:00")));
        for (int step = 0; step < STEPS; step++) {
            KeyRing before = ring;
            Holder holder = holders.get(random.nextInt(holders.size()));
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> prepare(holder, random);
                case 3, 4, 5 -> attendance.heard(holder, ring.version() - random.nextInt(2), now);
                case 6 -> now = now.plus(Duration.ofMinutes(random.nextInt(3_000)));
                case 7 -> {
                    // A clock that was set back.
                    now = now.minusSeconds(random.nextInt(7_200));
                    attendance.forgive(now);
                }
                case 8 -> compromise(schedule, random);
                case 9 -> ring = ring.forgetting(key -> schedule.remembered(key, now));
                default -> now = now.plusMillis(random.nextInt(20_000));
            }
            Schedule.Wishes wishes = new Schedule.Wishes(wanted(random), random.nextInt(10) == 0);
            List<Move> due = schedule.due(ring, attendance, wishes, now);
            if (!due.isEmpty()) {
                ring = ring.after(due);
            }
            check(before);
        }
        assertThat(count).as("something happened").isPositive();
        assertThat(ended).as("keys ended").isNotEmpty();
    }

    private void prepare(Holder holder, Random random) {
        KeyClass keyClass = classes.get(random.nextInt(classes.size()));
        long there = ring.of(new Slot(holder, keyClass)).stream()
                .filter(key -> key.state().usable())
                .count();
        if (there < 4) {
            ring = ring.withNew(new ManagedKey(
                    keyClass,
                    "key-" + count++,
                    holder.id(),
                    holder.instance(),
                    Map.of(),
                    new KeyState.Prepared(now, ring.nextVersion())));
        }
    }

    private void compromise(Schedule schedule, Random random) {
        List<ManagedKey> candidates = ring.keys().values().stream()
                .filter(key -> !(key.state() instanceof KeyState.Compromised))
                .filter(_ -> random.nextInt(8) == 0)
                .toList();
        if (!candidates.isEmpty()) {
            ring = ring.after(schedule.compromise(ring, candidates, now));
            for (ManagedKey key : candidates) {
                assertThat(ring.find(key.kid()).orElseThrow().state()).isInstanceOf(KeyState.Compromised.class);
            }
        }
    }

    private Set<String> wanted(Random random) {
        Set<String> wanted = new HashSet<>();
        ring.keys().keySet().forEach(kid -> {
            if (random.nextInt(50) == 0) {
                wanted.add(kid);
            }
        });
        return wanted;
    }

    private void check(KeyRing before) {
        Map<Slot, Integer> active = new HashMap<>();
        for (ManagedKey key : ring.keys().values()) {
            if (key.state() instanceof KeyState.Active) {
                assertThat(active.merge(key.slot(), 1, Integer::sum))
                        .as("active keys of %s", key.slot())
                        .isEqualTo(1);
            }
            KeyState last = ended.get(key.kid());
            if (last != null) {
                assertThat(key.state().usable()).as("%s came back", key.kid()).isFalse();
                if (last instanceof KeyState.Compromised) {
                    assertThat(key.state()).isEqualTo(last);
                }
            }
            if (!key.state().usable()) {
                ended.put(key.kid(), key.state());
            }
        }
        assertThat(ring.usable()).noneMatch(key -> key.state() instanceof KeyState.Compromised);
        assertThat(ring.listed()).noneMatch(key -> key.state() instanceof KeyState.Destroyed);
        assertThat(ring.version()).isGreaterThanOrEqualTo(before.version());
        if (!ring.listed().equals(before.listed()) && !Set.copyOf(ring.listed()).equals(Set.copyOf(before.listed()))) {
            boolean forgotten = before.listed().size() > ring.listed().size();
            assertThat(ring.version() > before.version() || forgotten)
                    .as("a new version for what is said anew")
                    .isTrue();
        }
    }
}
